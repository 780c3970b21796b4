"""Finds what a silver table has to apply: new files of its epoch, a new epoch, truncations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from lakewright.bronze import BronzeTable, list_epochs
from lakewright.checkpoint import Checkpoint, FileSet

FOLDER_FORMAT = "%Y/%m/%d"


@dataclass(frozen=True)
class Work:
    """What is to be applied, and the checkpoint that holds once it is."""

    checkpoint: Checkpoint
    files: Sequence[str]
    """Paths of the epoch's new files."""
    ignored: Sequence[str] = field(default_factory=list)
    """Paths of new change files of an older epoch."""
    replaces: bool = False
    """A new epoch: its load and changes replace the table."""


def find_work(
    bronze: BronzeTable, checkpoint: Checkpoint, listing_days: int, relist: bool = False
) -> Work | None:
    """New work, possibly none; None where no epoch of the table is completely loaded yet.

    Lists the date folders of the last `listing_days` before the newest one consumed; with `relist`
    all of them.
    """
    epochs = list_epochs(bronze.storage, bronze.root)
    current = _current_epoch(bronze, epochs, checkpoint)
    if current is None:
        return None
    replaces = current != checkpoint.epoch
    known = FileSet() if replaces else checkpoint.files
    since = "" if replaces or relist else _window_start(known, listing_days)
    files, paths = _consume(bronze, current, known, since)
    ignored = dict(checkpoint.ignored)
    ignored_paths: list[str] = []
    older = [epoch for epoch in epochs if _number(epoch) < _number(current)][-1:]
    for epoch in older:
        seen = checkpoint.files if epoch == checkpoint.epoch else ignored.get(epoch, FileSet())
        window = _window_start(seen, listing_days)
        late, ignored_paths = _consume(bronze, epoch, seen, window, changes_only=True)
        ignored[epoch] = late.close(_window_start(late, listing_days))
    after = Checkpoint(
        epoch=current,
        files=files.close(_window_start(files, listing_days)),
        ignored={epoch: ignored[epoch] for epoch in older},
        truncated_at=None if replaces else checkpoint.truncated_at,
        newest_committed_at=checkpoint.newest_committed_at,
    )
    return Work(after, paths, ignored_paths, replaces)


def _current_epoch(
    bronze: BronzeTable, epochs: Sequence[str], checkpoint: Checkpoint
) -> str | None:
    """The newest epoch whose load is complete; looks no further back than the checkpoint's."""
    for epoch in reversed(epochs):
        if epoch == checkpoint.epoch or bronze.is_loaded(epoch):
            return epoch
    return checkpoint.epoch


def _consume(
    bronze: BronzeTable, epoch: str, known: FileSet, since: str, changes_only: bool = False
) -> tuple[FileSet, list[str]]:
    paths: list[str] = []
    found: Mapping[str, list[str]] = bronze.files(epoch, since)
    for folder, names in sorted(found.items()):
        if changes_only and not folder:
            continue
        unseen = known.unseen(folder, names)
        if unseen:
            base = f"{bronze.folder(epoch)}/{folder}" if folder else bronze.folder(epoch)
            paths += [f"{base}/{name}" for name in unseen]
            known = known.add(folder, unseen)
    return known, paths


def _window_start(files: FileSet, days: int) -> str:
    """First date folder to list; a folder dated in the future doesn't move the window there."""
    newest = files.newest_folder()
    if not newest:
        return ""
    tomorrow = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=1)
    try:
        day = min(datetime.strptime(newest, FOLDER_FORMAT), tomorrow)
    except ValueError:
        return ""
    return (day - timedelta(days=days - 1)).strftime(FOLDER_FORMAT)


def _number(epoch: str) -> int:
    return int(epoch[1:])

"""Finds what a silver table has to apply: new files of its epoch, a new epoch, truncations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from lakewright.bronze import BronzeTable, list_epochs
from lakewright.checkpoint import Checkpoint
from lakewright.dropped_files import DroppedFile
from lakewright.file_set import FileSet

FOLDER_FORMAT = "%Y/%m/%d"
FindDropped = Callable[[FileSet], tuple[FileSet, Sequence[DroppedFile]]]
NewestTruncation = Callable[[str], str | None]
"""Gives the order of the table's newest truncation in an epoch."""


@dataclass(frozen=True)
class Work:
    """What is to be applied, and the checkpoint that holds once it is."""

    checkpoint: Checkpoint
    files: Sequence[str]
    """Paths of the epoch's new files."""
    ignored: Sequence[str] = field(default_factory=list)
    """Paths of new change files of an older epoch."""
    skipped: Sequence[str] = field(default_factory=list)
    """Paths of files that are left out, for what they brought was taken back."""
    replaces: bool = False
    """A new epoch: its load and changes, and all dropped files, replace the table."""
    dropped: Sequence[DroppedFile] = field(default_factory=list)
    """Files that were dropped for the table: new ones, or all of them."""
    truncates: bool = False
    """A truncation is new: the database's older rows go, and all dropped files are read again,
    for a file may have rows of keys that the database had."""

    @property
    def rewrites(self) -> bool:
        """Whether the table is written anew."""
        return self.replaces or self.truncates


def find_work(
    bronze: BronzeTable,
    checkpoint: Checkpoint,
    definition: str,
    listing_days: int,
    relist: bool = False,
    find_dropped: FindDropped = lambda known: (known, []),
    newest_truncation: NewestTruncation = lambda epoch: None,
) -> Work | None:
    """New work, possibly none; None where no epoch of the table is completely loaded yet.

    Lists the date folders of the last `listing_days` before the newest one consumed; with `relist`
    all of them. Where the table's definition has changed, everything of the epoch is new.
    `find_dropped` gives the dropped files that are not in a set, and the set with them.
    """
    current = _current_epoch(bronze, list_epochs(bronze.storage, bronze.root), checkpoint)
    if current is None:
        return None
    replaces = (current, definition) != (checkpoint.epoch, checkpoint.definition)
    known = FileSet() if replaces else checkpoint.files
    since = "" if replaces or relist else _window_start(known, listing_days)
    files, found = _consume(bronze, current, known, since)
    skipped = _among(checkpoint.skipped.files_of(current), bronze.folder(current), found)
    paths = [path for path in found if path not in skipped]
    window = _window_start(files, listing_days)
    applied = None if replaces else checkpoint.truncated_at
    truncated_at = newest_truncation(current)
    truncates = (truncated_at or "") > (applied or "")
    dropped, dropped_files = find_dropped(
        FileSet() if replaces or truncates else checkpoint.dropped
    )
    ignored, ignored_paths = _late(bronze, _left(checkpoint, current), window, listing_days)
    after = Checkpoint(
        epoch=current,
        files=files.close(window),
        ignored=ignored,
        dropped=dropped.close(_window_start(dropped, listing_days)),
        truncated_at=truncated_at,
        newest_committed_at=checkpoint.newest_committed_at,
        definition=definition,
        skipped=checkpoint.skipped,
        types={} if replaces else checkpoint.types,
    )
    return Work(after, paths, ignored_paths, sorted(skipped), replaces, dropped_files, truncates)


def _among(files: FileSet, root: str, paths: Sequence[str]) -> set[str]:
    """Those of the paths below the root that are in the set."""
    places = ((path, path[len(root) + 1 :].rpartition("/")) for path in paths)
    return {path for path, (folder, _, name) in places if files.has(folder, name)}


def _left(checkpoint: Checkpoint, current: str) -> dict[str, FileSet]:
    """Files consumed or ignored of the epochs that the table has left."""
    left = dict(checkpoint.ignored)
    if checkpoint.epoch not in (None, current):
        left[str(checkpoint.epoch)] = checkpoint.files
    return left


def _late(
    bronze: BronzeTable, left: Mapping[str, FileSet], window: str, listing_days: int
) -> tuple[dict[str, FileSet], list[str]]:
    """Change files that came to an epoch after the table left it, and what is known of it then.

    An epoch is looked at until the current one's changes are `listing_days` past its own.
    """
    ignored: dict[str, FileSet] = {}
    paths: list[str] = []
    for epoch, seen in left.items():
        since = _window_start(seen, listing_days)
        files, late = _consume(bronze, epoch, seen, since, changes_only=True)
        paths += late
        if files.newest_folder() >= window:
            ignored[epoch] = files.close(_window_start(files, listing_days))
    return ignored, paths


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

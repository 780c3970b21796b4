"""What `resume --from now` leaves out for good: changes that were taken back and stay so.

The files are kept by name, so that they are left out again whenever the table is built anew. Those
of a reload are not: the table is then that load or nothing.
"""

from __future__ import annotations

from dataclasses import replace

from lakewright.bronze import BronzeTable
from lakewright.checkpoint import Checkpoint, Skipped
from lakewright.context import LakeContext
from lakewright.dropped_files import find_dropped
from lakewright.file_set import FileSet
from lakewright.manifest import Table


def skipping(
    context: LakeContext, table: Table, back: Checkpoint, newest: Checkpoint
) -> Checkpoint:
    """The checkpoint from which a table goes on that was taken back and leaves out what came since.

    `back`: what its rows were made with; `newest`: what was consumed until it was taken back.
    """
    skipped = newest.skipped
    dropped = skipped.dropped
    if table.files is not None:
        folder = f"{context.locations.files}/{table.files.folder}"
        found = find_dropped(context.storage, folder, FileSet())[0].open
        dropped = dropped.union(newest.dropped.gained(back.dropped, found))
    if newest.epoch is None or newest.epoch != back.epoch:
        return replace(newest, skipped=replace(skipped, dropped=dropped))
    bronze = BronzeTable(
        context.storage, context.locations.bronze, table.source_schema, table.source_table
    )
    files = newest.files.gained(back.files, bronze.files(newest.epoch))
    truncations = [*skipped.truncations]
    if newest.truncated_at and newest.truncated_at != back.truncated_at:
        truncations.append((back.truncated_at or "", newest.truncated_at))
    kept = Skipped(newest.epoch, skipped.files_of(newest.epoch).union(files), dropped, truncations)
    return replace(newest, truncated_at=back.truncated_at, skipped=kept)

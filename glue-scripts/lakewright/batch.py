"""The batch of one application: rows of new bronze files and of new dropped files, as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from lakewright.accounting import OLDER_EPOCH, SKIPPED
from lakewright.bronze import read_rows, source_types
from lakewright.columns import spark_type, to_local
from lakewright.context import LakeContext
from lakewright.csv_rows import DroppedBatch, DroppedRows
from lakewright.decision import candidates
from lakewright.dropped_files import DroppedFile
from lakewright.evolution import as_wide
from lakewright.manifest import Table
from lakewright.reduction import reduce_changes
from lakewright.work import Work

SMALL_BATCH = 20_000
"""Rows up to which a batch is worked on in the driver, where tiny Spark jobs cost most."""
_LINE_BYTES, _PACKED_LINE_BYTES = 100, 10
"""About how long a line of a dropped file is, and of a compressed one."""


@dataclass(frozen=True)
class Batch:
    """New rows of a table. Call `release` when done."""

    candidates: DataFrame
    """As `decision.candidates` gives them."""
    read: int
    """Rows of bronze and lines of files, also those of `ignored` and `rejected`."""
    ignored: Mapping[str, int]
    """Rows of files that are left out, by reason."""
    dropped: DroppedRows | None
    rejected: int
    """Lines of files that are no rows."""
    small: bool
    types: Mapping[str, str]
    """As `Checkpoint.types`, once the batch is applied."""

    def release(self) -> None:
        if self.dropped is not None:
            self.dropped.release()


def read_batch(context: LakeContext, table: Table, work: Work, stored: StructType) -> Batch:
    """The rows of the work. `stored`: the columns of silver."""
    files = context.footers.read(work.files)
    ignored = {
        reason: sum(file.rows for file in context.footers.read(paths))
        for reason, paths in ((OLDER_EPOCH, work.ignored), (SKIPPED, work.skipped))
    }
    rows = sum(file.rows for file in files)
    small = rows + _about_lines(work.dropped) <= SMALL_BATCH and not work.rewrites
    session = context.small if small else context.spark
    columns = as_wide(source_types(table, files), work.checkpoint.types)
    types = _wider_than_declared(table, columns)
    dropped = None
    if work.dropped:
        incoming = DroppedBatch(context.storage, table, work.dropped)
        columns = incoming.columns(columns, stored)
        dropped = incoming.read(session, columns, _keep_local if small else _keep)
    read = read_rows(session, table, files, columns, work.checkpoint.epoch or "")
    if dropped:
        read = read.unionByName(dropped.rows(table.key))
    batch = candidates(table, reduce_changes(read, table.key, small, work.checkpoint.truncated_at))
    return Batch(
        to_local(batch) if small else batch,
        read=rows + sum(ignored.values()) + (dropped.lines if dropped else 0),
        ignored=ignored,
        dropped=dropped,
        rejected=dropped.rejected_lines if dropped else 0,
        small=small,
        types=types,
    )


def _wider_than_declared(table: Table, columns: StructType) -> dict[str, str]:
    found = {column.name: columns[column.name].dataType for column in table.source_columns}
    return {
        column.name: found[column.name].simpleString()
        for column in table.source_columns
        if found[column.name] != spark_type(column.type)
    }


def _about_lines(files: Sequence[DroppedFile]) -> int:
    return sum(
        file.bytes // (_PACKED_LINE_BYTES if file.name.endswith(".gz") else _LINE_BYTES)
        for file in files
    )


def _keep_local(lines: DataFrame) -> tuple[DataFrame, Callable[[], None]]:
    return to_local(lines), lambda: None


def _keep(lines: DataFrame) -> tuple[DataFrame, Callable[[], None]]:
    kept = lines.persist(StorageLevel.MEMORY_AND_DISK)

    def release() -> None:
        kept.unpersist()

    return kept, release

"""The batch of one application: rows of new bronze files and of new dropped files, as one."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from lakewright.bronze import read_rows, source_types
from lakewright.columns import to_local
from lakewright.context import LakeContext
from lakewright.csv_rows import DroppedBatch, DroppedRows
from lakewright.decision import candidates
from lakewright.manifest import Table
from lakewright.reduction import reduce_changes
from lakewright.work import Work

SMALL_BATCH = 20_000
"""Rows up to which a batch is worked on in the driver, where tiny Spark jobs cost most."""


@dataclass(frozen=True)
class Batch:
    """New rows of a table. Call `release` when done."""

    candidates: DataFrame
    """As `decision.candidates` gives them."""
    read: int
    """Rows of bronze and lines of files, also those of `ignored` and `rejected`."""
    ignored: int
    """Rows of an older epoch."""
    dropped: DroppedRows | None
    rejected: int
    """Lines of files that are no rows."""
    small: bool

    def release(self) -> None:
        if self.dropped is not None and not self.small:
            self.dropped.judged.unpersist()


def read_batch(
    context: LakeContext, table: Table, work: Work, stored: StructType, whole: bool
) -> Batch:
    """The rows of the work. `stored`: the columns of silver; `whole`: the table is written anew."""
    files = context.footers.read(work.files)
    ignored = sum(file.rows for file in context.footers.read(work.ignored))
    incoming = DroppedBatch(context.spark, table, work.dropped) if work.dropped else None
    rows = sum(file.rows for file in files) + (incoming.lines if incoming else 0)
    small = rows <= SMALL_BATCH and not whole
    session = context.small if small else context.spark
    columns = source_types(table, files)
    columns = incoming.columns(columns, stored) if incoming else columns
    read = read_rows(session, table, files, columns, work.checkpoint.epoch or "")
    dropped = None
    if incoming and incoming.lines:
        dropped = _kept(incoming.read(session, columns), small)
        read = read.unionByName(dropped.rows(table.key))
    batch = candidates(table, reduce_changes(read, table.key, one_task=small))
    return Batch(
        to_local(batch) if small else batch,
        read=rows + ignored,
        ignored=ignored,
        dropped=dropped,
        rejected=dropped.rejected().count() if dropped else 0,
        small=small,
    )


def _kept(dropped: DroppedRows, small: bool) -> DroppedRows:
    """The lines are read three times: as rows, as rejected lines, and to count these."""
    if small:
        return DroppedRows(to_local(dropped.judged), dropped.files)
    return DroppedRows(dropped.judged.persist(StorageLevel.MEMORY_AND_DISK), dropped.files)

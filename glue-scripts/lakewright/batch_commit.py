"""Writes what was decided about one batch of a silver table.

In this order, each harmless to repeat: rejected lines, change file, companion, silver. The
checkpoint is in silver's own commit, so that a crash anywhere leaves work that a rerun redoes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lakewright import changes
from lakewright.accounting import Tally
from lakewright.columns import empty_frame
from lakewright.context import LakeContext
from lakewright.csv_rows import DroppedRows
from lakewright.decision import Stored, touched
from lakewright.evolution import conform
from lakewright.initialise import CREATED
from lakewright.manifest import Table
from lakewright.rejected import lines_schema
from lakewright.stopwatch import Stopwatch
from lakewright.truncations import after_truncation, not_before


def rows_after(
    table: Table,
    decided: DataFrame,
    columns: StructType,
    stored: DataFrame | None,
    truncated_at: str | None,
) -> DataFrame:
    """All rows that silver has after a batch; `stored`: those before it that may stay."""
    rows = decided.where("row is not null").select("row.*")
    if stored is None:
        return rows
    changed = decided.where(touched()).select("key.*")
    kept = conform(stored, columns).join(changed, table.key, "left_anti")
    return rows.unionByName(after_truncation(table, kept, truncated_at))


@dataclass(frozen=True)
class BatchCommit:
    """One batch on its way into its tables."""

    context: LakeContext
    table: Table
    decided: DataFrame
    metadata: dict[str, Any]
    """Of silver's commit: checkpoint, name of the batch, accounting."""
    watch: Stopwatch

    def keep_rejected(self, dropped: DroppedRows | None, anew: bool) -> None:
        """Writes the lines of files that are no rows; `anew`: all files were read."""
        with self.watch.phase("rejected"):
            table = self.context.rejected(self.table.name)
            metadata = {"batch": self.metadata["batch"]}
            if dropped is None:
                nothing = empty_frame(self.context.spark, lines_schema())
                table.overwrite(nothing, metadata)
            elif anew or table.metadata() == CREATED:
                table.overwrite(dropped.rejected(), metadata)
            else:
                table.apply(dropped.rejected(), None, metadata)

    def merge(self, counts: Tally) -> str:
        """Writes what changes; what has nothing to write is left out. Gives silver's version."""
        decided, batch = self.decided, self.metadata["batch"]
        upserts = decided.where("row is not null").select("row.*") if counts.upserts else None
        before = decided.where(touched() & F.col("old").isNotNull()).select("old.*")
        with self.watch.phase("changes"):
            path = None
            if counts.upserts or counts.old:
                path = changes.write_change_file(
                    before if counts.old else None,
                    upserts,
                    self.context.locations.changes,
                    "silver",
                    self.table.name,
                    batch,
                )
        with self.watch.phase("companion"):
            if counts.memories or counts.forgets:
                memories = decided.where("memory is not null").select("memory.*")
                forgotten = decided.where("forgets").select("key.*")
                self.context.quarantine(self.table.name).apply(
                    memories if counts.memories else None,
                    forgotten if counts.forgets else None,
                    {"batch": batch},
                )
        with self.watch.phase("silver"):
            leaving = decided.where("leaves").select("old.*")
            return self.context.silver(self.table.name).apply(
                upserts,
                leaving if counts.leaves else None,
                {**self.metadata, "full": False, "changes": path},
            )

    def replace(self, columns: StructType, stored: Stored | None, truncated_at: str | None) -> str:
        """Writes the whole table anew: a new epoch, what a truncation left and the batch, or
        wider types, which come with the batch that needs them: held back, it changes nothing.

        `stored`: what was there before and may stay, deletes that are remembered as well. Gives
        silver's version.
        """
        silver = stored.silver if stored else None
        rows = rows_after(self.table, self.decided, columns, silver, truncated_at)
        memories = self.decided.where("memory is not null").select("memory.*")
        if stored is not None:
            changed = self.decided.where(touched()).select("key.*")
            remembered = conform(stored.companion, memories.schema)
            remembered = remembered.join(changed, self.table.key, "left_anti")
            memories = memories.unionByName(not_before(remembered, truncated_at))
        with self.watch.phase("companion"):
            companion = self.context.quarantine(self.table.name)
            companion.overwrite(memories, {"batch": self.metadata["batch"]})
        with self.watch.phase("silver"):
            return self.context.silver(self.table.name).overwrite(
                rows, {**self.metadata, "full": True, "changes": None}
            )

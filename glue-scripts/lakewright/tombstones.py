"""Keys that the database had, remembered while a table with files is written anew.

Where the database stands above the files, no file brings back what the database had and deleted.
The batch of a new epoch says nothing of keys that went before its load, or while nobody looked.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lakewright import bookkeeping, companion
from lakewright.columns import empty_frame, quoted
from lakewright.decision import Stored
from lakewright.evolution import conform
from lakewright.file_order import is_of_file
from lakewright.manifest import Table


def outlives(table: Table) -> bool:
    """Whether what the database deleted must be known beyond an epoch: a file may have the key."""
    return table.files is not None and table.files.precedence == "database"


def before_replacement(
    table: Table, columns: StructType, before: Stored, truncated_at: str | None
) -> Stored:
    """What counts as stored for the batch that replaces a table: no rows, and the deletes.

    `before`: all that is stored.
    """
    nothing = empty_frame(before.silver.sparkSession, columns)
    return Stored(nothing, _tombstones(table, columns, before, truncated_at))


def _tombstones(
    table: Table, columns: StructType, before: Stored, truncated_at: str | None
) -> DataFrame:
    """Each key of the database as deleted, with the order of its newest change; the load that has
    it comes after that."""
    of_database = ~is_of_file(F.col(bookkeeping.ORDER))
    names = [*map(quoted, table.key), bookkeeping.ORDER, bookkeeping.COMMITTED_AT]
    rows = before.silver.where(of_database).select(*names)
    remembered = before.companion.where(of_database).select(*names)
    known = rows.unionByName(remembered.join(rows, table.key, "left_anti"))
    deleted = known.withColumn(companion.STATE, F.lit(companion.DELETED))
    memory = companion.companion_schema(table, columns)
    # What the truncation itself deleted has its order.
    since = F.col(bookkeeping.ORDER) > (truncated_at or "")
    return conform(deleted.where(since), memory)

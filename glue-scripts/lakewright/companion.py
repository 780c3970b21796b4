"""The companion of a silver table: what silver must remember of keys that it does not hold.

A row per key that is quarantined (raw, with the reasons) or deleted (its order alone, so that an
older change that arrives late does not bring the row back). Seldom one is mended: its row is in
silver, and the next change of the key forgets it. Location `quarantine/<table>`.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from lakewright.bookkeeping import COMMITTED_AT, FILE_PLACE, ORDER
from lakewright.manifest import Table

QUARANTINED, DELETED, MENDED = "quarantined", "deleted", "mended"
WITH_ROW = (QUARANTINED, MENDED)
"""States of a key that has a row in the source."""
STATE, REASONS, RAW = "state", "reasons", "raw"


def companion_schema(table: Table, columns: StructType) -> StructType:
    """Columns of the companion of a table whose silver has these columns."""
    key = [columns[name] for name in table.key]
    return StructType(
        [
            *(StructField(field.name, field.dataType) for field in key),
            StructField(STATE, StringType()),
            StructField(REASONS, ArrayType(StringType())),
            StructField(RAW, StringType()),
            StructField(ORDER, StringType()),
            StructField(COMMITTED_AT, TimestampType()),
            *(FILE_PLACE if table.files is not None else []),
        ]
    )


def raw_json(raw: Column) -> Column:
    """The raw row as JSON: nulls shown, microseconds kept."""
    options = {
        "ignoreNullFields": "false",
        "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
    }
    return F.to_json(raw, options)

"""Columns that the pipeline adds to silver tables; never shown to tenants."""

from __future__ import annotations

from pyspark.sql.types import (
    BooleanType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from lakewright.manifest import Table

ORDER = "_lw_order"
"""`<epoch>:<change sequence>` of the newest change applied; sorts as changes do. Of a file's row
see file_order.py. Never null."""
COMMITTED_AT = "_lw_committed_at"
"""When the source committed that change (UTC)."""
DELETED = "_lw_deleted"
"""Only where deletes are soft: whether the source deleted the row."""
FILE, LINE = "_lw_file", "_lw_line"
"""Only where files have rows of the table: the file and line of the row; null for a database's."""
FILE_PLACE = [StructField(FILE, StringType()), StructField(LINE, LongType())]
"""These two, as silver and its companion have them."""
BOOKKEEPING = (ORDER, COMMITTED_AT, DELETED, FILE, LINE)


def with_bookkeeping(columns: StructType, table: Table) -> StructType:
    """The columns of a silver table as it is stored: those its SQL gives and these."""
    added = [StructField(ORDER, StringType()), StructField(COMMITTED_AT, TimestampType())]
    if table.deletes == "soft":
        added.append(StructField(DELETED, BooleanType()))
    if table.files is not None:
        added += FILE_PLACE
    return StructType([*columns.fields, *added])

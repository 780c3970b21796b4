"""Columns that the pipeline adds to silver tables; never shown to tenants."""

from __future__ import annotations

from pyspark.sql.types import BooleanType, StringType, StructField, StructType, TimestampType

from lakewright.manifest import Table

ORDER = "_lw_order"
"""`<epoch>:<change sequence>` of the newest change applied; sorts as changes do. Never null."""
COMMITTED_AT = "_lw_committed_at"
"""When the source committed that change (UTC)."""
DELETED = "_lw_deleted"
"""Only where deletes are soft: whether the source deleted the row."""
BOOKKEEPING = (ORDER, COMMITTED_AT, DELETED)


def with_bookkeeping(columns: StructType, table: Table) -> StructType:
    """The columns of a silver table as it is stored: those its SQL gives and these."""
    added = [StructField(ORDER, StringType()), StructField(COMMITTED_AT, TimestampType())]
    if table.deletes == "soft":
        added.append(StructField(DELETED, BooleanType()))
    return StructType([*columns.fields, *added])

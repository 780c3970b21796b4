"""Columns that the pipeline adds to silver tables; never shown to tenants."""

from __future__ import annotations

ORDER = "_lw_order"
"""`<epoch>:<change sequence>` of the newest change applied; sorts as changes do. Never null."""
COMMITTED_AT = "_lw_committed_at"
"""When the source committed that change (UTC)."""
DELETED = "_lw_deleted"
"""Only where deletes are soft: whether the source deleted the row."""
BOOKKEEPING = (ORDER, COMMITTED_AT, DELETED)

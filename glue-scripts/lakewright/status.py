"""What a lake's tables are and how they stand: without looking at more than their own state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lakewright.context import LakeContext
from lakewright.maintenance import all_tables
from lakewright.ops import Ops
from lakewright.table import LakeTable

PARALLEL = 4
"""Tables looked at at once: it is waiting for files more than computing."""


def describe(context: LakeContext, ops: Ops) -> list[dict[str, Any]]:
    """Every table that exists, with the columns it really has, bookkeeping columns included."""
    tables = {table.name: table for table in context.manifest.tables}
    models = {model.name: model for model in context.manifest.models}

    def described(entry: tuple[str, str, LakeTable]) -> dict[str, Any] | None:
        layer, name, table = entry
        if not table.exists():
            return None
        declared = tables.get(name) if layer in ("silver", "quarantine") else models.get(name)
        partitioned = declared is not None and layer in ("silver", "gold")
        return {
            "layer": layer,
            "name": name,
            "format": declared.format if declared is not None else "delta",
            "location": table.location,
            "partition_by": declared.partition_by if partitioned and declared else [],
            "columns": [
                {"name": field.name, "type": field.dataType.simpleString()}
                for field in table.schema().fields
            ],
        }

    with ThreadPoolExecutor(PARALLEL) as pool:
        found = list(pool.map(described, all_tables(context, ops)))
    return [entry for entry in found if entry is not None]


def history(table: LakeTable) -> list[dict[str, Any]]:
    """The table's commits, newest first, with what they say of themselves."""
    return [
        {
            "version": commit.version,
            "at": commit.at.isoformat(),
            "operation": commit.operation,
            "full": bool(commit.metadata.get("full")),
            "accounting": commit.metadata.get("accounting"),
        }
        for commit in reversed(table.commits() or [])
    ]


def status(context: LakeContext) -> list[dict[str, Any]]:
    """Per silver table: its rows, its quarantine, the newest source change it holds."""
    found: list[dict[str, Any]] = []
    for declared in context.manifest.tables:
        table, companion = context.silver(declared.name), context.quarantine(declared.name)
        if not table.exists() or not companion.exists():
            found.append({"table": declared.name, "version": None})
            continue
        metadata = table.metadata()
        found.append(
            {
                "table": declared.name,
                "silver_rows": table.read().count(),
                "quarantined_rows": companion.read().where("state = 'quarantined'").count(),
                "newest_committed_at": metadata.get("newest_committed_at"),
                "epoch": (metadata.get("checkpoint") or {}).get("epoch"),
                "version": table.version(),
            }
        )
    return found

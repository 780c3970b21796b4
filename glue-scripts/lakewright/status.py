"""What a lake's tables are and how they stand: without looking at more than their own state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lakewright.context import LakeContext
from lakewright.ops import Ops
from lakewright.relations import Relation, all_relations
from lakewright.table import LakeTable

PARALLEL = 4
"""Tables looked at at once: it is waiting for files more than computing."""


def describe(context: LakeContext, ops: Ops) -> list[dict[str, Any]]:
    """Every table that exists, with the columns it really has, bookkeeping columns included."""

    def described(relation: Relation) -> dict[str, Any] | None:
        if not relation.table.exists():
            return None
        return {
            "layer": relation.layer,
            "name": relation.name,
            "format": relation.format,
            "location": relation.table.location,
            "partition_by": relation.declared.partition_by if relation.declared else [],
            "columns": [
                {"name": field.name, "type": field.dataType.simpleString()}
                for field in relation.table.schema().fields
            ],
        }

    with ThreadPoolExecutor(PARALLEL) as pool:
        found = list(pool.map(described, all_relations(context, ops)))
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

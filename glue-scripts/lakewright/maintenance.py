"""Keeps the lake's storage in proportion: history that nobody can ask for any more goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lakewright.changes import remove_old_changes
from lakewright.context import LakeContext
from lakewright.errors import first_line
from lakewright.ops import Ops
from lakewright.storage import Storage
from lakewright.table import LakeTable

OPS_HISTORY_DAYS = 7
"""Days that older versions of bookkeeping tables stay; their rows stay for good."""


def maintain(
    context: LakeContext,
    ops: Ops,
    progress: Callable[[dict[str, Any]], None] = lambda result: None,
) -> list[dict[str, Any]]:
    """Maintains every table that exists and removes change files older than the history.

    A table that fails is reported and the others go on.
    """
    results = []
    storage, history = Storage(context.spark), context.manifest.history_days
    for layer, name, table in all_tables(context, ops):
        if not table.exists():
            continue
        result: dict[str, Any] = {"layer": layer, "table": name, "status": "maintained"}
        try:
            result |= table.maintain(OPS_HISTORY_DAYS if layer == "ops" else history)
            if layer in ("silver", "gold"):
                root = context.locations.changes
                result["change_files_removed"] = remove_old_changes(
                    storage, root, layer, name, history
                )
        except Exception as error:
            result |= {"status": "failed", "error": first_line(error)}
        progress(result)
        results.append(result)
    return results


def all_tables(context: LakeContext, ops: Ops) -> list[tuple[str, str, LakeTable]]:
    """Layer, name and table of everything that the pipeline writes."""
    names = [table.name for table in context.manifest.tables]
    models = [model.name for model in context.manifest.models]
    return [
        *(("silver", name, context.silver(name)) for name in names),
        *(("quarantine", name, context.quarantine(name)) for name in names),
        *(("gold", name, context.gold(name)) for name in models),
        ("ops", "runs", ops.runs()),
        ("ops", "quality", ops.quality()),
    ]

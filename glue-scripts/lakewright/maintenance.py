"""Keeps the lake's storage in proportion: history that nobody can ask for any more goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from lakewright.changes import change_folder, remove_old_changes
from lakewright.context import LakeContext
from lakewright.errors import UserError, explained
from lakewright.ops import Ops
from lakewright.table import LakeTable

OPS_HISTORY_DAYS = 7
"""Days that older versions of bookkeeping tables stay; their rows stay for good."""


@dataclass(frozen=True)
class MaintenanceResult:
    """What maintenance did to one table."""

    layer: str
    table: str
    status: Literal["maintained", "failed"]
    seconds: float
    files_removed: int | None = None
    bytes_removed: int | None = None
    error: str | None = None


def maintain(
    context: LakeContext,
    ops: Ops,
    names: Sequence[str] | None = None,
    progress: Callable[[dict[str, Any]], None] = lambda result: None,
) -> list[dict[str, Any]]:
    """Maintains the tables that exist, one after the other, and removes their old change files.

    `names` are `silver.x` (with its companion), `gold.x`, `ops.x`; default all. A table that fails
    is reported and the others go on. Readers and the writers of other tables may go on meanwhile.
    """
    tables = all_tables(context, ops)
    known = {written_as(layer, name) for layer, name, _ in tables}
    if unknown := sorted(set(names or []) - known):
        raise UserError(
            f"there is no table {', '.join(unknown)}; the lake has {', '.join(sorted(known))}"
        )
    results = []
    for layer, name, table in tables:
        if (names is not None and written_as(layer, name) not in names) or not table.exists():
            continue
        result = asdict(_maintain(context, layer, name, table))
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


def written_as(layer: str, name: str) -> str:
    """The name under which one writer at a time has the table: a companion goes with its silver."""
    return f"silver.{name}" if layer == "quarantine" else f"{layer}.{name}"


def _maintain(context: LakeContext, layer: str, name: str, table: LakeTable) -> MaintenanceResult:
    started = time.monotonic()
    storage = context.storage
    days = OPS_HISTORY_DAYS if layer == "ops" else context.manifest.history_days
    folders = [table.location, change_folder(context.locations.changes, layer, name)]

    def usage() -> tuple[int, int]:
        found = [storage.usage(folder) for folder in folders]
        return sum(files for files, _ in found), sum(size for _, size in found)

    try:
        table.compact()
        files, size = usage()
        table.expire(days)
        remove_old_changes(storage, context.locations.changes, layer, name, days)
        files_left, size_left = usage()
    except Exception as error:
        seconds = round(time.monotonic() - started, 3)
        return MaintenanceResult(layer, name, "failed", seconds, error=explained(error)[0])
    return MaintenanceResult(
        layer,
        name,
        "maintained",
        round(time.monotonic() - started, 3),
        files_removed=max(0, files - files_left),
        bytes_removed=max(0, size - size_left),
    )

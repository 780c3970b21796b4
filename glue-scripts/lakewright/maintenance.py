"""Keeps the lake's storage in proportion: history that nobody can ask for any more goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from lakewright.changes import change_folder, remove_old_changes
from lakewright.context import LakeContext
from lakewright.errors import UserError, explained
from lakewright.ops import Ops
from lakewright.relations import all_relations
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


@dataclass(frozen=True)
class Maintained:
    """What maintenance did, and the names of what it did not come to."""

    tables: list[dict[str, Any]]
    left: list[str]


def maintain(
    context: LakeContext,
    ops: Ops,
    names: Sequence[str] | None = None,
    progress: Callable[[dict[str, Any]], None] = lambda result: None,
    seconds: float | None = None,
) -> Maintained:
    """Maintains the tables that exist, one after the other, and removes their old change files.

    `names` are `silver.x` (with its companion), `gold.x`, `ops.x`; default all. A table that fails
    is reported and the others go on. Readers and the writers of other tables may go on meanwhile.
    After so many seconds no further table begins.
    """
    relations = all_relations(context, ops)
    known = list(dict.fromkeys(relation.writer for relation in relations))
    if unknown := sorted(set(names or []) - set(known)):
        raise UserError(
            f"there is no table {', '.join(unknown)}; the lake has {', '.join(sorted(known))}"
        )
    end = None if seconds is None else time.monotonic() + seconds
    left = [name for name in known if names is None or name in names]
    results: list[dict[str, Any]] = []
    while left and (not results or end is None or time.monotonic() < end):
        writer = left.pop(0)
        for relation in relations:
            if relation.writer == writer and relation.table.exists():
                found = asdict(_maintain(context, relation.layer, relation.name, relation.table))
                progress(found)
                results.append(found)
    return Maintained(results, left)


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
        table.expire(datetime.now(timezone.utc) - timedelta(days=days))
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

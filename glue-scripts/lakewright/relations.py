"""Everything that the pipeline writes, by layer and name."""

from __future__ import annotations

from dataclasses import dataclass

from lakewright.context import LakeContext
from lakewright.manifest import Model, Table, TableFormat
from lakewright.ops import Ops
from lakewright.rejected import lines_of
from lakewright.table import LakeTable


@dataclass(frozen=True)
class Relation:
    """One table of the lake."""

    layer: str
    name: str
    table: LakeTable
    format: TableFormat
    writer: str
    """The name under which one writer at a time has it: what is in quarantine goes with silver."""
    declared: Table | Model | None = None
    """What the manifest says of a table of silver or gold."""


def all_relations(context: LakeContext, ops: Ops) -> list[Relation]:
    """Silver, quarantine, gold and bookkeeping."""
    tables, models = context.manifest.tables, context.manifest.models
    return [
        *(
            Relation("silver", t.name, context.silver(t.name), t.format, f"silver.{t.name}", t)
            for t in tables
        ),
        *(
            Relation("quarantine", t.name, context.quarantine(t.name), t.format, f"silver.{t.name}")
            for t in tables
        ),
        *(
            Relation(
                "quarantine",
                lines_of(t.name),
                context.rejected(t.name),
                "delta",
                f"silver.{t.name}",
            )
            for t in tables
            if t.files is not None
        ),
        *(
            Relation("gold", m.name, context.gold(m.name), m.format, f"gold.{m.name}", m)
            for m in models
        ),
        Relation("ops", "runs", ops.runs(), "delta", "ops.runs"),
        Relation("ops", "quality", ops.quality(), "delta", "ops.quality"),
    ]

"""Keeps a catalog in step with the tables: its partitions and its columns.

Readers of Hudi find a partition by the catalog alone, and Lake Formation knows a column by it. On
AWS the catalog is Glue's; the local one is read from the tables and needs none of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pyspark.sql.types import StructType

from lakewright.context import LakeContext
from lakewright.errors import explained
from lakewright.table import LakeTable

Layer = Literal["silver", "gold"]

COMMITTED = ("applied", "refreshed", "rebuilt")
"""What a silver or gold step says of a table that it committed to."""


class Catalog(Protocol):
    """Where readers look tables up. Both calls may be repeated, and change only what differs."""

    def put_partitions(self, layer: Layer, name: str, location: str, folders: list[str]) -> None:
        """Has exactly these partitions of the table, `day=2026-01-31` below its location."""
        ...

    def put_columns(self, layer: Layer, name: str, columns: StructType) -> None:
        """Has the table's columns: new ones are added, changed ones retyped, none are removed."""
        ...


@dataclass
class Publication:
    """Publishes the tables of one lake. Keep it: it remembers what is published.

    The first time that it comes to a table it looks at everything, for an earlier run may have
    committed and not published.
    """

    context: LakeContext
    catalog: Catalog
    _published: set[tuple[Layer, str]] = field(default_factory=set)

    def publish(self, layer: Layer, results: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Publishes what a silver or gold step did; gives tables that could not be published."""
        failures = []
        for result in results:
            name = str(result["table" if layer == "silver" else "model"])
            try:
                self._publish(layer, name, result)
            except Exception as error:
                self._published.discard((layer, name))
                failures.append({"table": f"{layer}.{name}", "error": explained(error)[0]})
        return failures

    def _publish(self, layer: Layer, name: str, result: Mapping[str, Any]) -> None:
        known = (layer, name) in self._published
        committed = result["status"] in COMMITTED
        table = self._table(layer, name)
        if (known and not committed) or not table.exists():
            return
        if not known or result.get("schema_changed") or result["status"] == "rebuilt":
            self.catalog.put_columns(layer, name, table.schema())
        if folders := table.partitions():
            self.catalog.put_partitions(layer, name, table.location, folders)
        self._published.add((layer, name))

    def _table(self, layer: Layer, name: str) -> LakeTable:
        return self.context.silver(name) if layer == "silver" else self.context.gold(name)

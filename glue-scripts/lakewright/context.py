"""What every step of the application works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from pyspark.sql import SparkSession

from lakewright.footers import Footers
from lakewright.locations import Locations
from lakewright.manifest import Manifest, TableFormat
from lakewright.rejected import KEY, lines_of
from lakewright.session import small_batch_session
from lakewright.storage import Storage
from lakewright.table import LakeTable
from lakewright.tables import open_table
from lakewright.truncations import Truncations


@dataclass
class LakeContext:
    """One lake, its session and its open tables. Shared by threads."""

    spark: SparkSession
    manifest: Manifest
    locations: Locations
    _open: dict[tuple[str, str], LakeTable] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def storage(self) -> Storage:
        """Files, wherever they are."""
        return Storage(self.spark)

    @cached_property
    def footers(self) -> Footers:
        """What bronze files say of themselves."""
        return Footers(self.spark, self.storage)

    @cached_property
    def small(self) -> SparkSession:
        """The session in which small batches are worked on."""
        return small_batch_session(self.spark)

    @cached_property
    def truncations(self) -> Truncations:
        """Truncations of source tables."""
        return Truncations(self.spark, self.locations.bronze, self.manifest.control)

    def refresh(self) -> None:
        """Has every open table look at the storage again, where others may have committed."""
        with self._lock:
            for table in self._open.values():
                table.refresh()

    def silver(self, name: str) -> LakeTable:
        """The silver table of that name."""
        table = self.manifest.table(name)
        return self._table(
            "silver", name, table.format, table.key, table.partition_by, table.buckets
        )

    def quarantine(self, name: str) -> LakeTable:
        """The companion of that silver table: its quarantined and deleted keys."""
        table = self.manifest.table(name)
        return self._table("quarantine", name, table.format, table.key)

    def rejected(self, name: str) -> LakeTable:
        """The lines of that table's dropped files that are no rows."""
        return self._table("quarantine", lines_of(name), "delta", KEY)

    def gold(self, name: str) -> LakeTable:
        """The gold model's table of that name."""
        model = self.manifest.model(name)
        return self._table("gold", name, model.format, model.grain, model.partition_by)

    def ops(self, name: str, key: Sequence[str]) -> LakeTable:
        """A bookkeeping table of the pipeline's own."""
        return self._table("ops", name, "delta", key)

    def _table(
        self,
        layer: str,
        name: str,
        format: TableFormat,
        key: Sequence[str],
        partition_by: Sequence[str] = (),
        buckets: int = 1,
    ) -> LakeTable:
        with self._lock:
            if (layer, name) not in self._open:
                self._open[layer, name] = open_table(
                    self.spark,
                    format=format,
                    location=self.locations.table(layer, name, format),
                    layer=layer,
                    name=name,
                    key=key,
                    partition_by=partition_by,
                    buckets=buckets,
                )
            return self._open[layer, name]

"""What every step of the application works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from pyspark.sql import SparkSession

from lakewright.locations import Locations
from lakewright.manifest import Manifest
from lakewright.session import small_batch_session
from lakewright.storage import Storage
from lakewright.table import LakeTable
from lakewright.tables import companion_table, gold_table, open_table, silver_table
from lakewright.truncations import Truncations


@dataclass
class LakeContext:
    """One lake, its session and its open tables. Shared by threads."""

    spark: SparkSession
    manifest: Manifest
    locations: Locations
    _open: dict[str, LakeTable] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def storage(self) -> Storage:
        """Files, wherever they are."""
        return Storage(self.spark)

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
        return self._table(
            f"silver.{name}",
            lambda: silver_table(self.spark, self.locations, self.manifest.table(name)),
        )

    def quarantine(self, name: str) -> LakeTable:
        """The companion of that silver table: its quarantined and deleted keys."""
        return self._table(
            f"quarantine.{name}",
            lambda: companion_table(self.spark, self.locations, self.manifest.table(name)),
        )

    def gold(self, name: str) -> LakeTable:
        """The gold model's table of that name."""
        return self._table(
            f"gold.{name}",
            lambda: gold_table(self.spark, self.locations, self.manifest.model(name)),
        )

    def ops(self, name: str, key: list[str]) -> LakeTable:
        """A bookkeeping table of the pipeline's own."""
        return self._table(
            f"ops.{name}",
            lambda: open_table(
                self.spark,
                format="delta",
                location=self.locations.table("ops", name),
                key=key,
                partition_by=[],
                buckets=1,
                name=name,
                layer="ops",
            ),
        )

    def _table(self, name: str, make: Callable[[], LakeTable]) -> LakeTable:
        with self._lock:
            if name not in self._open:
                self._open[name] = make()
            return self._open[name]

"""Bookkeeping tables: the row accounting of every table and run, and quality results.

Rows are appended in batches: a Delta commit for each micro-batch would cost more than the batch.
What the rows of a batch say is also in the metadata of the commits they are about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from threading import Lock
from typing import Any
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright.context import LakeContext
from lakewright.table import LakeTable

RUNS_SCHEMA = (
    "run_id string, step string, layer string, table string, status string, "
    "started_at timestamp, seconds double, epoch string, files bigint, "
    "read bigint, applied bigint, superseded bigint, ignored bigint, "
    "ignored_reasons map<string,bigint>, quarantined bigint, deleted bigint, "
    "groups bigint, upserts bigint, deletes bigint, version string, error string"
)
QUALITY_SCHEMA = (
    "run_id string, layer string, table string, kind string, rule string, outcome string, "
    "value double, message string, version string, evaluated_at timestamp, severity string"
)


def rows_frame(spark: SparkSession, rows: Sequence[Mapping[str, Any]], schema: str) -> DataFrame:
    """The rows without Python workers, whose start costs more than these few rows.

    Values are what JSON has, timestamps as ISO text; what the schema does not name is left out.
    """
    text = json.dumps([dict(row) for row in rows])
    return spark.sql(
        f"SELECT inline(from_json(:rows, 'array<struct<{schema}>>'))", args={"rows": text}
    )


def run_id() -> str:
    """A new run's identifier; later runs sort after earlier ones."""
    return f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"


@dataclass
class Ops:
    """The bookkeeping tables of one lake. Thread safe."""

    context: LakeContext
    _failing: dict[tuple[str, Any], str | None] = field(default_factory=dict)
    _pending: list[dict[str, Any]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def runs(self) -> LakeTable:
        return self.context.ops("runs", ["run_id", "step", "layer", "table"])

    def quality(self) -> LakeTable:
        return self.context.ops("quality", ["run_id", "layer", "table", "kind", "rule"])

    def initialise(self) -> list[str]:
        """Creates the tables that are not there; gives their names."""
        created = []
        schemas = (("runs", self.runs(), RUNS_SCHEMA), ("quality", self.quality(), QUALITY_SCHEMA))
        for name, table, schema in schemas:
            if not table.exists():
                table.create(rows_frame(self.context.spark, [], schema).schema, {})
                created.append(f"ops.{name}")
        return created

    def record(self, step: str, layer: str, started: datetime, results: Any) -> None:
        """Notes what a step did to each table; tables that had nothing to do are left out, and of
        a failure that goes on all but the first."""
        run = run_id()
        again = [result for result in results if self._goes_on(step, result)]
        rows = [
            {
                **result,
                "run_id": run,
                "step": step,
                "layer": layer,
                "table": result.get("table") or result.get("model"),
                "started_at": started.isoformat(),
                "ignored": sum((result.get("ignored") or {}).values()),
                "ignored_reasons": result.get("ignored") or {},
            }
            for result in results
            if result["status"] not in ("idle", "waiting", "held") and result not in again
        ]
        with self._lock:
            self._pending += rows

    def _goes_on(self, step: str, result: Mapping[str, Any]) -> bool:
        """Whether the table failed in the same way when the step was last tried."""
        key = (step, result.get("table") or result.get("model"))
        before, error = self._failing.get(key), result.get("error")
        self._failing[key] = error
        return error is not None and error == before

    def newest_run(self, step: str) -> datetime | None:
        """When the newest run of a step began whose rows are written (UTC); None if it failed."""
        if not self.runs().exists():
            return None
        started = F.unix_micros("started_at")
        row = (
            self.runs()
            .read()
            .where(F.col("step") == step)
            .agg(F.max(started), F.max(F.when(F.col("status") == "failed", started)))
            .first()
        )
        assert row is not None, "an aggregate without groups has one row"
        newest, failed = row
        if newest is None or newest == failed:
            return None
        return datetime.fromtimestamp(newest / 1e6, timezone.utc)

    def pending(self) -> bool:
        """Whether there is something to flush."""
        return bool(self._pending)

    def flush(self) -> None:
        """Appends what was noted, in one commit."""
        with self._lock:
            rows, self._pending = self._pending, []
        if rows:
            self.append(self.runs(), rows, RUNS_SCHEMA)

    def append_quality(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Appends quality results, in one commit."""
        if rows:
            self.append(self.quality(), rows, QUALITY_SCHEMA)

    def append(self, table: LakeTable, rows: Sequence[Mapping[str, Any]], schema: str) -> None:
        if not table.exists():
            self.initialise()
        # Not `apply`: it would look for the keys of these rows in all that was ever appended.
        frame = rows_frame(self.context.spark, rows, schema)
        # Tables of before a column was added take it.
        writer = frame.write.format("delta").mode("append").option("mergeSchema", "true")
        writer.save(table.location)

"""The bookkeeping tables."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from pyspark.sql import SparkSession
from silver_lake import make_lake

from lakewright.locations import Locations
from lakewright.ops import Ops


def test_the_newest_run_of_a_step_is_known_unless_it_failed(
    spark: SparkSession, locations: Locations
) -> None:
    ops = Ops(make_lake(spark, locations, "delta").context)
    assert ops.newest_run("gold") is None
    ops.initialise()
    assert ops.newest_run("gold") is None
    first = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=timezone.utc)
    later = first + timedelta(hours=1)
    ops.record("gold", "gold", first, [{"model": "m", "status": "refreshed"}])
    ops.record("silver", "silver", later, [{"table": "t", "status": "applied"}])
    ops.flush()
    assert ops.newest_run("gold") == first
    ops.record("gold", "gold", later, [{"model": "m", "status": "failed"}])
    ops.flush()
    assert ops.newest_run("gold") is None


def test_a_failure_that_goes_on_is_noted_once(spark: SparkSession, locations: Locations) -> None:
    ops = Ops(make_lake(spark, locations, "delta").context)
    ops.initialise()
    now = datetime(2026, 11, 21, 10, 0, 0, tzinfo=timezone.utc)
    failed = {"table": "t", "status": "failed", "error": "no"}
    other = {**failed, "error": "never"}
    applied = {"table": "t", "status": "applied"}
    for result in (failed, failed, other, failed, applied, failed):
        ops.record("silver", "silver", now, [result])
    ops.record("gold", "gold", now, [{"model": "t", "status": "failed", "error": "no"}])
    ops.flush()
    errors = ops.runs().read().groupBy("step", "error").count().collect()
    assert sorted(tuple(row) for row in errors if row["error"]) == [
        ("gold", "no", 1),
        ("silver", "never", 1),
        ("silver", "no", 3),
    ]

"""A refresh of gold equals a rebuild, whatever changed, and costs only what was touched."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from gold_lake import MODELS, GoldLake, manifest
from pyspark.sql import SparkSession

from lakewright.gold import Gold, ModelResult
from lakewright.locations import Locations

DAY = date(2026, 6, 15)


@pytest.fixture(params=["hudi", "delta"])
def lake(request: pytest.FixtureRequest, spark: SparkSession, locations: Locations) -> GoldLake:
    return GoldLake.make(spark, locations, request.param)


def by_name(results: list[ModelResult]) -> dict[str, ModelResult]:
    assert [result.error for result in results if result.error] == []
    return {result.model: result for result in results}


def test_refreshes_after_random_changes_equal_a_rebuild(lake: GoldLake) -> None:
    gold = Gold(lake.context)
    statuses: set[tuple[str, str]] = set()
    rounds: list[dict[str, int]] = [
        {"orders": 60, "items": 80, "products": 60},
        {"orders": 6},
        {"products": 4},
        {"items": 5, "orders": 12},
    ]
    for changes in rounds:
        for name, number in changes.items():
            lake.change_randomly(name, number)
        results = by_name(gold.run(today=DAY))
        statuses |= {(result.model, result.status) for result in results.values()}
        for model in (model["name"] for model in MODELS):
            assert lake.stored(model) == lake.expected(model, DAY), model
            assert lake.stored(model), f"{model} is empty: nothing was compared"
    for model in ("revenue", "best_month", "lines", "categories", "age"):
        assert (model, "refreshed") in statuses, model


def test_only_touched_groups_and_differing_rows_are_written(
    spark: SparkSession, locations: Locations
) -> None:
    lake = GoldLake.make(spark, locations, "hudi")
    lake.commit(
        "orders",
        [
            (1, 1, 1, "2026-01", Decimal(10)),
            (2, 1, 1, "2026-02", Decimal(20)),
            (3, 2, 1, "2026-01", Decimal(5)),
        ],
    )
    gold = Gold(lake.context)
    first = by_name(gold.run(today=DAY))
    assert {result.status for result in first.values()} == {"rebuilt"}
    assert first["revenue"].upserts == 3

    lake.commit("orders", [(1, 1, 1, "2026-01", Decimal(12))])
    second = by_name(gold.run(today=DAY))
    # January itself, and February, whose growth compares with it
    assert (second["revenue"].status, second["revenue"].groups) == ("refreshed", 2)
    assert (second["revenue"].upserts, second["revenue"].deletes) == (2, 0)
    # the tenant's best month is still February: looked at, not written
    best = lake.context.gold("best_month").version()
    assert (second["best_month"].groups, second["best_month"].upserts) == (1, 0)
    assert best == first["best_month"].version
    assert second["categories"].status == "idle"

    third = by_name(gold.run(today=DAY))
    assert {result.status for result in third.values()} == {"idle"}

    lake.commit("orders", [], [3])
    fourth = by_name(gold.run(today=DAY))
    assert (fourth["revenue"].upserts, fourth["revenue"].deletes) == (0, 1)
    assert lake.stored("best_month") == [(date(2026, 2, 1), Decimal("20.00"), 1)]


def test_a_new_day_recomputes_only_models_that_read_today(
    spark: SparkSession, locations: Locations
) -> None:
    lake = GoldLake.make(spark, locations, "delta")
    lake.commit("orders", [(1, 1, 1, "2026-06", Decimal(10))])
    Gold(lake.context).run(today=DAY)
    assert lake.stored("age") == [(14, 1)]
    results = by_name(Gold(lake.context).run(today=date(2026, 6, 16)))
    assert lake.stored("age") == [(15, 1)]
    assert {m for m, result in results.items() if result.status != "idle"} == {"age"}


def test_a_full_replacement_of_an_input_rebuilds_and_keeps_downstream_incremental(
    lake: GoldLake,
) -> None:
    lake.commit("orders", [(n, n % 2, 1, "2026-01", Decimal(n)) for n in range(1, 9)])
    gold = Gold(lake.context)
    gold.run(today=DAY)
    lake.replace("orders", [(n, n % 2, 1, "2026-01", Decimal(n)) for n in range(2, 9)])
    results = by_name(gold.run(today=DAY))
    assert results["revenue"].status == "rebuilt"
    assert (results["revenue"].upserts, results["revenue"].deletes) == (1, 0)
    assert (results["best_month"].status, results["best_month"].groups) == ("refreshed", 1)
    for model in ("revenue", "best_month", "totals"):
        assert lake.stored(model) == lake.expected(model, DAY)


def test_a_model_rebuilds_where_the_changes_it_missed_are_gone(lake: GoldLake) -> None:
    gold = Gold(lake.context)
    lake.commit("orders", [(n, n % 2, 1, "2026-01", Decimal(n)) for n in range(1, 9)])
    gold.run(today=DAY)
    lake.commit("orders", [(1, 1, 1, "2026-01", Decimal(50))])
    lake.context.storage.delete(f"{lake.context.locations.changes}/silver/orders")
    lake.commit("orders", [(2, 0, 1, "2026-01", Decimal(60))])
    results = by_name(gold.run(today=DAY))
    assert results["revenue"].status == "rebuilt"
    assert lake.stored("revenue") == lake.expected("revenue", DAY)


def test_what_a_full_input_left_as_it_was_is_not_looked_at_again(lake: GoldLake) -> None:
    orders = [(n, n % 2, 1, "2026-01", Decimal(n)) for n in range(1, 9)]
    lake.commit("orders", orders)
    Gold(lake.context).run(today=DAY)
    lake.replace("orders", orders)
    assert by_name(Gold(lake.context).run(today=DAY))["revenue"].status == "rebuilt"
    again = by_name(Gold(lake.context).run(today=DAY))
    assert {result.status for result in again.values()} == {"idle"}


def test_changed_sql_recomputes_and_changed_columns_replace(
    spark: SparkSession, locations: Locations
) -> None:
    lake = GoldLake.make(spark, locations, "hudi")
    lake.commit("orders", [(1, 1, 1, "2026-01", Decimal(10))])
    Gold(lake.context).run(["totals"])
    assert lake.stored("totals") == [(Decimal("10.00"), 1, 1)]
    for sql in (
        "SELECT 1 AS one, count(*) + 1 AS orders, sum(amount) AS amount FROM silver.orders",
        "SELECT 1 AS one, count(*) + 2 AS orders, 'x' AS note FROM silver.orders",
    ):
        models = [{**MODELS[-1], "sql": sql}]
        changed = GoldLake.__new__(GoldLake)
        changed.context = type(lake.context)(spark, manifest("hudi", models), locations)
        result = Gold(changed.context).run()[0]
        assert (result.status, result.error) == ("rebuilt", None)
        assert changed.stored("totals") == changed.expected("totals", DAY)


def test_a_broken_grain_fails_its_model_alone_and_names_the_rows(
    spark: SparkSession, locations: Locations
) -> None:
    twice = {**MODELS[1], "sql": "SELECT tenant_id, month, revenue FROM gold.revenue"}
    lake = GoldLake.make(spark, locations, "delta", [MODELS[0], twice, MODELS[-1]])
    lake.commit("orders", [(1, 7, 1, "2026-01", Decimal(10)), (2, 7, 1, "2026-02", Decimal(20))])
    results = {result.model: result for result in Gold(lake.context).run()}
    assert [results[m].status for m in ("revenue", "totals")] == ["rebuilt", "rebuilt"]
    assert (results["best_month"].status, results["best_month"].kind) == ("failed", "user")
    assert results["best_month"].error == (
        "gold.best_month: expected one row for each (tenant_id), without nulls in it, found "
        "(7): 2 row(s). Mend the SQL or the model's grain."
    )

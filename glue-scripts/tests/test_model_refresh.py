"""A refresh equals a rebuild: the touched SQL of every incremental model, against random changes.

Per model: the rows of touched groups, taken from the new full result, replace those of the old
result; what comes out must be the new full result. The groups are what the touched SQL finds from
the images before and after. Downstream models see only the rows of a model that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest
from autocorp_worlds import AutocorpWorlds
from lake_sql import LakeSql, Row, columns_of, literal_frame, rows_of, run_sql, view_name
from pyspark.sql import SparkSession
from saas_worlds import SaasWorlds
from worlds import Key, Worlds

from lakewright.manifest import Column, Model


@dataclass
class State:
    """What every relation of the lake holds, by its name such as `silver.core_order`."""

    columns: dict[str, list[Column]] = field(default_factory=dict)
    rows: dict[str, dict[Key, Row]] = field(default_factory=dict)


@dataclass
class Outcome:
    """Per model: groups found and rows in which a refresh and a rebuild differ."""

    touched: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    differing: dict[str, list[Row]] = field(default_factory=dict)


def by_key(rows: Iterable[Row], key: list[str]) -> dict[Key, Row]:
    return {group_of(row, key): row for row in rows}


def group_of(row: Row, columns: list[str]) -> Key:
    return tuple(row[column] for column in columns)


def differences(old: dict[Key, Row], new: dict[Key, Row]) -> list[Row]:
    """Images before and after of the rows that differ."""
    keys = old.keys() | new.keys()
    images = [(old.get(key), new.get(key)) for key in keys]
    differing = [(before, after) for before, after in images if before != after]
    befores = [{**before, "_lw_image": "before"} for before, _ in differing if before]
    return befores + [{**after, "_lw_image": "after"} for _, after in differing if after]


class Lake:
    """The lake in views: `settle` makes them the source's, models last, and checks each model."""

    def __init__(
        self, spark: SparkSession, sql: LakeSql, worlds: Worlds, models: list[Model] | None = None
    ) -> None:
        manifest = sql.manifest
        self.spark = spark
        self.sql = sql
        self.tables = manifest.tables
        # a model that is always rebuilt and read by no other has nothing to check
        read = {relation for model in manifest.models for relation in model.inputs}
        self.models = [
            model
            for model in models or manifest.models
            if model.refresh_by or f"gold.{model.name}" in read
        ]
        self.worlds = worlds
        self.state = State()
        self._read_silver()
        for model in self.models:
            self._set_model(model, self._full(model))

    def refresh_after(self, changes: list[Callable[[], None]]) -> Outcome:
        """Makes changes, each a silver commit of its own, then refreshes every model once."""
        images: dict[str, list[Row]] = {}
        for change in changes:
            old = self.state.rows.copy()
            change()
            self._read_silver()
            for table in self.tables:
                name = f"silver.{table.name}"
                found = differences(old[name], self.state.rows[name])
                images.setdefault(name, []).extend(found)
        outcome = Outcome()
        for model in self.models:
            self._refresh(model, images, outcome)
        return outcome

    def _refresh(self, model: Model, images: dict[str, list[Row]], outcome: Outcome) -> None:
        name = f"gold.{model.name}"
        old, new = self.state.rows[name], self._full(model)
        images[name] = differences(old, new)
        outcome.changed[model.name] = len(images[name])
        if model.refresh_by:
            groups = self._touched_groups(model, images)
            kept = {
                key: row
                for key, row in old.items()
                if group_of(row, model.refresh_by) not in groups
            }
            recomputed = {
                key: row for key, row in new.items() if group_of(row, model.refresh_by) in groups
            }
            outcome.touched[model.name] = len(groups)
            # rows of the two never share a key where the grain is right, so none may be lost here
            refreshed = {**kept, **recomputed}
            wrong = differences(refreshed, new)
            if wrong or len(refreshed) != len(kept) + len(recomputed):
                outcome.differing[model.name] = wrong
        self._set_model(model, new)

    def _touched_groups(self, model: Model, images: dict[str, list[Row]]) -> set[Key]:
        by_default = f"SELECT DISTINCT {', '.join(model.refresh_by)} FROM changes"
        found: set[Key] = set()
        for relation in model.inputs:
            if not images[relation]:
                continue
            columns = [*self.state.columns[relation], Column("_lw_image", "string")]
            frame = literal_frame(self.spark, columns, images[relation])
            frame.createOrReplaceTempView("changes")
            groups = run_sql(self.spark, model.touched.get(relation, by_default))
            found |= {group_of(row, model.refresh_by) for row in rows_of(groups)}
        return found

    def _full(self, model: Model) -> dict[Key, Row]:
        frame = self.sql.run_model(self.spark, model.name)
        self.state.columns[f"gold.{model.name}"] = columns_of(frame)
        rows = rows_of(frame)
        keyed = by_key(rows, model.grain)
        assert len(keyed) == len(rows), f"{model.name}: the grain {model.grain} is not unique"
        return keyed

    def _set_model(self, model: Model, rows: dict[Key, Row]) -> None:
        name = f"gold.{model.name}"
        self.state.rows[name] = rows
        self._make_view(name, self.state.columns[name], rows.values())

    def _read_silver(self) -> None:
        source = {table.name: self.worlds.rows(table.name) for table in self.tables}
        self.sql.make_silver(self.spark, source)
        for table in self.tables:
            name = f"silver.{table.name}"
            frame = self.spark.table(view_name(name))
            self.state.columns[name] = columns_of(frame)
            self.state.rows[name] = by_key(rows_of(frame), table.key)
            self._make_view(name, self.state.columns[name], self.state.rows[name].values())

    def _make_view(self, name: str, columns: list[Column], rows: Iterable[Row]) -> None:
        literal_frame(self.spark, columns, rows).createOrReplaceTempView(view_name(name))


WORLDS: dict[str, type[Worlds]] = {"saas": SaasWorlds, "autocorp": AutocorpWorlds}


@pytest.mark.parametrize("name", WORLDS)
def test_a_refresh_equals_a_rebuild_after_random_changes(spark: SparkSession, name: str) -> None:
    worlds = WORLDS[name](count=25, seed=1)
    lake = Lake(spark, LakeSql(name), worlds)
    changed = dict.fromkeys((model.name for model in lake.models), 0)
    for _ in range(3):
        outcome = lake.refresh_after([lambda: worlds.change(2), lambda: worlds.change(2)])
        assert outcome.differing == {}
        for model, count in outcome.changed.items():
            changed[model] += count
    assert [model for model, count in changed.items() if count == 0] == []


ROUNDS = 8
"""After so many refreshes, random changes have shown what is missing."""

TOO_NARROW = {
    "saas": {
        "revenue_monthly": {
            # without the month after
            "gold.revenue_daily": "SELECT DISTINCT tenant_id,"
            " CAST(concat(order_month, '-01') AS DATE) AS month FROM changes",
        },
        "fct_order_lines": {
            # without the lines that changed
            "silver.core_orderitem": "SELECT order_month, id AS order_id FROM silver.core_order"
            " WHERE false",
        },
        "retention_cohorts": {
            # without the groups that rows were in before
            "gold.customer_activity_monthly": "SELECT DISTINCT tenant_id, cohort_month"
            " FROM changes WHERE _lw_image = 'after'",
        },
    },
    "autocorp": {
        "fct_order_lines": {
            # without the lines that changed
            "silver.sales_order_parts": "SELECT order_month, order_id FROM silver.sales_order"
            " WHERE false",
        },
        "order_line_problems": {
            # without the lines of services that came or went
            "silver.service": "SELECT 'service' AS line_kind, service_id AS line_id FROM changes"
            " WHERE false",
        },
        "customer_duplicates": {
            # without the groups that rows were in before
            "silver.customers": "SELECT DISTINCT email FROM changes WHERE _lw_image = 'after'",
        },
    },
}


@pytest.mark.parametrize("name", WORLDS)
def test_too_few_touched_groups_are_found_out(spark: SparkSession, name: str) -> None:
    sql, narrow = LakeSql(name), TOO_NARROW[name]
    models = [
        replace(model, touched={**model.touched, **narrow.get(model.name, {})})
        for model in sql.manifest.models
    ]
    worlds = WORLDS[name](count=25, seed=2)
    lake = Lake(spark, sql, worlds, models)
    found: set[str] = set()
    for _ in range(ROUNDS):
        found |= lake.refresh_after([lambda: worlds.change(3)]).differing.keys()
        if len(found) == len(narrow):
            break
    assert sorted(found) == sorted(narrow)

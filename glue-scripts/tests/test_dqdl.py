"""DQDL rules by deequ: what they may read beside their rows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakewright.dqdl import Beside, evaluate_dqdl

KNOWN = 'ReferentialIntegrity "kind" "kinds.name" = 1.0'
GROWTH = "RowCount between 0.5 * last(1) and 2 * last(1)"


@pytest.fixture(scope="module")
def rows(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(
        [(1, "a", 5), (2, "b", 7), (3, "b", 9)], "id int, kind string, n int"
    )


def outcomes(rows: DataFrame, *rules: str, beside: Beside | None = None) -> list[str]:
    return [outcome for _, outcome, _, _ in evaluate_dqdl(rows, rules, beside)]


def test_references_are_looked_up_in_the_other_table(rows: DataFrame) -> None:
    spark = rows.sparkSession
    tables: Mapping[str, DataFrame] = {
        "all": spark.createDataFrame([("a",), ("b",)], "name string"),
        "some": spark.createDataFrame([("a",)], "name string"),
    }
    for name, outcome in (("all", "passed"), ("some", "failed")):
        beside = Beside(lambda table, name=name: tables[name])  # type: ignore[misc]
        assert outcomes(rows, KNOWN, 'IsComplete "id"', beside=beside) == [outcome, "passed"]


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        ({}, "skipped"),
        ({GROWTH: 4.0}, "passed"),
        ({GROWTH: 1.0}, "failed"),
        ({GROWTH: 9.0}, "failed"),
    ],
)
def test_a_number_of_rows_is_compared_with_the_last(
    rows: DataFrame, last: dict[str, float], outcome: str
) -> None:
    verdict = evaluate_dqdl(rows, [GROWTH], Beside(last=lambda: last))[0]
    assert verdict[:3] == (GROWTH, outcome, 3.0), "the first time only measures"


def test_rules_in_sql_read_the_rows_as_primary(rows: DataFrame) -> None:
    some = 'CustomSql "SELECT count(*) FROM primary WHERE n > 8" > 0'
    none = 'CustomSql "SELECT count(*) FROM primary WHERE n > 9" > 0'
    assert outcomes(rows, some, none) == ["passed", "failed"]
    assert rows.sparkSession.catalog.tableExists("primary") is False


def test_bounds_are_those_given(rows: DataFrame) -> None:
    within = ['(ColumnValues "n" >= 5) and (ColumnValues "n" <= 9)']
    beyond = ['(ColumnValues "n" >= 6) and (ColumnValues "n" <= 9)']
    assert outcomes(rows, *within, *beyond) == ["passed", "failed"]

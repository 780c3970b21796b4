"""Compiling SQL by the analyzer: column types, and every mistake at once with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gold_lake import MODELS, manifest
from pyspark.sql import SparkSession

from lakewright.compile import compile_lake
from lakewright.errors import UserError
from lakewright.manifest import Rule


def test_types_follow_from_sql_and_declared_columns(spark: SparkSession) -> None:
    compiled = compile_lake(spark, manifest("hudi"))
    assert compiled["tables"]["products"] == [
        {"name": "id", "type": "bigint"},
        {"name": "tenant_id", "type": "bigint"},
        {"name": "category", "type": "string"},
    ]
    assert compiled["models"]["best_month"] == [
        {"name": "tenant_id", "type": "bigint"},
        {"name": "month", "type": "date"},
        {"name": "revenue", "type": "decimal(18,2)"},
    ]
    assert compiled["models"]["age"] == [
        {"name": "tenant_id", "type": "bigint"},
        {"name": "days", "type": "int"},
    ]
    assert compiled["models"].keys() == {model["name"] for model in MODELS}


def test_every_mistake_is_told_with_its_file(spark: SparkSession) -> None:
    models = [
        {**MODELS[0], "touched": {"silver.orders": "SELECT tenant_id FROM changes"}},
        {**MODELS[1], "grain": ["nosuch"]},
        {**MODELS[4], "sql": "SELECT tenant_id, NULL AS days FROM silver.orders"},
        {**MODELS[5], "sql": "SELECT wrong FROM silver.orders"},
    ]
    lake = manifest("delta", models)
    orders = replace(
        lake.table("orders"),
        sql="SELECT id, tenant_id, month, amount FROM orders",
        rules=[Rule("r", "missing > 1", "")],
        partition_by=["day"],
    )
    tables = [orders if table.name == "orders" else table for table in lake.tables]
    with pytest.raises(UserError) as raised:
        compile_lake(spark, replace(lake, tables=tables))
    lines = str(raised.value).splitlines()
    assert lines[0] == "the SQL of lake test has 6 mistake(s):"
    expected = [
        ("tables.orders.partitionBy", '"day" is no column of the result'),
        ("tables.orders.rules.r", "`missing`"),
        ('models.revenue.touched["silver.orders"]', 'gives no "month" of refreshBy'),
        ("models.best_month.grain", '"nosuch" is no column'),
        ("sql/test/gold/age.sql", '"days" is void'),
        ("sql/test/gold/totals.sql", "`wrong`"),
    ]
    for line, (path, problem) in zip(lines[1:], expected, strict=True):
        assert path in line and problem in line, line


def test_a_model_sees_which_rows_the_source_deleted_where_deletes_are_soft(
    spark: SparkSession,
) -> None:
    sql = "SELECT 1 AS one, count_if(NOT _lw_deleted) AS orders, CAST(0 AS INT) AS amount"
    lake = manifest("delta", [{**MODELS[5], "sql": f"{sql} FROM silver.orders"}])
    with pytest.raises(UserError, match="_lw_deleted"):
        compile_lake(spark, lake)
    tables = [replace(table, deletes="soft") for table in lake.tables]
    compiled = compile_lake(spark, replace(lake, tables=tables))
    assert compiled["models"]["totals"][1] == {"name": "orders", "type": "bigint"}
    assert [column["name"] for column in compiled["tables"]["orders"]] == [
        *("id", "tenant_id", "customer_id", "month", "amount"),
    ]

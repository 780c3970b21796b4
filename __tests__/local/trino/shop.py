"""Writes a small lake with the pipeline's own tables, one phase for each line of standard input.

Answers each phase with a line `@tables <JSON>`: what the `describe` step would say.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakewright.session import build_session
from lakewright.table import LakeTable
from lakewright.tables import open_table

root, jars = Path(sys.argv[1]), sys.argv[2]
work = root / "spark"
spark: SparkSession = build_session(
    "trino-tests",
    local=True,
    jars=jars,
    overrides={"spark.sql.warehouse.dir": str(work), "spark.local.dir": str(work)},
)

BOOKKEEPING = "'e0001:' AS _lw_order, TIMESTAMP '2026-03-01 10:00:00.123456' AS _lw_committed_at"
TENANTS = f"""
SELECT id, concat('Tenant ', id) AS name, {BOOKKEEPING} FROM range(1, 4)
"""
ORDERS = f"""
SELECT id, id % 3 + 1 AS tenant_id, concat('note ', id) AS note,
  CAST(id * 1.25 AS DECIMAL(12, 2)) AS amount,
  timestamp_micros(1767225600123456 + id * 1000003) AS ordered_at,
  array('new', concat('t', id)) AS tags, named_struct('city', 'Bern', 'zip', id) AS address,
  map('colour', id) AS counts, DATE '2026-01-05' AS due_on,
  concat('2026-0', id % 3 + 1) AS order_month, {BOOKKEEPING}
FROM range(1, 301)
"""
LATE_ORDERS = f"""
SELECT id, id % 3 + 1 AS tenant_id, concat('note ', id) AS note,
  CAST(7 AS DECIMAL(12, 2)) AS amount,
  timestamp_micros(1767225600123456) AS ordered_at, array('new') AS tags,
  named_struct('city', 'Bern', 'zip', id) AS address, map('colour', id) AS counts,
  DATE '2026-01-05' AS due_on, '2026-09' AS order_month, {BOOKKEEPING}, 'late' AS channel
FROM range(291, 311)
"""
COUNTRIES = f"SELECT id, concat('C', id) AS code, {BOOKKEEPING} FROM range(1, 6)"
REVENUE = """
SELECT tenant_id, order_month, CAST(sum(amount) AS DECIMAL(22, 2)) AS revenue, count(*) AS orders
FROM orders GROUP BY tenant_id, order_month
"""
COMPANION = f"""
SELECT id, 'quarantined' AS state, array('bad') AS reasons, '{{}}' AS raw, {BOOKKEEPING}
FROM range(900, 903)
"""

# Name: format, key, partition columns.
TABLES: dict[str, tuple[Any, list[str], list[str]]] = {
    "silver.tenants": ("hudi", ["id"], []),
    "silver.orders": ("hudi", ["id"], ["order_month"]),
    "silver.visits": ("delta", ["id"], ["order_month"]),
    "silver.countries": ("delta", ["id"], []),
    "silver.nothing": ("hudi", ["id"], ["order_month"]),
    "gold.revenue": ("hudi", ["tenant_id", "order_month"], []),
    "quarantine.orders": ("hudi", ["id"], []),
    "ops.runs": ("delta", ["id"], []),
}


def table_of(name: str) -> LakeTable:
    format, key, partition_by = TABLES[name]
    layer, table = name.split(".")
    return open_table(
        spark,
        format=format,
        location=str(root / layer / table),
        key=key,
        partition_by=partition_by,
        buckets=1,
        name=table,
        layer=layer,
    )


def write(name: str, rows: DataFrame) -> None:
    opened = table_of(name)
    if not opened.exists():
        opened.create(rows.schema, {})
    opened.apply(rows, None, {})


def create() -> None:
    orders = spark.sql(ORDERS)
    orders.createOrReplaceTempView("orders")
    write("silver.tenants", spark.sql(TENANTS))
    write("silver.orders", orders)
    write("silver.visits", orders)
    write("silver.countries", spark.sql(COUNTRIES))
    write("silver.nothing", orders.where("false"))
    write("gold.revenue", spark.sql(REVENUE))
    write("quarantine.orders", spark.sql(COMPANION))
    write("ops.runs", spark.range(1, 3))
    write_bronze()


def evolve() -> None:
    write("silver.orders", spark.sql(LATE_ORDERS))
    write("silver.visits", spark.sql(LATE_ORDERS))


def replace() -> None:
    for name in ("silver.orders", "silver.visits"):
        table_of(name).overwrite(spark.sql(ORDERS).where("id <= 100"), {})
        table_of(name).apply(None, spark.sql(ORDERS).where("id <= 10"), {})
        table_of(name).expire(datetime.now(timezone.utc))


def write_bronze() -> None:
    head = "SELECT '{}' AS Op, '{}' AS dms_timestamp, '{}' AS dms_change_seq"
    load = head.format("I", "2026-01-01 00:00:00.000001", "")
    change = head.format("U", "2026-01-02 00:00:00.000002", "42")
    columns = "id, tenant_id, note, amount"
    epoch = root / "bronze" / "e0001" / "public" / "orders"
    rows = spark.sql(ORDERS).select("id", "tenant_id", "note", "amount")
    rows.createOrReplaceTempView("raw")
    parts = {
        "LOAD00000001.parquet": f"{load}, {columns} FROM raw",
        "2026/01/02/20260102-000000001.parquet": (
            f"{change}, {columns}, id AS BI_id FROM raw LIMIT 5"
        ),
    }
    for name, sql in parts.items():
        folder = work / "bronze"
        spark.sql(sql).coalesce(1).write.mode("overwrite").parquet(str(folder))
        target = epoch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        next(folder.glob("*.parquet")).rename(target)
    (epoch / "_LOAD_COMPLETE").write_text("{}", encoding="utf-8")


def describe() -> list[dict[str, Any]]:
    described = []
    for name, (format, _, partition_by) in TABLES.items():
        layer, table = name.split(".")
        location = str(root / layer / table)
        schema = spark.read.format(format).load(location).schema
        columns = [{"name": f.name, "type": f.dataType.simpleString()} for f in schema.fields]
        described.append(
            {
                "layer": layer,
                "name": table,
                "format": format,
                "location": location,
                "partition_by": partition_by,
                "columns": columns,
            }
        )
    return described


PHASES = {"create": create, "evolve": evolve, "replace": replace}
for line in sys.stdin:
    PHASES[line.strip()]()
    print(f"@tables {json.dumps(describe())}", flush=True)
spark.stop()

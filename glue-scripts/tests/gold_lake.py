"""A small lake with gold models of every kind, and a source of random changes to it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakewright.changes import new_batch, write_change_file
from lakewright.context import LakeContext
from lakewright.locations import Locations
from lakewright.manifest import Manifest, parse_manifest
from lakewright.model_sql import bind

SILVER = {
    "orders": "id long, tenant_id long, customer_id long, month string, amount decimal(12,2)",
    "items": "id long, order_id long, product_id long, quantity int",
    "products": "id long, tenant_id long, category string",
}
MODELS: list[dict[str, Any]] = [
    {
        "name": "revenue",
        "sql": """-- Grain: a tenant's month, with its growth on the month before
WITH months AS (
  SELECT tenant_id, CAST(concat(month, '-01') AS DATE) AS month,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS revenue, count(*) AS orders
  FROM silver.orders GROUP BY tenant_id, month
)
SELECT m.tenant_id, m.month, m.revenue, m.orders, m.revenue - p.revenue AS growth
FROM months AS m LEFT JOIN months AS p
  ON p.tenant_id = m.tenant_id AND p.month = add_months(m.month, -1)""",
        "inputs": ["silver.orders"],
        "grain": ["tenant_id", "month"],
        "refresh_by": ["tenant_id", "month"],
        "touched": {
            "silver.orders": """SELECT tenant_id, CAST(concat(month, '-01') AS DATE) AS month
FROM changes UNION
SELECT tenant_id, add_months(CAST(concat(month, '-01') AS DATE), 1) FROM changes"""
        },
    },
    {
        "name": "best_month",
        "sql": """SELECT tenant_id, month, revenue FROM (
  SELECT *, row_number() OVER (PARTITION BY tenant_id ORDER BY revenue DESC, month) AS place
  FROM gold.revenue) WHERE place = 1""",
        "inputs": ["gold.revenue"],
        "grain": ["tenant_id"],
        "refresh_by": ["tenant_id"],
        "touched": {},
    },
    {
        "name": "lines",
        "sql": """SELECT i.id AS item_id, i.order_id, o.tenant_id, o.month, p.category, i.quantity
FROM silver.items AS i
JOIN silver.orders AS o ON o.id = i.order_id
LEFT JOIN silver.products AS p ON p.id = i.product_id""",
        "inputs": ["silver.items", "silver.orders", "silver.products"],
        "grain": ["item_id"],
        "refresh_by": ["order_id"],
        "partition_by": ["month"],
        "touched": {
            "silver.orders": "SELECT id AS order_id FROM changes",
            "silver.products": """WITH touched_products AS (SELECT id FROM changes)
SELECT i.order_id FROM silver.items AS i JOIN touched_products AS c ON c.id = i.product_id""",
        },
    },
    {
        "name": "categories",
        "sql": """SELECT tenant_id, category, sum(quantity) AS quantity, count(*) AS sold
FROM gold.lines GROUP BY tenant_id, category HAVING category IS NOT NULL""",
        "inputs": ["gold.lines"],
        "grain": ["tenant_id", "category"],
        "refresh_by": ["category"],
        "touched": {},
    },
    {
        "name": "age",
        "sql": """SELECT tenant_id,
  datediff(:today, CAST(concat(max(month), '-01') AS DATE)) AS days
FROM silver.orders GROUP BY tenant_id""",
        "inputs": ["silver.orders"],
        "grain": ["tenant_id"],
        "refresh_by": ["tenant_id"],
        "touched": {},
        "uses_today": True,
    },
    {
        "name": "totals",
        "sql": "SELECT 1 AS one, count(*) AS orders, sum(amount) AS amount FROM silver.orders",
        "inputs": ["silver.orders"],
        "grain": ["one"],
        "refresh_by": [],
        "touched": {},
    },
]


def manifest(format: str, models: list[dict[str, Any]] | None = None) -> Manifest:
    """The lake's manifest with every table and model in one format."""
    tables = [
        {
            "name": name,
            "description": name,
            "source_schema": "public",
            "source_table": name,
            "key": ["id"],
            "source_columns": [
                dict(zip(("name", "type"), c.split(), strict=True)) for c in columns.split(", ")
            ],
            "files": None,
            "sql": f"SELECT * FROM {name}",
            "format": format,
            "partition_by": ["month"] if name == "orders" else [],
            "buckets": 1,
            "tenant_column": None,
            "deletes": "hard",
            "evolution": "additive",
            "rules": [],
            "quality": [],
            "columns": [],
        }
        for name, columns in SILVER.items()
    ]
    defaults = {
        "description": "",
        "uses_today": False,
        "format": format,
        "partition_by": [],
        "tenant_column": None,
        "quality": [],
        "columns": [],
    }
    text = {
        "version": 1,
        "lake": "test",
        "history_days": 7,
        "listing_days": 3,
        "quality_threshold": 0.99,
        "gate_threshold": None,
        "max_lob_kb": 0,
        "bronze_format": "parquet",
        "tenancy": None,
        "control": {"schema": "lakewright", "truncations": "t", "heartbeat": "h"},
        "tables": tables,
        "models": [{**defaults, **model} for model in (models or MODELS)],
    }
    return parse_manifest(json.dumps(text))


@dataclass
class GoldLake:
    """Silver tables whose commits look as silver's do, with random changes."""

    context: LakeContext
    tables: tuple[str, ...] = tuple(SILVER)
    seed: int = 1
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        for name in self.tables:
            self.context.silver(name).create(self.rows(name, []).schema, {})

    @staticmethod
    def make(
        spark: SparkSession,
        locations: Locations,
        format: str,
        models: list[dict[str, Any]] | None = None,
        tables: tuple[str, ...] = tuple(SILVER),
    ) -> GoldLake:
        """A lake with these silver tables, empty."""
        return GoldLake(LakeContext(spark, manifest(format, models), locations), tables)

    def rows(self, name: str, rows: list[tuple[Any, ...]]) -> DataFrame:
        return self.context.spark.createDataFrame(rows, SILVER[name])

    def commit(
        self, name: str, upserts: list[tuple[Any, ...]], deletes: list[int] | None = None
    ) -> None:
        """One silver commit, with its change file."""
        table, spark = self.context.silver(name), self.context.spark
        touched = [row[0] for row in upserts] + list(deletes or [])
        before = table.read().where(f"id IN ({', '.join(map(str, touched))})").localCheckpoint()
        after = self.rows(name, upserts)
        batch = new_batch()
        root = self.context.locations.changes
        path = write_change_file(before, after, root, "silver", name, batch)
        kept = [(row[0], row[3] if name == "orders" else "") for row in upserts]
        same = ["id", "month"] if name == "orders" else ["id"]
        gone = before.join(spark.createDataFrame(kept, "id long, month string"), same, "left_anti")
        table.apply(after, gone, {"batch": batch, "changes": path, "full": False})

    def replace(self, name: str, rows: list[tuple[Any, ...]]) -> None:
        """A full replacement, as a new epoch makes it: without a change file."""
        metadata = {"batch": new_batch(), "changes": None, "full": True}
        self.context.silver(name).overwrite(self.rows(name, rows), metadata)

    def change_randomly(self, name: str, number: int) -> None:
        """Inserts, updates, moves and deletes of keys among few, so that groups come and go."""
        choose = self._random
        upserts: dict[int, tuple[Any, ...]] = {}
        deletes: set[int] = set()
        for _ in range(number):
            key = choose.randrange(30)
            if choose.random() < 0.3:
                deletes.add(key)
                upserts.pop(key, None)
            else:
                deletes.discard(key)
                upserts[key] = self._random_row(name, key)
        self.commit(name, list(upserts.values()), sorted(deletes))

    def _random_row(self, name: str, key: int) -> tuple[Any, ...]:
        choose = self._random
        tenant = choose.randrange(3)
        if name == "orders":
            month = f"2026-{choose.randrange(1, 6):02d}"
            return (key, tenant, choose.randrange(5), month, Decimal(choose.randrange(1, 5)))
        if name == "items":
            return (key, choose.randrange(30), choose.randrange(30), choose.randrange(1, 3))
        return (key, tenant, choose.choice(["toys", "books", None]))

    def expected(self, model: str, today: date) -> list[tuple[Any, ...]]:
        """What the model's SQL gives over what its inputs hold now."""
        definition = self.context.manifest.model(model)
        views = {}
        for source in definition.inputs:
            layer, name = source.split(".")
            rows = (self.context.silver if layer == "silver" else self.context.gold)(name).read()
            views[source] = f"expected__{layer}__{name}"
            rows.createOrReplaceTempView(views[source])
        parameters = {"today": today} if definition.uses_today else {}
        rows = self.context.spark.sql(bind(definition.sql, views), args=parameters)
        return in_order(rows)

    def stored(self, model: str) -> list[tuple[Any, ...]]:
        rows = self.context.gold(model).read()
        return in_order(rows)


def in_order(rows: DataFrame) -> list[tuple[Any, ...]]:
    """All rows, with columns by name, in a fixed order."""
    found = rows.select(*sorted(rows.columns)).collect()
    return sorted((tuple(row) for row in found), key=repr)

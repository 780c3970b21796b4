"""Creates every table of a lake empty, so that catalog, filters and queries resolve at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyspark.sql.types import StructField, StructType

from lakewright.columns import spark_type
from lakewright.compile import compile_lake
from lakewright.context import LakeContext
from lakewright.ops import Ops
from lakewright.silver import initialise_table

PARALLEL = 4
"""Tables created at once: creating waits for files more than it computes."""


def initialise(
    context: LakeContext,
    ops: Ops,
    progress: Callable[[dict[str, Any]], None] = lambda event: None,
) -> list[str]:
    """Creates the tables that do not exist; gives their names, `silver.core_order` style."""
    missing = [
        model.name for model in context.manifest.models if not context.gold(model.name).exists()
    ]
    columns = _gold_columns(context) if missing else {}

    def silver(name: str) -> list[str]:
        return report(initialise_table(context, name))

    def gold(name: str) -> list[str]:
        context.gold(name).create(columns[name], {})
        return report([f"gold.{name}"])

    def report(created: list[str]) -> list[str]:
        for name in created:
            progress({"table": name, "status": "created"})
        return created

    with ThreadPoolExecutor(PARALLEL) as pool:
        made = [*pool.map(silver, [table.name for table in context.manifest.tables])]
        made += pool.map(gold, missing)
    return [*(name for names in made for name in names), *ops.initialise()]


def _gold_columns(context: LakeContext) -> dict[str, StructType]:
    """The compiled columns of every model; where the manifest has none yet, compiled now."""
    models = context.manifest.models
    found = {model.name: [(c.name, c.type) for c in model.columns] for model in models}
    if not all(found.values()):
        compiled = compile_lake(context.spark, context.manifest)["models"]
        found = {
            name: [(c["name"], c["type"]) for c in columns] for name, columns in compiled.items()
        }
    return {
        name: StructType([StructField(column, spark_type(type)) for column, type in columns])
        for name, columns in found.items()
    }

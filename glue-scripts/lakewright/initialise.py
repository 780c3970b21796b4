"""Creates every table of a lake empty, so that catalog, filters and queries resolve at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyspark.sql.types import StructField, StructType

from lakewright import bookkeeping
from lakewright.columns import spark_type
from lakewright.companion import companion_schema
from lakewright.compile import compile_lake
from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.manifest import Table
from lakewright.ops import Ops
from lakewright.rejected import lines_of, lines_schema
from lakewright.table import LakeTable
from lakewright.transform import silver_columns

PARALLEL = 4
"""Tables created at once: creating waits for files more than it computes."""
CREATED = {"full": True}
"""Commit metadata of a table that is created: whoever reads its changes must read it whole."""


def initialise(
    context: LakeContext,
    ops: Ops,
    progress: Callable[[dict[str, Any]], None] = lambda event: None,
) -> list[str]:
    """Creates the tables that do not exist; gives their names, `silver.core_order` style."""
    missing = [
        model.name for model in context.manifest.models if not is_ready(context.gold(model.name))
    ]
    columns = _gold_columns(context) if missing else {}

    def silver(name: str) -> list[str]:
        return report(initialise_table(context, name))

    def gold(name: str) -> list[str]:
        context.gold(name).create(columns[name], CREATED)
        return report([f"gold.{name}"])

    def report(created: list[str]) -> list[str]:
        for name in created:
            progress({"table": name, "status": "created"})
        return created

    with ThreadPoolExecutor(PARALLEL) as pool:
        made = [*pool.map(silver, [table.name for table in context.manifest.tables])]
        made += pool.map(gold, missing)
    return [*(name for names in made for name in names), *ops.initialise()]


def initialise_table(context: LakeContext, name: str) -> list[str]:
    """Creates the silver table and its companion empty where absent; gives what was created."""
    table = context.manifest.table(name)
    silver, companion = context.silver(name), context.quarantine(name)
    rejected = _initialise_rejected(context, table)
    absent = [each for each in (companion, silver) if not is_ready(each)]
    if not absent:
        return rejected
    columns = silver_columns(context.spark, table)
    missing = [key for key in table.key if key not in columns.fieldNames()]
    if missing:
        raise UserError(
            f"silver SQL of {name} gives no key column {', '.join(missing)};"
            " it must return key columns under their own names"
        )
    if companion in absent:
        companion.create(companion_schema(table, columns), CREATED)
    if silver in absent:
        silver.create(bookkeeping.with_bookkeeping(columns, table), CREATED)
    return [f"{'silver' if each is silver else 'quarantine'}.{name}" for each in absent] + rejected


def _initialise_rejected(context: LakeContext, table: Table) -> list[str]:
    """Creates the table of rejected lines where the table has files and it is absent."""
    if table.files is None or is_ready(context.rejected(table.name)):
        return []
    context.rejected(table.name).create(lines_schema(), CREATED)
    return [f"quarantine.{lines_of(table.name)}"]


def is_ready(table: LakeTable) -> bool:
    """Whether the table is there, and laid out as it is declared; else it must be created.

    A table that is created anew has no checkpoint: its rows come again from its inputs.
    """
    return table.exists() and table.fits()


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

"""Warms the application up, so that the first change of an idle lake is not the slow one.

A JVM loads and compiles what it runs for the first time: a first micro-batch takes four times as
long as the tenth. So the load of the smallest table is applied to a lake in a temporary folder,
several times. For Spark in this machine alone: the folder must be the executors' too.
"""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from pathlib import Path

from lakewright.bronze import LOAD_COMPLETE, BronzeTable, as_written, list_epochs
from lakewright.context import LakeContext
from lakewright.file_set import LOAD_FILE
from lakewright.locations import Locations
from lakewright.manifest import Table
from lakewright.silver import apply_table

BATCHES = 4
MOST_ROWS = 1000


def warm_up(context: LakeContext) -> str | None:
    """Applies some batches to a scratch lake; gives the table whose rows it took, if any."""
    loads = [(*load, table) for table in context.manifest.tables if (load := _load(context, table))]
    if not loads:
        return None
    _, path, table = min(loads, key=lambda load: load[0])
    with tempfile.TemporaryDirectory(prefix="lakewright-warm-") as folder:
        scratch = Locations(**{layer.name: f"{folder}/{layer.name}" for layer in fields(Locations)})
        bronze = Path(scratch.bronze, "e0001", table.source_schema, table.source_table)
        bronze.mkdir(parents=True)
        written = as_written(context.spark, table, context.footers.read([path]))
        rows = written.limit(MOST_ROWS).coalesce(1)
        rows.write.parquet(f"{folder}/rows")
        file = next(Path(folder, "rows").glob("*.parquet"))
        lake = replace(context, locations=scratch, _open={})
        for batch in range(BATCHES):
            (bronze / f"LOAD{batch + 1:08X}.parquet").hardlink_to(file)
            (bronze / LOAD_COMPLETE).touch()
            # What fails here fails again, and is reported, when the table itself is applied.
            apply_table(lake, table.name)
    return table.name


def _load(context: LakeContext, table: Table) -> tuple[int, str] | None:
    """Rows and path of the first file of the table's newest full load; None without rows."""
    storage, root = context.storage, context.locations.bronze
    bronze = BronzeTable(storage, root, table.source_schema, table.source_table)
    for epoch in list_epochs(storage, root)[-1:]:
        folder = bronze.folder(epoch)
        paths = [f"{folder}/{name}" for name in storage.list(folder) if LOAD_FILE.match(name)]
        for file in context.footers.read(paths[:1]):
            return (file.rows, file.path) if file.rows else None
    return None

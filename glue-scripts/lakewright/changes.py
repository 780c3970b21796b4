"""Change files: the rows before and after of every key that a commit changed.

Silver and gold write one beside each incremental commit; gold reads them to know what to refresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright.storage import Storage
from lakewright.table import Commit

IMAGE = "_lw_image"
"""Column of a change file: `before` or `after`."""
BATCH_FORMAT = "%Y%m%d%H%M%S%f"


@dataclass(frozen=True)
class Changes:
    """What some commits of one table changed."""

    full: bool
    """Everything may have changed: the content was replaced, or the history is gone."""
    rows: DataFrame | None
    """Before and after images with `_lw_image`; None when full or when nothing changed."""


def new_batch() -> str:
    """A name for the commit about to be made; later batches sort after earlier ones."""
    return datetime.now(timezone.utc).strftime(BATCH_FORMAT)


def change_folder(root: str, layer: str, table: str) -> str:
    """Where a table's change files are."""
    return f"{root}/{layer}/{table}"


def write_change_file(
    before: DataFrame | None, after: DataFrame | None, root: str, layer: str, table: str, batch: str
) -> str:
    """Writes the images under the changes root; gives the path relative to it, for the commit."""
    images = [
        rows.withColumn(IMAGE, F.lit(image))
        for rows, image in ((before, "before"), (after, "after"))
        if rows is not None
    ]
    if not images:
        raise ValueError(f"{layer}.{table}: a change file needs rows before or after, got neither")
    rows = images[0] if len(images) == 1 else images[0].unionByName(images[1], True)
    path = f"{layer}/{table}/{batch}.parquet"
    rows.coalesce(1).write.mode("overwrite").parquet(f"{root}/{path}")
    return path


def read_changes(
    spark: SparkSession, storage: Storage, root: str, commits: Sequence[Commit] | None
) -> Changes:
    """What the commits changed; `commits` as `LakeTable.commits(after)` gives them, oldest first.

    Commits carry `full` and `changes` (a path under the changes root, or null) in their metadata;
    a commit without both (maintenance) changed no rows. The oldest files are removed first: where
    the first is there, all are.
    """
    if commits is None or any(commit.metadata.get("full") for commit in commits):
        return Changes(full=True, rows=None)
    paths = [commit.metadata["changes"] for commit in commits if commit.metadata.get("changes")]
    if not paths:
        return Changes(full=False, rows=None)
    if not storage.exists(f"{root}/{paths[0]}"):
        return Changes(full=True, rows=None)
    reader = spark.read.option("mergeSchema", len(paths) > 1)
    return Changes(full=False, rows=reader.parquet(*(f"{root}/{path}" for path in paths)))


def remove_old_changes(
    storage: Storage, root: str, layer: str, table: str, history_days: int
) -> int:
    """Deletes change files older than the history, also those no commit refers to; gives how many.

    A gold model that lags further behind finds them gone and rebuilds.
    """
    oldest = (datetime.now(timezone.utc) - timedelta(days=history_days)).strftime(BATCH_FORMAT)
    folder = change_folder(root, layer, table)
    old = [name for name in storage.list(folder) if name < oldest]
    for name in old:
        storage.delete(f"{folder}/{name}")
    return len(old)

"""Opens tables: the only place that knows which class serves which format."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import SparkSession

from lakewright.delta_table import DeltaLakeTable
from lakewright.hudi_table import HudiLakeTable
from lakewright.manifest import TableFormat
from lakewright.table import LakeTable


def open_table(
    spark: SparkSession,
    *,
    format: TableFormat,
    location: str,
    layer: str,
    name: str,
    key: Sequence[str],
    partition_by: Sequence[str] = (),
    buckets: int = 1,
) -> LakeTable:
    """The table at `location`, whether it exists already or not.

    `buckets` is the number of files per partition in which Hudi keeps rows by key; Delta has none.
    """
    columns = list(key), list(partition_by)
    if format == "hudi":
        return HudiLakeTable(spark, location, *columns, buckets, f"{layer}_{name}")
    return DeltaLakeTable(spark, location, *columns)

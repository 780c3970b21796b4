"""Opens tables: the only place that knows which class serves which format."""

from __future__ import annotations

from pyspark.sql import SparkSession

from lakewright.delta_table import DeltaLakeTable
from lakewright.hudi_table import HudiLakeTable
from lakewright.locations import Locations
from lakewright.manifest import Model, Table, TableFormat
from lakewright.table import LakeTable


def open_table(
    spark: SparkSession,
    *,
    format: TableFormat,
    location: str,
    key: list[str],
    partition_by: list[str],
    buckets: int,
    name: str,
    layer: str,
) -> LakeTable:
    """The table at `location`, whether it exists already or not.

    `buckets` is the number of files per partition in which Hudi keeps rows by key; Delta has none.
    """
    if format == "hudi":
        return HudiLakeTable(spark, location, key, partition_by, buckets, f"{layer}_{name}")
    return DeltaLakeTable(spark, location, key, partition_by)


def silver_table(spark: SparkSession, locations: Locations, table: Table) -> LakeTable:
    """The silver table as the manifest declares it."""
    return open_table(
        spark,
        format=table.format,
        location=locations.table("silver", table.name),
        key=table.key,
        partition_by=table.partition_by,
        buckets=table.buckets,
        name=table.name,
        layer="silver",
    )


def companion_table(spark: SparkSession, locations: Locations, table: Table) -> LakeTable:
    """The silver table's companion: quarantined rows, and the order of deleted keys."""
    return open_table(
        spark,
        format=table.format,
        location=locations.table("quarantine", table.name),
        key=table.key,
        partition_by=[],
        buckets=1,
        name=table.name,
        layer="quarantine",
    )


def gold_table(spark: SparkSession, locations: Locations, model: Model) -> LakeTable:
    """The gold model's table as the manifest declares it."""
    return open_table(
        spark,
        format=model.format,
        location=locations.table("gold", model.name),
        key=model.grain,
        partition_by=model.partition_by,
        buckets=1,
        name=model.name,
        layer="gold",
    )

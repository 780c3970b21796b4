"""Which tables are published when, with real Hudi and Delta tables and a catalog that notes."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType
from silver_lake import Lake, insert, make_lake, thing

import lakewright
from lakewright.catalog import Layer, Publication
from lakewright.locations import Locations


class Noting:
    """A catalog that notes what it gets."""

    def __init__(self) -> None:
        self.partitions: list[list[str]] = []
        self.columns: list[list[str]] = []
        self.fails = False

    def put_partitions(self, layer: Layer, name: str, location: str, folders: list[str]) -> None:
        assert (layer, name) == ("silver", "thing") and location.endswith("/silver/thing")
        self.partitions.append(folders)

    def put_columns(self, layer: Layer, name: str, columns: StructType) -> None:
        if self.fails:
            raise RuntimeError("throttled")
        self.columns.append(sorted(columns.fieldNames()))


def published(publication: Publication, lake: Lake) -> list[dict[str, str]]:
    return publication.publish("silver", [asdict(lake.apply())])


def loaded(spark: SparkSession, locations: Locations, format: str) -> Lake:
    lake = make_lake(spark, locations, format, partition_by=["day"])
    lake.bronze.load([thing(1, day="d1"), thing(2, day="d2")])
    lake.bronze.complete()
    return lake


def test_a_hudi_table_is_published_with_its_partitions_after_each_commit(
    spark: SparkSession, locations: Locations
) -> None:
    lake, catalog = loaded(spark, locations, "hudi"), Noting()
    publication = Publication(lake.context, catalog)
    assert published(publication, lake) == []
    assert catalog.partitions == [["day=d1", "day=d2"]]
    assert len(catalog.columns) == 1 and "_lw_order" in catalog.columns[0]
    published(publication, lake)  # idle
    lake.bronze.changes(insert(1, 3, day="d3"))
    published(publication, lake)
    assert catalog.partitions[1:] == [["day=d1", "day=d2", "day=d3"]]
    assert len(catalog.columns) == 1


def test_what_an_earlier_run_committed_and_did_not_publish_is_published(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "hudi")
    lake.apply()
    catalog = Noting()
    published(Publication(lake.context, catalog), lake)  # idle
    assert catalog.partitions == [["day=d1", "day=d2"]]


def test_the_partitions_of_a_delta_table_are_its_logs_affair(
    spark: SparkSession, locations: Locations
) -> None:
    lake, catalog = loaded(spark, locations, "delta"), Noting()
    published(Publication(lake.context, catalog), lake)
    assert (len(catalog.columns), catalog.partitions) == (1, [])


def test_a_column_that_the_source_added_is_published(
    spark: SparkSession, locations: Locations
) -> None:
    lake, catalog = loaded(spark, locations, "hudi"), Noting()
    publication = Publication(lake.context, catalog)
    published(publication, lake)
    row: dict[str, Any] = insert(1, 3)
    types = {**lake.bronze.types, "colour": lake.bronze.types["name"]}
    lake.bronze.changes({**row, "colour": "red"}, types=types)
    published(publication, lake)
    assert [("colour" in columns) for columns in catalog.columns] == [False, True]


def test_a_table_that_could_not_be_published_is_tried_again(
    spark: SparkSession, locations: Locations, capsys: pytest.CaptureFixture[str]
) -> None:
    lake, catalog = loaded(spark, locations, "hudi"), Noting()
    publication = Publication(lake.context, catalog)
    catalog.fails = True
    problem = {"table": "silver.thing", "error": "RuntimeError: throttled"}
    assert published(publication, lake) == [problem]
    catalog.fails = False
    assert published(publication, lake) == []  # idle
    assert (len(catalog.columns), len(catalog.partitions)) == (1, 1)


def test_the_package_works_from_a_zip_as_on_aws_glue(tmp_path: Path) -> None:
    package = Path(lakewright.__file__).parent
    archive = tmp_path / "lakewright.zip"
    with zipfile.ZipFile(archive, "w") as zip:
        for file in package.iterdir():
            if file.is_file():
                zip.write(file, f"lakewright/{file.name}")
    program = "from lakewright.session import spark_defaults; print(len(spark_defaults(False)))"
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(archive)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(found.stdout) > 5

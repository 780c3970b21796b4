"""One Spark session for the whole test run: starting Spark takes longer than most tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakewright.locations import Locations
from lakewright.session import build_session


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Local Spark with Hudi and Delta, whose jars are in the folder that LAKEWRIGHT_JARS names."""
    jars = os.environ.get("LAKEWRIGHT_JARS")
    if not jars:
        pytest.fail("LAKEWRIGHT_JARS must name the folder with the Hudi and Delta jars")
    work = tmp_path_factory.mktemp("spark")
    session = build_session(
        "lakewright-tests",
        local=True,
        jars=jars,
        overrides={
            "spark.sql.warehouse.dir": str(work / "warehouse"),
            "spark.local.dir": str(work / "local"),
            # Many queries over few rows: compiling them would take longest.
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.shuffle.partitions": "1",
        },
    )
    yield session
    session.stop()


@pytest.fixture
def small_spark(spark: SparkSession) -> Iterator[SparkSession]:
    """The session, set for many queries over few rows: compiling them would take longest."""
    settings = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
    }
    before = {name: spark.conf.get(name) for name in settings}
    for name, value in settings.items():
        spark.conf.set(name, value)
    yield spark
    for name, old in before.items():
        spark.conf.set(name, str(old))


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    """The layers of a lake in an empty folder of the test's own."""
    layers = ("bronze", "silver", "gold", "quarantine", "ops", "changes")
    return Locations(**{layer: str(tmp_path / layer) for layer in layers})

"""One Spark session for the whole test run: starting Spark takes longer than most tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakewright.locations import Locations
from lakewright.session import SMALL_BATCHES, build_session


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
            **SMALL_BATCHES,
        },
    )
    yield session
    session.stop()


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    """The layers of a lake in an empty folder of the test's own."""
    layers = ("bronze", "files", "silver", "gold", "quarantine", "ops", "changes")
    return Locations(**{layer: str(tmp_path / layer) for layer in layers})

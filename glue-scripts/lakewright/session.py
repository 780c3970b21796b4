"""The one Spark session of a lake's application, configured from spark-defaults.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files

from pyspark.sql import SparkSession


def spark_defaults(local: bool) -> dict[str, str]:
    """Spark's configuration for this package; with `local`, also what the laptop needs."""
    # As a resource: on AWS Glue the package is a zip, in which no path leads to a file.
    text = files("lakewright").joinpath("spark-defaults.json").read_text(encoding="utf-8")
    sections = json.loads(text)
    return {**sections["common"], **(sections["local"] if local else {})}


FUNCTIONS = (
    "array array_compact coalesce col concat count count_if date_format expr greatest lag last"
    " lead lit max not size struct sum to_json when"
)
"""The functions of Spark that the pipeline names most."""

SMALL_BATCHES = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
}
"""For queries over few rows: compiling, planning anew, broadcasting and jobs that list files would
take longest."""


def small_batch_session(spark: SparkSession) -> SparkSession:
    """A session of the same application that is set for queries over few rows."""
    session = spark.newSession()
    for name, value in SMALL_BATCHES.items():
        session.conf.set(name, value)
    return session


def build_session(
    app_name: str,
    local: bool = False,
    jars: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> SparkSession:
    """Starts (or finds) the Spark session.

    `jars` is a local folder whose jars go on the driver's class path; on AWS Glue the job's
    `--datalake-formats` provides them. `overrides` win over spark-defaults.json.
    """
    settings = {**spark_defaults(local), **(overrides or {})}
    if jars is not None:
        settings["spark.driver.extraClassPath"] = f"{jars}/*"
    builder = SparkSession.builder.appName(app_name)
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    _remember_classes(spark)
    return spark


def _remember_classes(spark: SparkSession) -> None:
    """Has Python keep the Java classes and functions that every column expression names.

    Py4J asks the JVM for them each time, and the JVM looks through every jar on its class path:
    without this a micro-batch spends more time on looking names up than on reading.
    """
    jvm = spark.sparkContext._jvm
    for name in ("functions", "PythonUtils", "SparkSession", "SparkSession$"):
        setattr(jvm, name, getattr(jvm, name))
    assert jvm is not None
    for name in FUNCTIONS.split():
        setattr(jvm.functions, name, getattr(jvm.functions, name))
    for owner, name in (
        (jvm.PythonUtils, "toSeq"),
        (jvm.SparkSession, "getActiveSession"),
        (getattr(jvm, "SparkSession$"), "MODULE$"),
    ):
        setattr(owner, name, getattr(owner, name))

"""The lake's Spark application. By `--mode` it runs the steps named and exits (`once`), applies
micro-batches for some time (`watch`), or serves requests on stdin (`serve`, on the laptop).

On AWS Glue the package `lakewright` comes by `--extra-py-files`; manifest and locations are
arguments of the job. Arguments that Glue adds (`--JOB_NAME`, `--TempDir`, …) are passed over.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from lakewright.catalog import Publication
from lakewright.context import LakeContext
from lakewright.errors import RunFailed, UserError
from lakewright.glue_catalog import GlueCatalog, TableNames
from lakewright.locations import Locations
from lakewright.manifest import ManifestError, parse_manifest
from lakewright.metrics import CloudWatchMetrics
from lakewright.run import Runner, parse_steps
from lakewright.serve import serve
from lakewright.session import build_session
from lakewright.steps import Steps
from lakewright.storage import Storage
from lakewright.watch import WatchSettings, watch

DEFAULT_STEPS = "initialise,silver,gold,quality"


def main(arguments: Sequence[str]) -> None:
    """Runs the application; RunFailed or UserError where it fails."""
    options = parse_arguments(arguments)
    os.environ["TZ"] = "UTC"
    time.tzset()
    overrides = {"spark.driver.memory": options.memory} if options.memory else {}
    if options.scratch:
        overrides["spark.sql.warehouse.dir"] = f"{options.scratch}/warehouse"
    spark = build_session("lakewright", options.local, options.jars, overrides)
    try:
        manifest = parse_manifest(Storage(spark).read_text(options.manifest))
    except (ManifestError, ValueError) as error:
        raise UserError(f"{options.manifest}: {error}") from error
    context = LakeContext(spark, manifest, Locations.parse(options.locations))
    steps = Steps(context)
    if options.mode == "serve":
        gateway: Any = spark.sparkContext._gateway
        java: subprocess.Popen[bytes] = gateway.proc
        threading.Thread(target=_end_with, args=(java,), name="jvm", daemon=True).start()
        serve(steps, {"pids": [os.getpid(), java.pid]})
        return
    runner = make_runner(steps, context, options)
    if options.mode == "watch":
        seconds, gold_every = 60 * options.minutes, 60 * options.gold_minutes
        outcome = watch(runner, WatchSettings(seconds, options.every, gold_every=gold_every))
    else:
        outcome = runner.run(parse_steps(options.steps))
    print(json.dumps({"ok": outcome.ok, "steps": outcome.steps}, default=str))
    if not outcome.ok:
        raise RunFailed(outcome.failed(), lasting=not outcome.passing)


def _end_with(java: subprocess.Popen[bytes]) -> None:
    """Ends the application when the JVM does, idle or not: whoever waits for it must hear of it.

    Py4J may not: a program that a killed JVM was about to start keeps its connections open
    (JDK-8307990, which Java 17.0.9 has).
    """
    code = java.wait()
    print(f"the JVM ended with {code}", file=sys.stderr, flush=True)
    os._exit(1)


def make_runner(steps: Steps, context: LakeContext, options: argparse.Namespace) -> Runner:
    """The steps' runner, with the catalog and the metrics that the arguments ask for."""
    publication, metrics = None, None
    if options.catalog:
        catalog = GlueCatalog(_client("glue"), TableNames.parse(options.catalog))
        publication = Publication(context, catalog)
    if options.metrics != "none":
        per_table = options.metrics == "tables"
        lake, environment = context.manifest.lake, options.environment
        metrics = CloudWatchMetrics(_client("cloudwatch"), lake, environment, per_table)
    return Runner(steps, publication, metrics, options.gold_minutes)


def _client(service: str) -> Any:
    """AWS's own client, which AWS Glue has installed; nothing else needs it."""
    import boto3

    return boto3.client(service)


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The job's arguments; what it does not know is AWS Glue's."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--manifest", required=True, help="location of the lake's manifest")
    parser.add_argument("--locations", required=True, help="JSON object: layer to its root")
    parser.add_argument("--mode", choices=("once", "watch", "serve"), default="once")
    parser.add_argument("--steps", default=DEFAULT_STEPS, help="for --mode once, by comma")
    parser.add_argument("--minutes", type=float, default=60, help="for --mode watch: how long")
    parser.add_argument(
        "--every", type=float, default=30, help="for --mode watch: seconds between micro-batches"
    )
    parser.add_argument(
        "--gold-minutes", type=float, default=0, help="minutes that gold may be old"
    )
    parser.add_argument("--catalog", help="JSON object: layer to its database in AWS Glue")
    parser.add_argument(
        "--metrics", choices=("none", "lake", "tables"), default="none", help="to CloudWatch"
    )
    parser.add_argument("--environment", default="local", help="dimension of the metrics")
    parser.add_argument("--local", action="store_true", help="Spark in this machine alone")
    parser.add_argument("--jars", help="folder of jars for the driver's class path")
    parser.add_argument("--memory", help="the driver's memory, as 4g")
    parser.add_argument("--scratch", help="folder for what Spark spills")
    return parser.parse_known_args(arguments)[0]


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UserError as mistake:
        raise RunFailed(str(mistake), lasting=True) from None

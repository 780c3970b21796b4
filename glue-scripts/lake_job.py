"""The lake's Spark application: runs the steps named and exits, or serves requests on stdin.

On AWS Glue the package `lakewright` comes by `--extra-py-files`; manifest and locations are
arguments of the job. Arguments that Glue adds (`--JOB_NAME`, `--TempDir`, …) are passed over.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.manifest import ManifestError, parse_manifest
from lakewright.serve import serve
from lakewright.session import build_session
from lakewright.steps import Steps
from lakewright.storage import Storage

DEFAULT_STEPS = "initialise,silver,gold,quality"


def main(arguments: Sequence[str]) -> int:
    """Runs the application; gives the exit code."""
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
        print(f"{options.manifest}: {error}", file=sys.stderr)
        return 1
    steps = Steps(LakeContext(spark, manifest, Locations.parse(options.locations)))
    if options.mode == "serve":
        gateway: Any = spark.sparkContext._gateway
        java = getattr(gateway, "proc", None)
        serve(steps, {"pids": [os.getpid(), *([java.pid] if java is not None else [])]})
        return 0
    return run_once(steps, options.steps.split(","))


def run_once(steps: Steps, names: Sequence[str]) -> int:
    """Runs the steps one after the other and prints a JSON summary; 1 when any part failed."""
    summary: dict[str, Any] = {"ok": True, "steps": {}}
    for name in names:
        answer = steps.attempt(name.strip(), {}, lambda event: print(json.dumps(event)))
        summary["steps"][name] = answer.get("result", answer)
        if not answer["ok"] or failures(answer["result"]):
            summary["ok"] = False
        if not answer["ok"]:
            print(f"step {name}: {answer['error']}", file=sys.stderr)
            break
    steps.flush()
    print(json.dumps(summary, default=str))
    return 0 if summary["ok"] else 1


def failures(result: dict[str, Any]) -> list[str]:
    """Tables and models that a step could not do."""
    parts = [*result.get("tables", []), *result.get("models", [])]
    return [
        part.get("table") or part.get("model") for part in parts if part.get("status") == "failed"
    ]


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The job's arguments; what it does not know is AWS Glue's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", required=True, help="location of the lake's manifest")
    parser.add_argument("--locations", required=True, help="JSON object: layer to its root")
    parser.add_argument("--mode", choices=("once", "serve"), default="once")
    parser.add_argument("--steps", default=DEFAULT_STEPS, help="for --mode once, by comma")
    parser.add_argument("--local", action="store_true", help="Spark in this machine alone")
    parser.add_argument("--jars", help="folder of jars for the driver's class path")
    parser.add_argument("--memory", help="the driver's memory, as 4g")
    parser.add_argument("--scratch", help="folder for what Spark spills")
    return parser.parse_known_args(arguments)[0]


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except UserError as error:
        sys.exit(str(error))
    if code:
        # Glue takes an exit with 0 as success as well, but reports any other as a failure.
        sys.exit(code)

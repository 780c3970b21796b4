"""Hudi's own table services, run outside of a write: neither makes a commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

_MAX_COMMITS = 1500
"""Commits that stay readable at most, however young: two weeks of one every quarter of an hour. No
version is readable that is not listed. Each is a whole copy of the files it touched, and Hudi lists
them all several times a write: a small one on a local disk took 0.65 s with 300 of them, 0.86 s
with 1,500."""


def most_kept(commits: int) -> int:
    """How many commits stay readable where the history has so many."""
    return min(commits, _MAX_COMMITS)


def clean_and_archive(
    spark: SparkSession, location: str, options: Mapping[str, str], kept: int
) -> None:
    """Removes the versions before the newest `kept` commits, and from the timeline these commits.

    `options` are those of the table's writes. Kept by number, not by hours: by these Hudi counts
    from the first commit within them, and reads no version before it, not even the one that was
    current when they began.
    """
    policy = {
        "hoodie.cleaner.policy": "KEEP_LATEST_COMMITS",
        "hoodie.cleaner.commits.retained": str(kept),
        "hoodie.keep.min.commits": str(kept + 1),
        "hoodie.keep.max.commits": str(kept + 2),
    }
    context = spark.sparkContext
    jvm: Any = context._jvm
    client = jvm.org.apache.hudi.DataSourceUtils.createHoodieClient(
        context._jsc, None, location, options["hoodie.table.name"], {**options, **policy}
    )
    try:
        client.clean()
        client.archive()
    finally:
        client.close()

"""Hudi's own table services, run outside of a write: neither makes a commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

_MIN_COMMITS = 30
"""Commits that stay readable however old they are."""
_MAX_COMMITS = 1000
"""Commits that stay readable at most, however young: each is a whole copy of the files it touched,
and Hudi lists them all several times a write. It reads no version that is not listed."""


def clean_and_archive(
    spark: SparkSession,
    location: str,
    options: Mapping[str, str],
    history_days: int,
    recent_commits: int,
) -> None:
    """Removes file versions older than the history, and from the timeline the commits they are of.

    `options` are those of the table's writes, `recent_commits` how many commits the history has.
    """
    active = min(max(recent_commits, _MIN_COMMITS), _MAX_COMMITS)
    policy = {
        "hoodie.cleaner.policy": "KEEP_LATEST_BY_HOURS",
        "hoodie.cleaner.hours.retained": str(history_days * 24),
    }
    if recent_commits > active:
        policy = {
            "hoodie.cleaner.policy": "KEEP_LATEST_COMMITS",
            "hoodie.cleaner.commits.retained": str(active),
        }
    archival = {
        "hoodie.keep.min.commits": str(active + 1),
        "hoodie.keep.max.commits": str(active + 2),
    }
    context = spark.sparkContext
    jvm: Any = context._jvm
    client = jvm.org.apache.hudi.DataSourceUtils.createHoodieClient(
        context._jsc,
        None,
        location,
        options["hoodie.table.name"],
        {**options, **policy, **archival},
    )
    try:
        client.clean()
        client.archive()
    finally:
        client.close()

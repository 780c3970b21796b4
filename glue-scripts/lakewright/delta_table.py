"""Delta behind the table protocol."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from threading import RLock
from typing import Any
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lakewright.columns import as_nullable, empty_frame, quoted
from lakewright.oldest import mark_oldest, oldest_marked
from lakewright.storage import Storage
from lakewright.table import (
    LAYOUT_KEY,
    METADATA_KEY,
    Commit,
    carried_on,
    current_at,
    newest_metadata,
)

DELETED = "_lw_delete_row"
"""Column of the merge's source that tells deletes from upserts; never stored."""
_COMPACTION = {"minFileSize": 16 * 1024**2, "maxFileSize": 64 * 1024**2}
"""Bytes below which files are joined, and up to which: a merge rewrites every file it touches."""
_USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata"


class DeltaLakeTable:
    """A Delta table at a location. One writer at a time; reads are safe from any thread."""

    def __init__(
        self, spark: SparkSession, location: str, key: list[str], partition_by: list[str]
    ) -> None:
        self.key = key
        self.location = location
        self._log = f"{location}/_delta_log"
        self._layout = f"key {key}, partitions {partition_by}"
        self._spark = spark
        self._storage = Storage(spark)
        self._partition_by = partition_by
        self._lock = RLock()
        self._own_session: SparkSession | None = None

    def refresh(self) -> None:
        """Nothing is kept: Delta has a cache of its own."""

    def exists(self) -> bool:
        return bool(self._versions())

    def fits(self) -> bool:
        written = _written(self._info(self._versions()[-1]))
        return bool(written.get(LAYOUT_KEY, self._layout) == self._layout)

    def create(self, schema: StructType, metadata: dict[str, Any]) -> None:
        if not self.exists():
            self._storage.delete(self.location)
        self.overwrite(empty_frame(self._spark, schema), metadata)

    def schema(self) -> StructType:
        return self.read().schema

    def read(self, version: str | None = None, session: SparkSession | None = None) -> DataFrame:
        reader = (session or self._spark).read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        return reader.load(self.location)

    def partitions(self) -> list[str]:
        """None: the log names every file."""
        return []

    def version(self) -> str:
        return str(self._versions()[-1])

    def metadata(self) -> dict[str, Any]:
        return newest_metadata(self._commit(version) for version in reversed(self._versions()))

    def commits(self, after: str | None = None) -> list[Commit] | None:
        versions = self._versions(readable=True)
        if after is not None:
            if not versions[0] - 1 <= int(after) <= versions[-1]:
                return None
            versions = [version for version in versions if version > int(after)]
        return [self._commit(version) for version in versions]

    def apply(
        self, upserts: DataFrame | None, deletes: DataFrame | None, metadata: dict[str, Any]
    ) -> str:
        with self._lock:
            if upserts is not None:
                self._add_columns(upserts.schema)
            before = self.version()
            if upserts is not None or deletes is not None:
                self._merge(upserts, deletes, metadata)
            if self.version() == before:
                self._commit_metadata(metadata)
            return self.version()

    def overwrite(self, rows: DataFrame, metadata: dict[str, Any]) -> str:
        before = self._versions()
        writer = as_nullable(rows).write.format("delta").mode("overwrite")
        writer = writer.option("overwriteSchema", "true").partitionBy(*self._partition_by)
        writer.option("userMetadata", self._with_layout(metadata)).save(self.location)
        if self._versions() == before:
            # Delta leaves out the commit that replaces nothing by nothing.
            self._commit_metadata(metadata)
        return self.version()

    def compact(self) -> None:
        with self._lock:
            session = self._session(carried_on(self.metadata()))
            for name, size in _COMPACTION.items():
                session.conf.set(f"spark.databricks.delta.optimize.{name}", size)
            session.sql(f"OPTIMIZE {self._name}")

    def expire(self, since: datetime) -> None:
        with self._lock:
            age = datetime.now(timezone.utc) - since
            session = self._session(carried_on(self.metadata()))
            self._set_properties(session, age.days)
            versions = self._versions()
            oldest = current_at(versions, since, lambda version: _time(self._info(version)))
            if oldest not in (None, versions[0]):
                mark_oldest(self._storage, self._log, f"{oldest:020d}")
            session.conf.set("spark.databricks.delta.retentionDurationCheck.enabled", "false")
            # By default a vacuum lists in 10,000 tasks, however small the table.
            tasks = session.sparkContext.defaultParallelism
            session.conf.set("spark.sql.sources.parallelPartitionDiscovery.parallelism", tasks)
            # Else it makes two commits.
            session.conf.set("spark.databricks.delta.vacuum.logging.enabled", "false")
            # A vacuum counts from its own begin, which is later than ours: an hour is to spare.
            hours = age // timedelta(hours=1) + 1
            session.sql(f"VACUUM {self._name} RETAIN {hours} HOURS")
            if oldest is not None:
                self._remove_log(oldest)

    def _set_properties(self, session: SparkSession, days: int) -> None:
        """Has Delta leave its log to us: it removes entries by their age alone, also those that a
        version is made of which is old and current still."""
        properties = {
            "delta.enableExpiredLogCleanup": "false",
            "delta.deletedFileRetentionDuration": f"interval {days} days",
        }
        found = session.sql(f"SHOW TBLPROPERTIES {self._name}").collect()
        known = {row["key"]: row["value"] for row in found}
        if any(known.get(name) != value for name, value in properties.items()):
            pairs = ", ".join(f"'{name}' = '{value}'" for name, value in properties.items())
            session.sql(f"ALTER TABLE {self._name} SET TBLPROPERTIES ({pairs})")

    def _remove_log(self, oldest: int) -> None:
        """Removes what no version from that one on is made of: all before its checkpoint."""
        names = self._storage.list(self._log)
        checkpoints = [name for name in names if name[20:] == ".checkpoint.parquet"]
        start = max((name[:20] for name in checkpoints if int(name[:20]) <= oldest), default="")
        for name in names:
            if name[:20].isdigit() and name[:20] < start:
                self._storage.delete(f"{self._log}/{name}")

    @property
    def _name(self) -> str:
        """The table as SQL names it."""
        return f"delta.`{self.location}`"

    def _merge(
        self, upserts: DataFrame | None, deletes: DataFrame | None, metadata: dict[str, Any]
    ) -> None:
        schema = self.schema()
        rows = upserts if upserts is not None else empty_frame(self._spark, schema)
        missing = [field for field in schema.fields if field.name not in rows.columns]
        rows = rows.withColumns({f.name: F.lit(None).cast(f.dataType) for f in missing})
        source = rows.withColumn(DELETED, F.lit(False))
        if deletes is not None:
            gone = deletes.select(*self.key).withColumn(DELETED, F.lit(True))
            kept = source.select(*self.key)
            gone = gone.join(kept, self.key, "left_anti")
            source = source.unionByName(gone, True)
        # A global view, for the rows belong to another session than the merge.
        view = f"merge_{uuid4().hex}"
        source.createGlobalTempView(view)
        try:
            statement = self._merge_statement(f"global_temp.{view}", schema.fieldNames())
            self._session(metadata).sql(statement)
        finally:
            self._spark.catalog.dropGlobalTempView(view)

    def _merge_statement(self, view: str, columns: list[str]) -> str:
        matches = " AND ".join(f"stored.{name} = source.{name}" for name in map(quoted, self.key))
        names = list(map(quoted, columns))
        updates = ", ".join(f"{name} = source.{name}" for name in names)
        values = ", ".join(f"source.{name}" for name in names)
        return (
            f"MERGE INTO {self._name} AS stored USING {view} AS source ON {matches}"
            f" WHEN MATCHED AND source.{DELETED} THEN DELETE"
            f" WHEN MATCHED THEN UPDATE SET {updates}"
            f" WHEN NOT MATCHED AND NOT source.{DELETED} THEN INSERT ({', '.join(names)})"
            f" VALUES ({values})"
        )

    def _add_columns(self, wanted: StructType) -> None:
        stored = set(self.schema().fieldNames())
        new = [field for field in wanted.fields if field.name not in stored]
        if new:
            columns = ", ".join(f"{quoted(f.name)} {f.dataType.simpleString()}" for f in new)
            session = self._session(carried_on(self.metadata()))
            session.sql(f"ALTER TABLE {self._name} ADD COLUMNS ({columns})")

    def _commit_metadata(self, metadata: dict[str, Any]) -> None:
        """A commit without rows: the transaction identifier keeps Delta from leaving it out."""
        version = int(self.version()) + 1
        writer = empty_frame(self._spark, self.schema()).write.format("delta").mode("append")
        writer = writer.option("txnAppId", METADATA_KEY).option("txnVersion", version)
        writer.option("userMetadata", self._with_layout(metadata)).save(self.location)

    def _session(self, metadata: dict[str, Any]) -> SparkSession:
        """A session of the table's own: a merge takes its commit metadata from the session."""
        if self._own_session is None:
            self._own_session = self._spark.newSession()
        self._own_session.conf.set(_USER_METADATA, self._with_layout(metadata))
        return self._own_session

    def _versions(self, readable: bool = False) -> list[int]:
        """Versions whose log entry is there, oldest first; all, or those that can be read."""
        names = self._storage.list(self._log)
        first = oldest_marked(names) if readable else ""
        return [
            int(name[:20])
            for name in names
            if name[20:] == ".json" and name[:20].isdigit() and name[:20] >= first
        ]

    def _info(self, version: int) -> dict[str, Any]:
        line = self._storage.read_first_line(f"{self._log}/{version:020d}.json")
        info: dict[str, Any] = json.loads(line)["commitInfo"]
        return info

    def _commit(self, version: int) -> Commit:
        info = self._info(version)
        return Commit(
            version=str(version),
            at=_time(info),
            operation=info["operation"],
            metadata=_written(info).get(METADATA_KEY, {}),
        )

    def _with_layout(self, metadata: dict[str, Any]) -> str:
        return json.dumps({METADATA_KEY: metadata, LAYOUT_KEY: self._layout})


def _written(info: dict[str, Any]) -> dict[str, Any]:
    """What a commit carries of ours."""
    content: dict[str, Any] = json.loads(info.get("userMetadata") or "{}")
    return content


def _time(info: dict[str, Any]) -> datetime:
    """When a commit was made (UTC)."""
    return datetime.fromtimestamp(info["timestamp"] / 1000, timezone.utc)

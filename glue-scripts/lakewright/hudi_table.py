"""Hudi copy-on-write behind the table protocol.

Keys find their file by hash (BUCKET index), so that an upsert looks nothing up. There is no
metadata table and no timeline server: for tables of this size they cost more than they save.
Sources of the traps handled here: Hudi 0.15 configuration reference, and trials.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DecimalType, MapType, StructType

from lakewright.columns import as_nullable, empty_frame
from lakewright.hudi_files import BaseFiles
from lakewright.hudi_services import clean_and_archive, most_kept
from lakewright.oldest import mark_oldest, oldest_marked
from lakewright.storage import Storage
from lakewright.table import LAYOUT_KEY, METADATA_KEY, Commit, current_at, newest_metadata

DELETED = "_hoodie_is_deleted"
"""Column by which Hudi takes a row of an upsert as a delete."""
COMMIT_SUFFIXES = (".commit", ".replacecommit")

_OPTIONS = {
    "hoodie.datasource.write.table.type": "COPY_ON_WRITE",
    "hoodie.datasource.write.payload.class": (
        "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload"
    ),
    "hoodie.datasource.write.hive_style_partitioning": "true",
    "hoodie.datasource.write.schema.allow.auto.evolution.column.drop": "true",
    "hoodie.datasource.write.commitmeta.key.prefix": METADATA_KEY,
    "hoodie.index.type": "BUCKET",
    "hoodie.index.bucket.engine": "SIMPLE",
    "hoodie.combine.before.insert": "false",
    "hoodie.combine.before.upsert": "false",
    "hoodie.metadata.enable": "false",
    "hoodie.embed.timeline.server": "false",
    "hoodie.write.markers.type": "DIRECT",
    "hoodie.clean.automatic": "false",
    "hoodie.archive.automatic": "false",
    "hoodie.upsert.shuffle.parallelism": "2",
    "hoodie.bulkinsert.shuffle.parallelism": "2",
    "hoodie.parquet.compression.codec": "snappy",
    # Keys are found by bucket; a filter of 430 kB in every file would only be read along.
    "hoodie.parquet.bloom.filter.enabled": "false",
}


class HudiLakeTable:
    """A Hudi table at a location. One writer at a time; reads are safe from any thread."""

    def __init__(
        self,
        spark: SparkSession,
        location: str,
        key: list[str],
        partition_by: list[str],
        buckets: int,
        name: str,
    ) -> None:
        self.key = key
        self.location = location
        self._layout = f"key {key}, partitions {partition_by}, buckets {buckets}"
        self._spark = spark
        self._storage = Storage(spark)
        self._partition_by = partition_by
        self._schema = ("", StructType())
        self._log = f"{location}/.hoodie"
        self._timeline: list[str] | None = None
        self._oldest = ""
        self._last_commit: tuple[str, dict[str, Any]] = ("", {})
        self._files = BaseFiles()
        self._options = {
            **_OPTIONS,
            "hoodie.table.name": name,
            "hoodie.datasource.write.recordkey.field": ",".join(key),
            "hoodie.bucket.index.hash.field": ",".join(key),
            "hoodie.bucket.index.num.buckets": str(buckets),
            **_key_generator(key, partition_by),
        }

    def refresh(self) -> None:
        self._timeline = None

    def exists(self) -> bool:
        return bool(self._instants())

    def fits(self) -> bool:
        written = self._content(self._instants()[-1])["extraMetadata"]
        return bool(written.get(LAYOUT_KEY, self._layout) == self._layout)

    def create(self, schema: StructType, metadata: dict[str, Any]) -> None:
        self._storage.delete(self.location)
        self._write(empty_frame(self._spark, schema), "upsert", metadata, mode="overwrite")

    def schema(self) -> StructType:
        version = self.version()
        known, columns = self._schema
        if known != version:
            columns = self._by_hudi(self._spark.read).schema
            self._schema = (version, columns)
        return columns

    def read(self, version: str | None = None, session: SparkSession | None = None) -> DataFrame:
        reader = (session or self._spark).read
        newest = self.version()
        if version not in (None, newest):
            return self._by_hudi(reader, version)
        columns = self.schema()
        files = self._files.at(self._instants(), self._content, self._listed)
        if not files:
            return empty_frame(session or self._spark, columns)
        return reader.schema(columns).parquet(*(f"{self.location}/{path}" for path in files))

    def _by_hudi(self, reader: DataFrameReader, version: str | None = None) -> DataFrame:
        options = {"hoodie.metadata.enable": "false"}
        if version is not None:
            options["as.of.instant"] = version
        rows = reader.format("hudi").options(**options).load(self.location)
        return rows.drop(*(name for name in rows.columns if name.startswith("_hoodie_")))

    def _listed(self) -> list[str]:
        """The newest base files as Hudi finds them, relative to the table."""
        start = len(self.location) + 1
        files = self._by_hudi(self._spark.read).inputFiles()
        return [path[path.index(self.location) + start :] for path in files]

    def partitions(self) -> list[str]:
        folders = [""] if self._partition_by else []
        for column in self._partition_by:
            folders = [
                f"{folder}/{name}".lstrip("/")
                for folder in folders
                for name in self._storage.list(f"{self.location}/{folder}".rstrip("/"))
                if name.startswith(f"{column}=")
            ]
        return folders

    def version(self) -> str:
        return self._instants()[-1].split(".")[0]

    def metadata(self) -> dict[str, Any]:
        return newest_metadata(self._commit(instant) for instant in reversed(self._instants()))

    def commits(self, after: str | None = None) -> list[Commit] | None:
        instants = [instant for instant in self._instants() if instant >= self._oldest]
        if after is not None:
            if not instants[0].split(".")[0] <= after <= self.version():
                return None
            instants = [instant for instant in instants if instant.split(".")[0] > after]
        return [self._commit(instant) for instant in instants]

    def apply(
        self, upserts: DataFrame | None, deletes: DataFrame | None, metadata: dict[str, Any]
    ) -> str:
        stored = self.schema()
        rows = upserts if upserts is not None else empty_frame(self._spark, stored)
        missing = [field for field in stored.fields if field.name not in rows.columns]
        rows = rows.withColumns({f.name: F.lit(None).cast(f.dataType) for f in missing})
        rows = rows.withColumn(DELETED, F.lit(False))
        if deletes is not None:
            gone = deletes.select(*dict.fromkeys([*self.key, *self._partition_by]))
            rows = rows.unionByName(gone.withColumn(DELETED, F.lit(True)), True)
        version = self._write(rows, "upsert", metadata)
        added = [field for field in self._schema[1] if field.name not in stored.fieldNames()]
        self._schema = (version, StructType([*stored.fields, *added]))
        return version

    def overwrite(self, rows: DataFrame, metadata: dict[str, Any]) -> str:
        # bulk_insert is quickest, but only into a table that nothing was written to yet: as an
        # overwrite it deletes history or lays files out in a way that later upserts fail on.
        fresh = len(self._instants()) == 1
        layout = _first_load_layout(rows.schema) if fresh else {}
        # No schema check: nothing stored is read by the new schema, and it knows few widenings.
        return self._write(
            rows.withColumn(DELETED, F.lit(False)),
            "bulk_insert" if fresh else "insert_overwrite_table",
            metadata,
            {"hoodie.avro.schema.validate": "false", **layout},
        )

    def compact(self) -> None:
        """Nothing: the number of files is fixed, and each upsert rewrites those that it touches."""

    def expire(self, since: datetime) -> None:
        instants = self._instants()
        oldest = current_at(instants, since, _committed_at) or instants[0]
        kept = most_kept(len(instants) - instants.index(oldest))
        try:
            if kept < len(instants):
                mark_oldest(self._storage, self._log, instants[-kept].split(".")[0])
            clean_and_archive(self._spark, self.location, self._options, kept)
        finally:
            self.refresh()

    def _write(
        self,
        rows: DataFrame,
        operation: str,
        metadata: dict[str, Any],
        options: dict[str, str] | None = None,
        mode: str = "append",
    ) -> str:
        written = as_nullable(rows)
        writer = written.write.format("hudi").options(**self._options)
        writer = writer.option("hoodie.datasource.write.operation", operation)
        writer = writer.option(METADATA_KEY, json.dumps(metadata))
        writer = writer.option(LAYOUT_KEY, self._layout).options(**(options or {}))
        try:
            writer.mode(mode).save(self.location)
        finally:
            self.refresh()
        version = self.version()
        self._schema = (version, written.drop(DELETED).schema)
        return version

    def _instants(self) -> list[str]:
        """File names of the completed commits on the active timeline, oldest first."""
        found = self._timeline
        if found is None:
            names = self._storage.list(self._log)
            self._oldest = oldest_marked(names)
            found = self._timeline = [name for name in names if name.endswith(COMMIT_SUFFIXES)]
        return found

    def _commit(self, instant: str) -> Commit:
        content = self._content(instant)
        version = instant.split(".")[0]
        return Commit(
            version=version,
            at=_committed_at(instant),
            operation=content.get("operationType", "unknown").lower(),
            metadata=json.loads((content.get("extraMetadata") or {}).get(METADATA_KEY) or "{}"),
        )

    def _content(self, instant: str) -> dict[str, Any]:
        """What a commit's file says; that of the newest is asked for several times."""
        known, content = self._last_commit
        if known != instant:
            content = json.loads(self._storage.read_text(f"{self._log}/{instant}"))
            if instant == self._instants()[-1]:
                self._last_commit = (instant, content)
        return content


def _committed_at(instant: str) -> datetime:
    """The time that an instant's file name tells."""
    return datetime.strptime(instant.split(".")[0], "%Y%m%d%H%M%S%f").replace(tzinfo=timezone.utc)


def _first_load_layout(schema: StructType) -> dict[str, str]:
    """How bulk_insert must write Parquet so that upserts, which read through Avro, understand it.

    Spark's own layout has small decimals as INT64, which Avro takes for unscaled numbers (Hudi's
    detection of them leaves out a precision of 18); its legacy layout has lists in a form that
    Avro reads wrong. Rows with both are written through Avro, which is slower.
    """
    decimals = _any_type(schema, lambda type: isinstance(type, DecimalType) and type.precision < 19)
    collections = _any_type(schema, lambda type: isinstance(type, (ArrayType, MapType)))
    return {
        "hoodie.datasource.write.row.writer.enable": str(not (decimals and collections)).lower(),
        "hoodie.parquet.writelegacyformat.enabled": str(decimals and not collections).lower(),
    }


def _any_type(type: DataType, matches: Callable[[DataType], bool]) -> bool:
    """Whether the type or one inside it matches."""
    inner: list[DataType] = []
    if isinstance(type, StructType):
        inner = [field.dataType for field in type.fields]
    elif isinstance(type, ArrayType):
        inner = [type.elementType]
    elif isinstance(type, MapType):
        inner = [type.keyType, type.valueType]
    return matches(type) or any(_any_type(each, matches) for each in inner)


def _key_generator(key: list[str], partition_by: list[str]) -> dict[str, str]:
    """Hudi's key generator, always named: AWS Glue's default differs for a single key column."""
    partitions = ",".join(partition_by)
    if not partition_by:
        generator = "NonpartitionedKeyGenerator"
    elif len(key) > 1:
        generator = "ComplexKeyGenerator"
    elif len(partition_by) == 1:
        generator = "SimpleKeyGenerator"
    else:
        generator = "CustomKeyGenerator"
        partitions = ",".join(f"{column}:simple" for column in partition_by)
    return {
        "hoodie.datasource.write.keygenerator.class": f"org.apache.hudi.keygen.{generator}",
        "hoodie.datasource.write.partitionpath.field": partitions,
    }

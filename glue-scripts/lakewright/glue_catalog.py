"""The AWS Glue Data Catalog. Tables are created by the Pulumi program; here they are kept up.

Limits of a request (100 partitions to create, 25 to delete) are those of the Glue API reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql.types import StructType

from lakewright.catalog import Layer

CREATED_AT_ONCE = 100
DELETED_AT_ONCE = 25
TABLE_INPUT = (
    "Name",
    "Description",
    "Owner",
    "LastAccessTime",
    "LastAnalyzedTime",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "TableType",
    "Parameters",
)
"""What of a table as Glue gives it may be given back."""


@dataclass(frozen=True)
class TableNames:
    """How the tables of a layer are named in the catalog."""

    database: str
    prefix: str = ""

    @staticmethod
    def parse(text: str) -> dict[str, TableNames]:
        """From the job's `--catalog`: a JSON object, layer to database and prefix."""
        return {layer: TableNames(**names) for layer, names in json.loads(text).items()}


@dataclass
class GlueCatalog:
    """The catalog by boto3's client for Glue."""

    client: Any
    names: Mapping[str, TableNames]
    _known: dict[tuple[str, str], set[tuple[str, ...]]] = field(default_factory=dict)
    """Partitions that the catalog has, by layer and table."""

    def put_partitions(self, layer: Layer, name: str, location: str, folders: list[str]) -> None:
        at = self._named(layer, name)
        wanted = {_values(folder): folder for folder in folders}
        if (layer, name) not in self._known:
            self._known[layer, name] = set(self._partitions(at))
        known = self._known[layer, name]
        new = [values for values in wanted if values not in known]
        stale = [values for values in known if values not in wanted]
        if new:
            storage = self._table(layer, name)["StorageDescriptor"]
            entries = [
                {
                    "Values": list(values),
                    "StorageDescriptor": {**storage, "Location": f"{location}/{wanted[values]}"},
                }
                for values in new
            ]
            for some in _pieces(entries, CREATED_AT_ONCE):
                answer = self.client.batch_create_partition(**at, PartitionInputList=some)
                _refuse(answer, "create", at, allowed="AlreadyExistsException")
            known.update(new)
        for gone in _pieces(stale, DELETED_AT_ONCE):
            entries = [{"Values": list(values)} for values in gone]
            answer = self.client.batch_delete_partition(**at, PartitionsToDelete=entries)
            _refuse(answer, "delete", at, allowed="EntityNotFoundException")
            known.difference_update(gone)

    def put_columns(self, layer: Layer, name: str, columns: StructType) -> None:
        table = self._table(layer, name)
        storage = table["StorageDescriptor"]
        partitions = {column["Name"].lower() for column in table.get("PartitionKeys", [])}
        found = {
            field.name.lower(): hive_type(field.dataType.simpleString())
            for field in columns.fields
            if field.name.lower() not in partitions
        }
        stored = [
            {**column, "Type": found.pop(column["Name"].lower(), column["Type"])}
            for column in storage["Columns"]
        ]
        after = [*stored, *({"Name": column, "Type": type} for column, type in found.items())]
        if after == storage["Columns"]:
            return
        given = {key: table[key] for key in TABLE_INPUT if key in table}
        self.client.update_table(
            DatabaseName=self.names[layer].database,
            TableInput={**given, "StorageDescriptor": {**storage, "Columns": after}},
            # A version of the table for every change would near the quota of versions.
            SkipArchive=True,
        )

    def _table(self, layer: Layer, name: str) -> dict[str, Any]:
        at = self._named(layer, name)
        answer = self.client.get_table(DatabaseName=at["DatabaseName"], Name=at["TableName"])
        table: dict[str, Any] = answer["Table"]
        return table

    def _partitions(self, at: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
        pages = self.client.get_paginator("get_partitions")
        for page in pages.paginate(**at, ExcludeColumnSchema=True):
            for partition in page["Partitions"]:
                yield tuple(partition["Values"])

    def _named(self, layer: Layer, name: str) -> dict[str, str]:
        names = self.names[layer]
        return {"DatabaseName": names.database, "TableName": f"{names.prefix}{name}"}


def hive_type(spark_type: str) -> str:
    """Hive's name of a Spark type: the same but for timestamps without time zone."""
    return spark_type.replace("timestamp_ntz", "timestamp").replace("timestamp_ltz", "timestamp")


def _values(folder: str) -> tuple[str, ...]:
    return tuple(part.split("=", 1)[1] for part in folder.split("/"))


def _pieces(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _refuse(answer: Mapping[str, Any], verb: str, at: Mapping[str, str], allowed: str) -> None:
    """RuntimeError for the first partition that Glue did not create or delete."""
    for error in answer.get("Errors", []):
        detail = error["ErrorDetail"]
        if detail["ErrorCode"] != allowed:
            table = f"{at['DatabaseName']}.{at['TableName']}"
            values = "/".join(error["PartitionValues"])
            raise RuntimeError(
                f"Glue did not {verb} partition {values} of {table}:"
                f" {detail['ErrorCode']}: {detail.get('ErrorMessage', '')}"
            )

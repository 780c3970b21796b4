"""The catalog of AWS Glue, by a client that keeps what it is told as Glue does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pyspark.sql.types import ArrayType, DecimalType, LongType, StringType, StructField, StructType

from lakewright.glue_catalog import GlueCatalog, TableNames

LOCATION = "s3://silver/orders"


TABLE: dict[str, Any] = {
    "Name": "s_orders",
    "DatabaseName": "db",
    "CreatedBy": "arn:aws:iam::123456789012:role/deploy",
    "VersionId": "4",
    "Parameters": {"classification": "hudi"},
    "PartitionKeys": [{"Name": "day", "Type": "string"}],
    "StorageDescriptor": {
        "Location": LOCATION,
        "InputFormat": "org.apache.hudi.hadoop.HoodieParquetInputFormat",
        "Columns": [
            {"Name": "_hoodie_commit_time", "Type": "string"},
            {"Name": "id", "Type": "bigint", "Comment": "its number"},
            {"Name": "price", "Type": "decimal(12,2)"},
        ],
    },
}


@dataclass
class FakeGlue:
    """One table `orders` of the database `db`, partitioned by `day`."""

    partitions: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    update: dict[str, Any] | None = None
    error: str | None = None

    def get_table(self, DatabaseName: str, Name: str) -> dict[str, Any]:
        assert (DatabaseName, Name) == ("db", "s_orders")
        self.calls.append("get_table")
        return {"Table": TABLE}

    def get_paginator(self, operation: str) -> FakeGlue:
        self.calls.append(operation)
        return self

    def paginate(self, **at: Any) -> Iterator[dict[str, Any]]:
        assert at == {"DatabaseName": "db", "TableName": "s_orders", "ExcludeColumnSchema": True}
        for values in self.partitions:
            yield {"Partitions": [{"Values": list(values)}]}

    def batch_create_partition(
        self, DatabaseName: str, TableName: str, PartitionInputList: list[dict[str, Any]]
    ) -> dict[str, Any]:
        assert len(PartitionInputList) <= 100
        self.calls.append("create")
        if self.error:
            detail = {"ErrorCode": self.error, "ErrorMessage": "why"}
            values = PartitionInputList[0]["Values"]
            return {"Errors": [{"PartitionValues": values, "ErrorDetail": detail}]}
        for entry in PartitionInputList:
            self.partitions[tuple(entry["Values"])] = entry["StorageDescriptor"]
        return {"Errors": []}

    def batch_delete_partition(
        self, DatabaseName: str, TableName: str, PartitionsToDelete: list[dict[str, Any]]
    ) -> dict[str, Any]:
        assert len(PartitionsToDelete) <= 25
        self.calls.append("delete")
        for entry in PartitionsToDelete:
            del self.partitions[tuple(entry["Values"])]
        return {}

    def update_table(self, **request: Any) -> None:
        self.update = request


def catalog(glue: FakeGlue) -> GlueCatalog:
    names = TableNames.parse('{"silver": {"database": "db", "prefix": "s_"}}')
    return GlueCatalog(glue, names)


def put(catalog: GlueCatalog, *days: str) -> None:
    catalog.put_partitions("silver", "orders", LOCATION, [f"day={day}" for day in days])


def test_a_new_partition_is_created_with_the_tables_form_and_its_own_location() -> None:
    glue = FakeGlue()
    put(catalog(glue), "2026-01-31")
    assert glue.partitions == {
        ("2026-01-31",): {
            **TABLE["StorageDescriptor"],
            "Location": f"{LOCATION}/day=2026-01-31",
        }
    }


def test_partitions_that_are_there_cost_one_listing_however_often_they_are_put() -> None:
    glue = FakeGlue(partitions={("1",): {}, ("2",): {}})
    kept = catalog(glue)
    put(kept, "1", "2")
    put(kept, "1", "2")
    assert glue.calls == ["get_partitions"]


def test_partitions_without_a_folder_are_removed() -> None:
    glue = FakeGlue(partitions={(str(day),): {} for day in range(30)})
    put(catalog(glue), "0")
    assert list(glue.partitions) == [("0",)]
    assert glue.calls.count("delete") == 2


def test_many_partitions_are_created_in_requests_that_glue_takes() -> None:
    glue = FakeGlue()
    put(catalog(glue), *(str(day) for day in range(250)))
    assert (len(glue.partitions), glue.calls.count("create")) == (250, 3)


def test_a_partition_that_another_created_meanwhile_is_no_error_and_a_refusal_is() -> None:
    put(catalog(FakeGlue(error="AlreadyExistsException")), "1")
    with pytest.raises(RuntimeError, match=r"did not create partition 1 of db\.s_orders: Denied"):
        put(catalog(FakeGlue(error="Denied")), "1")


def test_values_of_several_partition_columns_come_in_their_order() -> None:
    glue = FakeGlue()
    catalog(glue).put_partitions("silver", "orders", LOCATION, ["day=1/kind=a=b"])
    assert list(glue.partitions) == [("1", "a=b")]


def columns(*fields: StructField) -> StructType:
    return StructType([StructField("id", LongType()), *fields, StructField("day", StringType())])


def test_new_columns_are_added_changed_ones_retyped_and_nothing_else_is_touched() -> None:
    glue = FakeGlue()
    wider = StructField("price", DecimalType(14, 2))
    tags = StructField("Tags", ArrayType(StringType()))
    catalog(glue).put_columns("silver", "orders", columns(wider, tags))
    assert glue.update is not None
    assert glue.update["SkipArchive"] is True
    table = glue.update["TableInput"]
    assert set(table) == {"Name", "Parameters", "PartitionKeys", "StorageDescriptor"}
    assert table["StorageDescriptor"]["Columns"] == [
        {"Name": "_hoodie_commit_time", "Type": "string"},
        {"Name": "id", "Type": "bigint", "Comment": "its number"},
        {"Name": "price", "Type": "decimal(14,2)"},
        {"Name": "tags", "Type": "array<string>"},
    ]
    assert table["StorageDescriptor"]["InputFormat"].endswith("HoodieParquetInputFormat")


def test_a_table_whose_columns_the_catalog_has_is_not_written() -> None:
    glue = FakeGlue()
    # A column that the source dropped stays.
    catalog(glue).put_columns("silver", "orders", columns())
    assert glue.update is None

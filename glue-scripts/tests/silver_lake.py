"""A lake of one table whose bronze files the tests write by hand."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from lakewright.context import LakeContext
from lakewright.csv_files import NULL
from lakewright.locations import Locations
from lakewright.manifest import Manifest, parse_manifest
from lakewright.silver import apply_table
from lakewright.table_run import TableResult

COLUMNS = {
    "id": ("bigint", pa.int64()),
    "name": ("string", pa.string()),
    "price": ("decimal(12,2)", pa.decimal128(12, 2)),
    "day": ("string", pa.string()),
    "at": ("timestamp", pa.timestamp("us")),
}
SQL = """-- One row per thing.
SELECT id, upper(trim(name)) AS name, price, day, at -- as of the source
FROM thing"""
AT = datetime(2026, 1, 2, 3, 4, 5, 678901)


def manifest(table: dict[str, Any] | None = None, **settings: Any) -> Manifest:
    """A manifest with the table `thing`; `table` overrides its entries."""
    thing = {
        "name": "thing",
        "description": "A thing.",
        "source_schema": "public",
        "source_table": "thing",
        "key": ["id"],
        "source_columns": [{"name": n, "type": spark} for n, (spark, _) in COLUMNS.items()],
        "files": None,
        "sql": SQL,
        "format": "hudi",
        "partition_by": [],
        "buckets": 2,
        "tenant_column": None,
        "deletes": "hard",
        "evolution": "additive",
        "rules": [{"name": "price", "check": "price >= 0", "reason": "price below zero"}],
        "quality": [],
        "columns": [],
        **(table or {}),
    }
    return parse_manifest(
        json.dumps(
            {
                "version": 1,
                "lake": "test",
                "history_days": 7,
                "listing_days": 3,
                "quality_threshold": 0.99,
                "gate_threshold": None,
                "max_lob_kb": 0,
                "bronze_format": "parquet",
                "tenancy": None,
                "control": {
                    "schema": "lakewright",
                    "truncations": "truncation",
                    "heartbeat": "heartbeat",
                },
                "tables": [thing, *settings.pop("more_tables", [])],
                "models": [],
                **settings,
            }
        )
    )


@dataclass
class Bronze:
    """Writes bronze files of one source table as DMS does."""

    root: Path
    table: str = "thing"
    schema: str = "public"
    types: dict[str, pa.DataType] = field(
        default_factory=lambda: {name: arrow for name, (_, arrow) in COLUMNS.items()}
    )
    csv: bool = False
    """Whether files are gzipped CSV."""
    _clock: int = 0

    def load(self, rows: Sequence[dict[str, Any]], epoch: str = "e0001", number: int = 1) -> None:
        """One file of the full load, not yet declared complete."""
        full = [{"Op": "I", "dms_timestamp": "2026-01-01 00:00:00.000000", **row} for row in rows]
        self._write(self._folder(epoch) / f"LOAD{number:08X}.{self._suffix}", full, key=())

    def complete(self, epoch: str = "e0001") -> None:
        (self._folder(epoch) / "_LOAD_COMPLETE").write_text('{"rows": 0}')

    def changes(
        self,
        *rows: dict[str, Any],
        epoch: str = "e0001",
        day: str = "20260110",
        name: str | None = None,
        key: Sequence[str] = ("id",),
        types: dict[str, pa.DataType] | None = None,
    ) -> Path:
        """A change file; each row from `change`."""
        self._clock += 1
        name = name or f"{day}-{self._clock:09d}.{self._suffix}"
        path = self._folder(epoch) / day[:4] / day[4:6] / day[6:] / name
        self._write(path, rows, key, types)
        return path

    def _folder(self, epoch: str) -> Path:
        folder = self.root / epoch / self.schema / self.table
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _write(
        self,
        path: Path,
        rows: Sequence[dict[str, Any]],
        key: Sequence[str],
        types: dict[str, pa.DataType] | None = None,
    ) -> None:
        types = types or self.types
        head = {name: pa.string() for name in ("Op", "dms_timestamp", "dms_change_seq")}
        before = {f"BI_{name}": types[name] for name in key}
        schema = pa.schema(list({**head, **types, **before}.items()))
        path.parent.mkdir(parents=True, exist_ok=True)
        values = [{name: row.get(name) for name in schema.names} for row in rows]
        if path.name.endswith(".csv.gz"):
            write_csv(path, schema.names, values)
        else:
            pq.write_table(pa.Table.from_pylist(values, schema), path)

    @property
    def _suffix(self) -> str:
        return "csv.gz" if self.csv else "parquet"


def write_csv(path: Path, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """A file as DMS writes it: gzipped, values that need it quoted, null by its name."""
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        file.write(",".join(names) + "\n")
        for row in rows:
            file.write(",".join(_csv_value(row[name]) for name in names) + "\n")


def _csv_value(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if re.search('[",\n\r]', text) else text


def thing(id: int, name: str = "a", price: str = "1.00", day: str = "d1") -> dict[str, Any]:
    return {"id": id, "name": name, "price": Decimal(price), "day": day, "at": AT}


def change(
    operation: str, sequence: int, row: dict[str, Any], second: int | None = None, **before: Any
) -> dict[str, Any]:
    """A change row; `second` sets its commit time (default: one transaction per sequence)."""
    second = sequence if second is None else second
    return {
        "Op": operation,
        "dms_timestamp": f"2026-01-10 00:{second // 60:02d}:{second % 60:02d}.000001",
        "dms_change_seq": f"{sequence:035d}",
        **row,
        **{f"BI_{name}": value for name, value in before.items()},
    }


def insert(sequence: int, id: int, name: str = "a", **more: Any) -> dict[str, Any]:
    second = more.pop("second", None)
    return change("I", sequence, thing(id, name, **more), second)


def update(sequence: int, id: int, name: str = "a", **more: Any) -> dict[str, Any]:
    second, before = more.pop("second", None), more.pop("before", id)
    return change("U", sequence, thing(id, name, **more), second, id=before)


def delete(sequence: int, id: int, second: int | None = None) -> dict[str, Any]:
    return change("D", sequence, {"id": id}, second, id=id)


@dataclass
class Lake:
    """The lake under test."""

    context: LakeContext
    bronze: Bronze

    def apply(self, relist: bool = False) -> TableResult:
        result = apply_table(self.context, "thing", relist)
        assert result.error is None, result.error
        return result

    def names(self) -> dict[int, str]:
        """Silver as key to name; fails where a key is there twice."""
        rows = self.context.silver("thing").read().select("id", "name").collect()
        found = {row["id"]: row["name"] for row in rows}
        assert len(found) == len(rows), f"a key is there twice: {rows}"
        return found

    def states(self) -> dict[int, str]:
        """The companion as key to state."""
        rows = self.context.quarantine("thing").read().select("id", "state").collect()
        assert len({row["id"] for row in rows}) == len(rows), f"a key is there twice: {rows}"
        return {row["id"]: row["state"] for row in rows}

    def silver(self) -> DataFrame:
        return self.context.silver("thing").read()


def make_lake(spark: SparkSession, locations: Locations, format: str, **table: Any) -> Lake:
    """A lake whose table has this format; nothing is in bronze yet."""
    Path(locations.bronze).mkdir(parents=True, exist_ok=True)
    context = LakeContext(spark, manifest({"format": format, **table}), locations)
    return Lake(context, Bronze(Path(locations.bronze)))


def truncate(lake: Lake, sequence: int, table: str = "thing", epoch: str = "e0001") -> None:
    control = Bronze(
        lake.bronze.root,
        "truncation",
        "lakewright",
        {"id": pa.int64(), "table_schema": pa.string(), "table_name": pa.string()},
    )
    row = {"id": sequence, "table_schema": "public", "table_name": table}
    name = f"20260110-{sequence:09d}.parquet"
    control.changes(change("I", sequence, row), epoch=epoch, name=name)

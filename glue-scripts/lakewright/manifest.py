"""The manifest as Python sees it: the one contract with TypeScript (model/manifest.ts)."""

from __future__ import annotations

import hashlib
import json
import types
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

VERSION = 1
"""Version of the manifest's shape that this package reads."""

TableFormat = Literal["hudi", "delta"]
Severity = Literal["warn", "stop"]
T = TypeVar("T")


class ManifestError(ValueError):
    """The manifest is not what this package expects; the message names the path in it."""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    """Spark SQL type: `bigint`, `decimal(12,2)`, `timestamp`, `array<string>`."""


@dataclass(frozen=True)
class Rule:
    name: str
    check: str
    """Spark SQL condition over silver columns; a row for which it is not true is quarantined."""
    reason: str


@dataclass(frozen=True)
class QualityRule:
    dqdl: str
    severity: Severity
    """`stop`: it must hold on what a batch would make of the table, else the batch is held back."""


@dataclass(frozen=True)
class Files:
    """CSV files whose rows belong to a table beside those of its database table."""

    folder: str
    """Folder below the root of the files."""
    delimiter: str
    headers: dict[str, str]
    """Column by header; what is not here goes by the column's name."""
    precedence: Literal["database", "files"]
    """Whose row stands where the database and a file both have a key."""


@dataclass(frozen=True)
class Table:
    """A silver table and the source table it comes from."""

    name: str
    description: str
    source_schema: str
    source_table: str
    key: list[str]
    source_columns: list[Column]
    files: Files | None
    sql: str
    """`SELECT … FROM <name>`: one raw row in, one silver row out."""
    format: TableFormat
    partition_by: list[str]
    buckets: int
    tenant_column: str | None
    deletes: Literal["hard", "soft"]
    evolution: Literal["additive", "strict"]
    rules: list[Rule]
    quality: list[QualityRule]
    columns: list[Column]
    """Columns of the SQL's result as Spark's analyzer types them; empty until compiled."""

    @property
    def definition(self) -> str:
        """Changes with whatever makes rows that are stored already wrong."""
        columns = [[column.name, column.type] for column in self.source_columns]
        rules = [[rule.name, rule.check, rule.reason] for rule in self.rules]
        made_by = [self.sql, self.key, columns, rules, self.deletes]
        return digest([*made_by, asdict(self.files)] if self.files else made_by)


@dataclass(frozen=True)
class Model:
    """A gold model."""

    name: str
    description: str
    sql: str
    inputs: list[str]
    """`silver.<table>` and `gold.<model>` that the SQL reads."""
    grain: list[str]
    refresh_by: list[str]
    """Columns that name a group of rows recomputed together; empty: always the whole model."""
    touched: dict[str, str]
    """Input to the SQL that gives the groups touched by the view `changes`."""
    uses_today: bool
    format: TableFormat
    partition_by: list[str]
    tenant_column: str | None
    quality: list[QualityRule]
    columns: list[Column]

    @property
    def definition(self) -> str:
        """Changes with whatever makes the stored rows or their refresh wrong."""
        return digest([self.sql, self.grain, self.refresh_by, self.touched])


@dataclass(frozen=True)
class Tenancy:
    column: str
    table: str


@dataclass(frozen=True)
class Control:
    """Control tables in the source, replicated like any other but never lake tables."""

    schema: str
    truncations: str
    heartbeat: str


@dataclass(frozen=True)
class Manifest:
    version: int
    lake: str
    history_days: int
    listing_days: int
    quality_threshold: float
    gate_threshold: float | None
    """Share of silver's rules that must pass for gold to follow; None: only those that stop."""
    max_lob_kb: int
    """KB after which bronze has large values (text, json, xml, bytea) cut; 0: never."""
    bronze_format: Literal["parquet", "csv"]
    """What replication writes; files of both forms are read."""
    tenancy: Tenancy | None
    control: Control
    tables: list[Table]
    models: list[Model]
    """Each model comes after the models it reads."""

    def table(self, name: str) -> Table:
        """The table of that name; KeyError names the tables there are."""
        return _named(self.tables, name, "table", self.lake)

    def model(self, name: str) -> Model:
        """The model of that name; KeyError names the models there are."""
        return _named(self.models, name, "model", self.lake)


def digest(parts: list[Any]) -> str:
    """A short text that differs for different parts (of what JSON has)."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def parse_manifest(text: str) -> Manifest:
    """The manifest from its JSON; ManifestError where a part is missing, unknown or mistyped."""
    manifest: Manifest = _read(Manifest, json.loads(text), "manifest")
    if manifest.version != VERSION:
        raise ManifestError(f"manifest.version is {manifest.version}, this package reads {VERSION}")
    return manifest


def _named(items: list[T], name: str, kind: str, lake: str) -> T:
    for item in items:
        if getattr(item, "name") == name:  # noqa: B009 (Table and Model share it by name only)
            return item
    known = ", ".join(sorted(getattr(item, "name") for item in items))  # noqa: B009
    raise KeyError(f"lake {lake} has no {kind} {name}; it has {known}")


def _read(expected: Any, value: Any, path: str) -> Any:
    if is_dataclass(expected) and isinstance(expected, type):
        return _read_dataclass(expected, value, path)
    origin, arguments = get_origin(expected), get_args(expected)
    if origin is list and isinstance(value, list):
        return [_read(arguments[0], item, f"{path}[{i}]") for i, item in enumerate(value)]
    if origin is dict and isinstance(value, dict):
        return {name: _read(arguments[1], item, f"{path}.{name}") for name, item in value.items()}
    if origin is Literal and value in arguments:
        return value
    if origin in (Union, types.UnionType):
        return None if value is None else _read(arguments[0], value, path)
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(expected, type) and type(value) is expected:
        return value
    wanted = getattr(expected, "__name__", str(expected))
    raise ManifestError(f"{path} is {value!r}, expected {wanted}")


def _read_dataclass(expected: type, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise ManifestError(f"{path} is {value!r}, expected an object")
    names = {field.name for field in fields(expected)}
    missing, unknown = sorted(names - value.keys()), sorted(value.keys() - names)
    if missing or unknown:
        raise ManifestError(f"{path}: missing {missing}, unknown {unknown}")
    hints = get_type_hints(expected)
    return expected(**{n: _read(hints[n], value[n], f"{path}.{n}") for n in names})

"""What the pipeline asks of an open table format; nothing else knows which format a table has."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

T = TypeVar("T")
METADATA_KEY = "lakewright"
"""Key under which a commit carries our metadata (a JSON object) in the format's own commit."""
LAYOUT_KEY = f"{METADATA_KEY}.layout"
"""Key under which it carries how the table is laid out."""


@dataclass(frozen=True)
class Commit:
    """One commit of a table, newest state of it readable as `version`."""

    version: str
    """Hudi instant (`yyyyMMddHHmmssSSS`) or Delta version number, as a string."""
    at: datetime
    """When it was committed (UTC)."""
    operation: str
    """The format's own name of what was done (`upsert`, `MERGE`, `clean`)."""
    metadata: dict[str, Any]
    """Ours; empty for a commit that the format made by itself."""


def carried_on(metadata: dict[str, Any]) -> dict[str, Any]:
    """What a commit that changes no rows says: the same, but not that rows were read or changed."""
    of_rows = ("accounting", "changes", "full")
    return {name: value for name, value in metadata.items() if name not in of_rows}


def newest_metadata(commits: Iterable[Commit]) -> dict[str, Any]:
    """The metadata of the first commit that carries any, of commits given newest first."""
    return next((commit.metadata for commit in commits if commit.metadata), {})


class LakeTable(Protocol):
    """A silver, gold or bookkeeping table. Rows are unique by `key`; writes are atomic commits."""

    key: list[str]
    location: str

    def refresh(self) -> None:
        """Forgets what is known of the storage. A table knows the commits made through it; those
        of another process show after this."""
        ...

    def exists(self) -> bool: ...

    def fits(self) -> bool:
        """Whether what is stored is laid out as this table is declared: by key, partitions and
        buckets. Writing to it would lose or double rows otherwise."""
        ...

    def create(self, schema: StructType, metadata: dict[str, Any]) -> None:
        """Makes the table empty with this schema, readable at once, whatever was there."""
        ...

    def schema(self) -> StructType:
        """The table's columns without the format's own (`_hoodie_…`), in no promised order."""
        ...

    def read(self, version: str | None = None, session: SparkSession | None = None) -> DataFrame:
        """The rows as of `version` (newest by default), without the format's own columns."""
        ...

    def partitions(self) -> list[str]:
        """Folders of partitions that readers find by the catalog alone, as `day=2026-01-31`; none
        where the table has no partitions or its own log names them."""
        ...

    def version(self) -> str:
        """The newest completed commit that changed rows or metadata."""
        ...

    def metadata(self) -> dict[str, Any]:
        """The newest of our commit metadata, looking back over commits that carry none."""
        ...

    def commits(self, after: str | None = None) -> list[Commit] | None:
        """Commits after a version, oldest first, as far back as their versions can be read; None
        where history that far back is gone."""
        ...

    def apply(
        self, upserts: DataFrame | None, deletes: DataFrame | None, metadata: dict[str, Any]
    ) -> str:
        """Replaces or adds rows by key and removes those of `deletes`, in one commit.

        `deletes` has the key and the partition columns as they are stored. A column new in
        `upserts` is added to the table. Both None: a commit of metadata alone.
        Gives the new version.
        """
        ...

    def overwrite(self, rows: DataFrame, metadata: dict[str, Any]) -> str:
        """Replaces the whole content (and schema) in one commit; earlier versions stay readable."""
        ...

    def compact(self) -> None:
        """Joins small files; no commit where there are none. Metadata is carried on."""
        ...

    def expire(self, since: datetime) -> None:
        """Removes versions that nobody can have read since that time, without a commit that
        changes rows: what was current then stays readable, and everything newer."""
        ...


def current_at(versions: Sequence[T], at: datetime, time_of: Callable[[T], datetime]) -> T | None:
    """The newest version committed at or before a time; None where all are newer.

    Versions come oldest first; the times of few of them are asked for.
    """
    newer = bisect_right(versions, at, key=time_of)
    return versions[newer - 1] if newer else None

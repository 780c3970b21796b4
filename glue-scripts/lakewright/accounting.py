"""Counts what became of the bronze rows of a batch, so that nothing disappears silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakewright import decision

REASONS = ("unknown operation", "no key")
"""Why rows of the table's own epoch are ignored (see reduction.py)."""
OLDER_EPOCH, SKIPPED = "older epoch", "skipped"
"""Why files are ignored as a whole."""


@dataclass(frozen=True)
class Accounting:
    """read = applied + superseded + quarantined + all ignored."""

    read: int = 0
    applied: int = 0
    superseded: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0
    deleted: int = 0
    """How many of `applied` are deletes."""

    def check(self, table: str) -> None:
        """RuntimeError where rows are unaccounted for."""
        known = self.applied + self.superseded + self.quarantined + sum(self.ignored.values())
        if known != self.read:
            raise RuntimeError(
                f"{table}: {self.read} bronze rows were read and {known} are accounted for"
                f" ({self}); nothing was committed"
            )


@dataclass(frozen=True)
class Tally:
    """The accounting of a batch and which writes it needs."""

    accounting: Accounting
    upserts: int
    leaves: int
    old: int
    memories: int
    forgets: int
    newest_committed_at: str | None
    """ISO 8601, UTC, microseconds."""
    oldest_committed_at: str | None
    """Likewise, of the changes; rows of a full load and of files do not count."""


def tally(decided: DataFrame, read: int, left_out: Mapping[str, int], rejected: int = 0) -> Tally:
    """Counts decided rows in one pass.

    `read` and `left_out`, those ignored by reason, are rows by the files' footers, lines of dropped
    files in `read`; `rejected` are those of these lines that are no rows.
    """
    counts = _counts()
    found = decided.agg(*counts.values()).first()
    assert found is not None
    number = {name: found[name] or 0 for name in counts if name not in ("newest", "oldest")}
    ignored = {reason: number[reason] for reason in REASONS if number[reason]}
    ignored |= {reason: rows for reason, rows in left_out.items() if rows}
    accounting = Accounting(
        read=read,
        applied=number["applied"],
        superseded=number["superseded"] + number["outrun"],
        ignored=ignored,
        quarantined=number["quarantined"] + rejected,
        deleted=number["deleted"],
    )
    return Tally(
        accounting,
        upserts=number["upserts"],
        leaves=number["leaves"],
        old=number["old"],
        memories=number["memories"],
        forgets=number["forgets"],
        newest_committed_at=found["newest"],
        oldest_committed_at=found["oldest"],
    )


@lru_cache(maxsize=1)
def _counts() -> dict[str, Column]:
    outcome = F.col("outcome")
    counts: dict[str, Column] = {
        "applied": _total(outcome.isin(decision.UPSERT, decision.DELETE), "decided"),
        "deleted": _total(outcome == decision.DELETE, "decided"),
        "quarantined": _total(outcome == decision.QUARANTINE, "decided"),
        "superseded": _total(outcome == decision.SUPERSEDED, "rows"),
        "outrun": F.sum(F.when(decision.touched(), F.col("rows") - F.col("decided")).otherwise(0)),
        "upserts": F.count("row"),
        "leaves": F.count_if("leaves"),
        "old": F.count_if(decision.touched() & F.col("old").isNotNull()),
        "memories": F.count("memory"),
        "forgets": F.count_if("forgets"),
        "newest": _as_text(F.max(F.when(decision.touched(), F.col("committed_at")))),
        "oldest": _as_text(F.min(F.when(decision.touched(), F.col("since")))),
        **{reason: _total(F.col("reason") == reason, "rows") for reason in REASONS},
    }
    return {name: value.alias(name) for name, value in counts.items()}


def _as_text(time: Column) -> Column:
    return F.date_format(time, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")


def _total(condition: Column, column: str) -> Column:
    return F.sum(F.when(condition, F.col(column)).otherwise(0))

"""Compares the rows that a model should have with those it has."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakewright.columns import quoted
from lakewright.errors import UserError

_NEW, _OLD, _COPIES = "_lw_new", "_lw_old", "_lw_copies"


@dataclass
class RowDiff:
    """The rows to write so that a table holds the wanted ones. Call `release` when done."""

    upserts: int
    deletes: int
    grain: list[str]
    partition_by: list[str]
    rows: DataFrame

    def before(self) -> DataFrame:
        """Stored rows that change or go."""
        return self._side(_OLD)

    def after(self) -> DataFrame:
        """Rows that are new or differ from the stored ones."""
        return self._side(_NEW)

    def gone(self) -> DataFrame:
        """Stored rows to delete: their key is gone, or has moved to another partition."""
        moved = F.lit(False)
        for column in self.partition_by:
            moved = moved | ~F.col(_NEW)[column].eqNullSafe(F.col(_OLD)[column])
        found = self.rows.where(F.col(_NEW).isNull() | (F.col(_OLD).isNotNull() & moved))
        return found.select(f"{_OLD}.*")

    def release(self) -> None:
        self.rows.unpersist()

    def _side(self, column: str) -> DataFrame:
        return self.rows.where(F.col(column).isNotNull()).select(f"{column}.*")


def diff_rows(
    wanted: DataFrame, stored: DataFrame, grain: list[str], partition_by: list[str], name: str
) -> RowDiff:
    """What differs between rows of equal columns; nulls and NaN equal themselves.

    UserError where `wanted` has two rows of one grain, or a null in it.
    """
    row = F.struct(*(F.col(quoted(column)) for column in wanted.columns))
    none = F.lit(None).cast(wanted.select(row.alias("row")).schema["row"].dataType)
    keys = [F.col(quoted(column)) for column in grain]
    sides = wanted.select(*keys, row.alias(_NEW), none.alias(_OLD)).unionAll(
        stored.select(*keys, none.alias(_NEW), row.alias(_OLD))
    )
    rows = (
        sides.groupBy(*keys)
        .agg(
            F.first(_NEW, ignorenulls=True).alias(_NEW),
            F.first(_OLD, ignorenulls=True).alias(_OLD),
            F.count(_NEW).alias(_COPIES),
        )
        .where((F.col(_COPIES) > 1) | ~F.col(_NEW).eqNullSafe(F.col(_OLD)))
        .persist()
    )
    counts = rows.agg(
        F.count(_NEW).alias("upserts"),
        F.count(F.when(F.col(_NEW).isNull(), 1)).alias("deletes"),
        F.count(F.when((F.col(_COPIES) > 1) | _incomplete(grain), 1)).alias("faulty"),
    ).first()
    assert counts is not None, "an aggregate without groups has one row"
    if counts["faulty"]:
        faulty = rows.where((F.col(_COPIES) > 1) | _incomplete(grain)).select(*keys, _COPIES)
        error = grain_error(faulty.limit(3), grain, name)
        rows.unpersist()
        raise error
    return RowDiff(counts["upserts"], counts["deletes"], grain, partition_by, rows)


def count_by_grain(rows: DataFrame, grain: list[str], name: str) -> int:
    """How many rows there are. UserError where two have one grain, or a grain has a null."""
    keys = [F.col(quoted(column)) for column in grain]
    groups = rows.groupBy(*keys).agg(F.count(F.lit(1)).alias(_COPIES))
    faulty = (F.col(_COPIES) > 1) | _incomplete(grain)
    counts = groups.agg(F.sum(_COPIES).alias("rows"), F.count(F.when(faulty, 1)).alias("faulty"))
    found = counts.first()
    assert found is not None, "an aggregate without groups has one row"
    if found["faulty"]:
        raise grain_error(groups.where(faulty).limit(3), grain, name)
    return int(found["rows"] or 0)


def grain_error(faulty: DataFrame, grain: list[str], name: str) -> UserError:
    """What is wrong with the groups, which have the grain's columns and their number of rows."""
    found = "; ".join(
        f"({', '.join(str(group[column]) for column in grain)}): {group[_COPIES]} row(s)"
        for group in faulty.collect()
    )
    return UserError(
        f"{name}: expected one row for each ({', '.join(grain)}), without nulls in it, "
        f"found {found}. Mend the SQL or the model's grain."
    )


def _incomplete(grain: list[str]) -> Column:
    """Whether a column of the grain is null."""
    found = F.lit(False)
    for column in grain:
        found = found | F.col(quoted(column)).isNull()
    return found

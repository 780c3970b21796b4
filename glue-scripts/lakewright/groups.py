"""The groups of a model that a refresh recomputes, and filters that let Spark read only these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from lakewright.columns import quoted, to_local

MAX_GROUPS = 50_000
"""Beyond this many groups the whole model is recomputed: their list costs more than it saves."""
_MAX_VALUES = 100
"""Values of a column up to which they are listed one by one; beyond, their range is given."""
_LISTED_TYPES = ("tinyint", "smallint", "int", "bigint", "string", "date", "decimal", "boolean")


@dataclass
class Groups:
    """Distinct values of a model's refresh columns."""

    frame: DataFrame
    rows: list[Row]

    @staticmethod
    def collect(touched: list[DataFrame]) -> Groups | None:
        """The distinct groups of frames of equal columns; None when they are over `MAX_GROUPS`."""
        found = to_local(reduce(DataFrame.unionAll, touched).distinct().limit(MAX_GROUPS + 1))
        rows = found.collect()
        return Groups(found, rows) if len(rows) <= MAX_GROUPS else None

    def restrict(self, rows: DataFrame) -> DataFrame:
        """The rows of these groups: coarse filters that reach the files, then the exact groups."""
        for column in self.frame.columns:
            coarse = self._filter(column)
            if coarse is not None:
                rows = rows.where(coarse)
        wanted = self.frame.select(
            [F.col(quoted(column)).alias(f"_lw_group_{column}") for column in self.frame.columns]
        )
        same = F.lit(True)
        for column in self.frame.columns:
            same = same & F.col(quoted(column)).eqNullSafe(F.col(f"_lw_group_{column}"))
        return rows.join(F.broadcast(wanted), same, "left_semi")

    def _filter(self, column: str) -> Column | None:
        type = self.frame.schema[column].dataType.simpleString()
        if not type.startswith(_LISTED_TYPES):
            return None
        values: set[Any] = {row[column] for row in self.rows}
        present = values - {None}
        this = F.col(quoted(column))
        if not present:
            return this.isNull()
        if len(present) <= _MAX_VALUES:
            coarse = this.isin(sorted(present))
        else:
            coarse = this.between(min(present), max(present))
        return coarse | this.isNull() if None in values else coarse

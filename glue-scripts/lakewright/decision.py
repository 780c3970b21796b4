"""Decides what becomes of each key: compares its newest change with what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructType

from lakewright import bookkeeping, companion, reduction
from lakewright.columns import nullable, quoted
from lakewright.errors import UserError, first_line
from lakewright.evolution import conform
from lakewright.file_order import file_of, line_of
from lakewright.manifest import Table
from lakewright.rules import broken_rules
from lakewright.transform import CARRIED, silver_rows
from lakewright.truncations import after_truncation, floor_of, not_before

UPSERT, QUARANTINE, DELETE = "upsert", "quarantine", "delete"
SUPERSEDED, IGNORED = "superseded", "ignored"


def candidates(table: Table, reduced: DataFrame) -> DataFrame:
    """Per key of `reduction.reduce_changes`: `_lw` (all it gives), `reasons` (rules that its newest
    image breaks) and `new` (the silver row of that image)."""
    carried = F.struct(*(F.col(name) for name in reduced.columns)).alias(CARRIED)
    silver = silver_rows(table, reduced.select("raw.*", carried))
    columns = [F.col(quoted(name)) for name in silver.columns if name != CARRIED]
    taken = {name.lower() for name in silver.columns}
    declared = {column.name.lower() for column in table.source_columns}
    for name in reduced.schema["raw"].dataType.fieldNames():  # type: ignore[attr-defined]
        if name.lower() in declared:
            continue
        if name.lower() in taken:
            raise UserError(
                f"{table.name}: the source has a new column {name}, and silver already has a"
                " column of that name; declare it in the lake's definition"
            )
        columns.append(F.col(f"{CARRIED}.raw.{quoted(name)}"))
    columns.append(F.col(f"{CARRIED}.order").alias(bookkeeping.ORDER))
    columns.append(F.col(f"{CARRIED}.committed_at").alias(bookkeeping.COMMITTED_AT))
    if table.deletes == "soft":
        columns.append(F.lit(False).alias(bookkeeping.DELETED))
    columns += _place(table)
    try:
        with_reasons = silver.withColumn("_lw_reasons", broken_rules(table.rules))
    except AnalysisException as error:
        raise UserError(f"rules of {table.name}: {first_line(error)}") from error
    return with_reasons.select(
        CARRIED, F.col("_lw_reasons").alias("reasons"), F.struct(*columns).alias("new")
    )


def _place(table: Table) -> list[Column]:
    """File and line of the carried row, where files have rows of the table."""
    if table.files is None:
        return []
    order = F.col(f"{CARRIED}.order")
    return [file_of(order).alias(bookkeeping.FILE), line_of(order).alias(bookkeeping.LINE)]


@dataclass(frozen=True)
class Stored:
    """What is stored of the keys of a batch; any rows more are harmless."""

    silver: DataFrame
    companion: DataFrame

    def after_truncation(self, table: Table, truncated_at: str | None) -> Stored:
        """What a truncation leaves of it."""
        return Stored(
            after_truncation(table, self.silver, truncated_at),
            not_before(self.companion, truncated_at),
        )


def decide(
    table: Table,
    batch: DataFrame,
    columns: StructType,
    stored: Stored | None,
    truncated_at: str | None,
) -> DataFrame:
    """One row per key of `candidates`, with silver rows in the table's `columns`.

    Gives `key`, `outcome`, `row` (what silver then holds; null for nothing), `old` (what it held),
    `leaves` (`old` must be deleted), `memory` (companion row; null for none), `forgets` (the
    companion's row must be deleted), `rows`, `decided`, `reason`, `committed_at`, `since`.
    `stored` None: nothing is stored yet. A key is changed only by a change whose order is not
    below the stored one's, nor below the newest truncation's.
    """
    joined = _join(table, batch, columns, stored)
    lw = {name: F.col(f"{CARRIED}.{name}") for name in ("action", "order", "existed", "raw")}
    old_order = F.col(f"old.{bookkeeping.ORDER}")
    floor = F.greatest(
        # A row that the truncation marked as deleted, with its order, is below the rows of files.
        F.coalesce(F.when(old_order != (truncated_at or ""), old_order), F.lit("")),
        F.coalesce(F.col(f"memory.{bookkeeping.ORDER}"), F.lit("")),
        floor_of(lw["order"], truncated_at),
    )
    was_there = F.col("old").isNotNull()
    if table.deletes == "soft":
        was_there &= ~F.coalesce(F.col(f"old.{bookkeeping.DELETED}"), F.lit(False))
    was_there |= F.coalesce(
        F.col(f"memory.{companion.STATE}").isin(*companion.WITH_ROW), F.lit(False)
    )
    empties = (lw["action"] == reduction.DELETE) | (
        (lw["action"] == reduction.CONTESTED) & ~F.coalesce(lw["existed"], was_there)
    )
    broken = F.size("reasons") > 0
    outcome = (
        F.when(lw["action"] == reduction.IGNORE, IGNORED)
        .when(lw["order"] < floor, SUPERSEDED)
        .when(empties, DELETE)
        .when(broken, QUARANTINE)
        .otherwise(UPSERT)
    )
    judged = joined.select("*", outcome.alias("outcome"))
    return _effects(table, judged.withColumn("row", _row(table, columns)))


def touched() -> Column:
    """Condition on decided rows: the key changes."""
    return F.col("outcome").isin(UPSERT, QUARANTINE, DELETE)


def _join(table: Table, batch: DataFrame, columns: StructType, stored: Stored | None) -> DataFrame:
    new = _conformed("new", batch.schema["new"].dataType, columns)
    rows = batch.select(CARRIED, "reasons", new.alias("new"))
    memory = companion.companion_schema(table, columns)
    if stored is None:
        return rows.select(
            "*", F.lit(None).cast(columns).alias("old"), F.lit(None).cast(memory).alias("memory")
        )
    silver = conform(stored.silver, columns)
    old = silver.select(F.struct("*").alias("old"))
    remembered = conform(stored.companion, memory).select(F.struct("*").alias("memory"))
    return rows.join(old, _same_key(table, "old"), "left").join(
        remembered, _same_key(table, "memory"), "left"
    )


def _same_key(table: Table, side: str) -> list[Column]:
    return [
        F.col(f"{CARRIED}.key.{quoted(name)}") == F.col(f"{side}.{quoted(name)}")
        for name in table.key
    ]


def _conformed(struct: str, present: DataType, columns: StructType) -> Column:
    """The struct column with exactly the table's columns and types."""
    if nullable(present) == nullable(columns):
        return F.col(struct)
    assert isinstance(present, StructType)
    names = set(present.fieldNames())
    fields = [
        (F.col(f"{struct}.{quoted(field.name)}") if field.name in names else F.lit(None))
        .cast(field.dataType.simpleString())
        .alias(field.name)
        for field in columns.fields
    ]
    return F.struct(*fields)


def _row(table: Table, columns: StructType) -> Column:
    """What silver holds of the key after the change; for a soft delete the last known row."""
    row = F.when(F.col("outcome") == UPSERT, F.col("new"))
    if table.deletes == "hard":
        return row
    usable = F.col(f"{CARRIED}.raw").isNotNull() & (F.size("reasons") == 0)
    last = F.when(usable, F.col("new")).otherwise(F.col("old"))
    deleted = {
        bookkeeping.ORDER: F.col(f"{CARRIED}.order"),
        bookkeeping.COMMITTED_AT: F.col(f"{CARRIED}.committed_at"),
        bookkeeping.DELETED: F.lit(True),
    }
    fields = [deleted.get(name, last[name]).alias(name) for name in columns.fieldNames()]
    return row.when((F.col("outcome") == DELETE) & last.isNotNull(), F.struct(*fields))


def _effects(table: Table, judged: DataFrame) -> DataFrame:
    is_touched = touched()
    moved = F.lit(False)
    for name in table.partition_by:
        moved |= ~F.col(f"old.{quoted(name)}").eqNullSafe(F.col(f"row.{quoted(name)}"))
    leaves = is_touched & F.col("old").isNotNull() & (F.col("row").isNull() | moved)
    quarantined = F.col("outcome") == QUARANTINE
    # Whether this key had a row before was known from the companion alone: it must still be known
    # if the batch is applied again because silver's commit did not come about.
    mended = (
        (F.col(f"{CARRIED}.action") == reduction.CONTESTED)
        & (F.col("outcome") == UPSERT)
        & F.coalesce(F.col(f"memory.{companion.STATE}").isin(*companion.WITH_ROW), F.lit(False))
    )
    fields = [
        *(F.col(f"{CARRIED}.key.{quoted(name)}").alias(name) for name in table.key),
        F.when(quarantined, companion.QUARANTINED)
        .when(mended, companion.MENDED)
        .otherwise(companion.DELETED)
        .alias(companion.STATE),
        F.when(quarantined, F.col("reasons")).alias(companion.REASONS),
        F.when(quarantined, companion.raw_json(F.col(f"{CARRIED}.raw"))).alias(companion.RAW),
        F.col(f"{CARRIED}.order").alias(bookkeeping.ORDER),
        F.col(f"{CARRIED}.committed_at").alias(bookkeeping.COMMITTED_AT),
    ]
    fields += _place(table)
    # The arrival that a contested departure leaves in place is the row that decided.
    stays = (F.col(f"{CARRIED}.action") == reduction.CONTESTED) & (F.col("outcome") != DELETE)
    decided = F.when(stays, 1).otherwise(F.col(f"{CARRIED}.decided"))
    remembers = quarantined | mended | ((F.col("outcome") == DELETE) & F.col("row").isNull())
    return judged.select(
        F.col(f"{CARRIED}.key").alias("key"),
        "outcome",
        "row",
        "old",
        leaves.alias("leaves"),
        F.when(remembers, F.struct(*fields)).alias("memory"),
        (is_touched & F.col("memory").isNotNull() & ~remembers).alias("forgets"),
        F.col(f"{CARRIED}.rows").alias("rows"),
        decided.alias("decided"),
        F.col(f"{CARRIED}.reason").alias("reason"),
        F.col(f"{CARRIED}.committed_at").alias("committed_at"),
        F.col(f"{CARRIED}.since").alias("since"),
    )

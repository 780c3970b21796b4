"""Reduces a batch of changes to one row per key: what the key is after its newest change.

Changes are ordered by `<epoch>:<change sequence>`, the full load (no sequence) before all changes
of its epoch; clocks order nothing.

An update of the key is two events: the old key goes, the new one comes. Where a statement moves
several keys at once (`id = id + 1`, a swap), a key may come before its former row goes: whether the
last departure leaves the key empty then depends on whether it had a row before the transaction
(`CONTESTED`).
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakewright.columns import quoted

UPSERT, DELETE, CONTESTED, IGNORE = "upsert", "delete", "contested", "ignore"

_DEPARTURE = "departure"


def reduce_changes(
    rows: DataFrame, key: list[str], epoch: str, one_task: bool = False
) -> DataFrame:
    """One row per key from rows as `bronze.read_rows` gives them.

    Gives `key` (struct), `action` (one of the above), `order`, `committed_at`, `raw` (the newest
    image of the row, also below a delete; null without one), `existed` (for `CONTESTED`: whether
    the batch itself says that the key had a row before; null where it does not say), `reason` (of
    `IGNORE`), `rows` (bronze rows of this key) and `decided` (1 where the last event is one of
    these rows, 0 where it is only the departure half of a key update).

    All windows share one sort, by plain key columns. `one_task`: a small batch, not shuffled.
    """
    events = _events(rows, key, epoch)
    if one_task:
        events = events.coalesce(1)
    by_key = Window.partitionBy(*(f"key.{quoted(name)}" for name in key), "reason")
    ordered = by_key.orderBy("order", "kind")
    until_now = ordered.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    alive = F.col("kind") == UPSERT
    image = F.struct("raw", "transaction")
    first = ~F.lag("transaction").over(ordered).eqNullSafe(F.col("transaction"))
    duplicate = F.lag("order").over(ordered).eqNullSafe(F.col("order"))
    movement = (
        F.when(duplicate, 0).when(F.col("arrives"), 1).when(F.col("kind") == _DEPARTURE, -1)
    ).otherwise(0)
    lag_alive = F.lag(alive).over(ordered)
    marked = events.select("*", movement.alias("movement"), first.alias("first")).select(
        "*",
        F.last(F.when(alive, image), ignorenulls=True).over(until_now).alias("image"),
        # -1: the key's first transaction in the batch, which cannot say what was before.
        F.when(F.col("first"), F.coalesce(lag_alive.cast("int"), F.lit(-1))).alias("before"),
        F.sum("is_row").over(until_now).alias("rows"),
        F.sum("movement").over(until_now).alias("moved"),
        F.lead("order").over(ordered).isNull().alias("is_last"),
    )
    before_transaction = F.when(F.col("first"), F.col("moved") - F.col("movement"))
    last = marked.select(
        "*",
        (F.col("moved") - F.last(before_transaction, ignorenulls=True).over(until_now)).alias(
            "balance"
        ),
        F.last("before", ignorenulls=True).over(until_now).alias("existed_before"),
    ).where("is_last")
    contested = (
        (F.col("kind") == _DEPARTURE)
        & (F.col("balance") >= 0)
        & F.col("image.transaction").eqNullSafe(F.col("transaction"))
    )
    existed = F.when(F.col("existed_before") >= 0, F.col("existed_before") == 1)
    action = (
        F.when(F.col("reason").isNotNull(), IGNORE)
        .when(alive, UPSERT)
        .when(contested, CONTESTED)
        .otherwise(DELETE)
    )
    return last.select(
        "key",
        action.alias("action"),
        "order",
        "committed_at",
        F.col("image.raw").alias("raw"),
        existed.alias("existed"),
        "reason",
        "rows",
        F.col("is_row").alias("decided"),
    )


def _events(rows: DataFrame, key: list[str], epoch: str) -> DataFrame:
    """Each bronze row as the event of its key, a key update as a departure and an arrival."""
    own = F.struct(*(F.col(f"raw.{quoted(name)}").alias(name) for name in key))
    old = F.struct(
        *(
            F.coalesce(F.col(f"before.{quoted(name)}"), F.col(f"raw.{quoted(name)}")).alias(name)
            for name in key
        )
    )
    operation = F.col("operation")
    reason = F.when(~operation.isin("I", "U", "D") | operation.isNull(), "unknown operation").when(
        _any_null(own, key), "no key"
    )
    moved = F.coalesce(reason.isNull() & (operation == "U") & ~own.eqNullSafe(old), F.lit(False))
    common = {
        "order": F.concat(F.lit(f"{epoch}:"), F.col("sequence")),
        "committed_at": F.col("committed_at"),
        "transaction": F.col("committed_at"),
    }
    changes = {
        "key": F.when(reason.isNull(), own),
        "kind": F.when(operation == "D", DELETE).otherwise(UPSERT),
        "arrives": moved,
        "is_row": F.lit(1),
        "reason": reason,
        "raw": F.col("raw"),
        **common,
    }
    departures = {
        "key": old,
        "kind": F.lit(_DEPARTURE),
        "arrives": F.lit(False),
        "is_row": F.lit(0),
        **common,
    }
    return _select(rows, changes).unionByName(_select(rows.where(moved), departures), True)


def _select(rows: DataFrame, columns: dict[str, Column]) -> DataFrame:
    return rows.select(*(value.alias(name) for name, value in columns.items()))


def _any_null(key: Column, names: list[str]) -> Column:
    found = F.lit(False)
    for name in names:
        found = found | key[name].isNull()
    return found

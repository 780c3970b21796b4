"""Reduces a batch of changes to one row per key: what the key is after its newest change.

Changes are ordered by their `order`: `<epoch>:<change sequence>`, the full load (no sequence)
before all changes of its epoch (of a file's row see file_order.py); clocks order nothing.

An update of the key is two events: the old key goes, the new one comes. Where a statement moves
several keys at once (`id = id + 1`, a swap), a key may come before its former row goes: whether the
last departure leaves the key empty then depends on whether it had a row before the transaction
(`CONTESTED`).
"""

from __future__ import annotations

from functools import lru_cache

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakewright.columns import quoted
from lakewright.file_order import is_of_file
from lakewright.truncations import floor_of

UPSERT, DELETE, CONTESTED, IGNORE = "upsert", "delete", "contested", "ignore"

_DEPARTURE = "departure"
_PART = "key_part_"


def reduce_changes(
    rows: DataFrame, key: list[str], one_task: bool = False, truncated_at: str | None = None
) -> DataFrame:
    """One row per key from rows as `bronze.read_rows` gives them; another one for changes of the
    key that a truncation, of that order, undid: the key is what those after it and files make it.

    Gives `key` (struct), `action` (one of the above), `order`, `committed_at`, `raw` (the newest
    image of the row, also below a delete; null without one), `existed` (for `CONTESTED`: whether
    the batch itself says that the key had a row before; null where it does not say), `since` (when
    the oldest change of this key was committed; rows of a full load and of files are none),
    `reason` (of `IGNORE`), `rows` (bronze rows of this key) and `decided` (1 where the last event
    is one of these rows, 0 where it is only the departure half of a key update).

    All windows share one shuffle and one sort: by columns of the key's parts, for Spark does not
    see that the same field of a struct is the same. `one_task`: a small batch, not shuffled.
    """
    names = tuple(key)
    events = rows.select(*_changes(names)).unionByName(
        rows.select(*_departures(names)).where("moved").drop("moved"), True
    )
    undone = F.lit(False)
    if truncated_at is not None:
        undone = F.col("order") < floor_of(F.col("order"), truncated_at)
    events = events.select("*", *_parts(names), undone.alias("undone"))
    if one_task:
        events = events.coalesce(1)
    for step in _steps(names):
        events = events.select(*step)
    return events.where("is_last").select(*_result())


# The expressions of a key are made once: each part of one is a call to the JVM.


@lru_cache(maxsize=256)
def _parts(key: tuple[str, ...]) -> list[Column]:
    return [F.col(f"key.{quoted(name)}").alias(f"{_PART}{i}") for i, name in enumerate(key)]


@lru_cache(maxsize=256)
def _steps(key: tuple[str, ...]) -> list[list[Column]]:
    """Columns added one after the other to each event, from those before it in the key's order."""
    by_key = Window.partitionBy(*(f"{_PART}{i}" for i in range(len(key))), "reason", "undone")
    ordered = by_key.orderBy("order", "kind")
    until_now = ordered.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    every = F.col("*")
    alive = F.col("kind") == UPSERT
    first = ~F.lag("transaction").over(ordered).eqNullSafe(F.col("transaction"))
    duplicate = F.lag("order").over(ordered).eqNullSafe(F.col("order"))
    movement = (
        F.when(duplicate, 0).when(F.col("arrives"), 1).when(F.col("kind") == _DEPARTURE, -1)
    ).otherwise(0)
    image = F.when(alive, F.struct("raw", "transaction"))
    lag_alive = F.lag(alive).over(ordered)
    before_transaction = F.when(F.col("first"), F.col("moved") - F.col("movement"))
    return [
        [every, movement.alias("movement"), first.alias("first")],
        [
            every,
            F.last(image, ignorenulls=True).over(until_now).alias("image"),
            # -1: the key's first transaction in the batch, which cannot say what was before.
            F.when(F.col("first"), F.coalesce(lag_alive.cast("int"), F.lit(-1))).alias("before"),
            F.sum("is_row").over(until_now).alias("rows"),
            F.min(_change_time()).over(until_now).alias("since"),
            F.sum("movement").over(until_now).alias("moved"),
            F.lead("order").over(ordered).isNull().alias("is_last"),
        ],
        [
            every,
            (F.col("moved") - F.last(before_transaction, ignorenulls=True).over(until_now)).alias(
                "balance"
            ),
            F.last("before", ignorenulls=True).over(until_now).alias("existed_before"),
        ],
    ]


def _change_time() -> Column:
    """When a change was committed; null for a row of a file or of a full load, without sequence."""
    is_load = F.substring("order", -1, 1) == ":"
    return F.when(~is_load & ~is_of_file(F.col("order")), F.col("committed_at"))


@lru_cache(maxsize=1)
def _result() -> list[Column]:
    """What is said of a key, from its last event."""
    contested = (
        (F.col("kind") == _DEPARTURE)
        & (F.col("balance") >= 0)
        & F.col("image.transaction").eqNullSafe(F.col("transaction"))
    )
    existed = F.when(F.col("existed_before") >= 0, F.col("existed_before") == 1)
    action = (
        F.when(F.col("reason").isNotNull(), IGNORE)
        .when(F.col("kind") == UPSERT, UPSERT)
        .when(contested, CONTESTED)
        .otherwise(DELETE)
    )
    return [
        F.col("key"),
        action.alias("action"),
        F.col("order"),
        F.col("committed_at"),
        F.col("since"),
        F.col("image.raw").alias("raw"),
        existed.alias("existed"),
        F.col("reason"),
        F.col("rows"),
        F.col("is_row").alias("decided"),
    ]


@lru_cache(maxsize=256)
def _changes(key: tuple[str, ...]) -> list[Column]:
    """A bronze row as the event of its key."""
    reason = _reason(key)
    return _named(
        {
            "key": F.when(reason.isNull(), _own(key)),
            "kind": F.when(F.col("operation") == "D", DELETE).otherwise(UPSERT),
            "arrives": _moved(key),
            "is_row": F.lit(1),
            "reason": reason,
            "raw": F.col("raw"),
            **_when(),
        }
    )


@lru_cache(maxsize=256)
def _departures(key: tuple[str, ...]) -> list[Column]:
    """A bronze row as the departure from its old key; only one that moved is."""
    return _named(
        {
            "key": _old(key),
            "kind": F.lit(_DEPARTURE),
            "arrives": F.lit(False),
            "is_row": F.lit(0),
            "moved": _moved(key),
            **_when(),
        }
    )


def _when() -> dict[str, Column]:
    return {
        "order": F.col("order"),
        "committed_at": F.col("committed_at"),
        "transaction": F.col("committed_at"),
    }


def _own(key: tuple[str, ...]) -> Column:
    return F.struct(*(F.col(f"raw.{quoted(name)}").alias(name) for name in key))


def _old(key: tuple[str, ...]) -> Column:
    return F.struct(
        *(
            F.coalesce(F.col(f"before.{quoted(name)}"), F.col(f"raw.{quoted(name)}")).alias(name)
            for name in key
        )
    )


def _reason(key: tuple[str, ...]) -> Column:
    operation = F.col("operation")
    unknown = ~operation.isin("I", "U", "D") | operation.isNull()
    no_key = F.lit(False)
    for name in key:
        no_key |= F.col(f"raw.{quoted(name)}").isNull()
    return F.when(unknown, "unknown operation").when(no_key, "no key")


def _moved(key: tuple[str, ...]) -> Column:
    """Whether the row is an update of its key."""
    moved = _reason(key).isNull() & (F.col("operation") == "U") & ~_own(key).eqNullSafe(_old(key))
    return F.coalesce(moved, F.lit(False))


def _named(columns: dict[str, Column]) -> list[Column]:
    return [value.alias(name) for name, value in columns.items()]

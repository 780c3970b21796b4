"""Applies new bronze files to the silver tables, several at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from lakewright.context import LakeContext
from lakewright.errors import explained
from lakewright.hold import Judge
from lakewright.repair import finish_rollback
from lakewright.table_run import TableResult, TableRun

PARALLEL = 2


def apply_tables(
    context: LakeContext,
    names: Sequence[str] | None = None,
    relist: bool = False,
    parallelism: int = PARALLEL,
    progress: Callable[[TableResult], None] = lambda result: None,
    judge: Judge | None = None,
) -> list[TableResult]:
    """Applies to several tables (default all) at once; one that fails doesn't stop the others.

    `judge` may hold a table's batch back, which then waits for the next run.
    """
    chosen = list(names) if names else [table.name for table in context.manifest.tables]
    for name in chosen:
        context.manifest.table(name)

    def apply(name: str) -> TableResult:
        result = apply_table(context, name, relist, judge)
        progress(result)
        return result

    if len(chosen) == 1:
        return [apply(chosen[0])]
    with ThreadPoolExecutor(parallelism) as pool:
        return list(pool.map(apply, chosen))


def apply_table(
    context: LakeContext, name: str, relist: bool = False, judge: Judge | None = None
) -> TableResult:
    """Applies what is new to one table, or ends a rollback of it that was broken off; an error
    becomes the result's."""
    started = time.monotonic()
    run = TableRun(context, context.manifest.table(name), relist, judge)
    try:
        result = run.apply()
        if result.status == "held" and (version := finish_rollback(context, name)):
            result = replace(result, status="applied", version=version)
    except Exception as error:
        message, kind = explained(error)
        result = TableResult(name, "failed", error=message, kind=kind)
    seconds = round(time.monotonic() - started, 3)
    return replace(result, seconds=seconds, phases=run.watch.seconds)

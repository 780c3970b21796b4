"""The steps of the application, by name, as both modes run them."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timezone
from typing import Any

from lakewright.compile import compile_lake
from lakewright.context import LakeContext
from lakewright.errors import UserError, explained
from lakewright.gold import Gold, as_json
from lakewright.hold import Hold
from lakewright.initialise import initialise
from lakewright.maintenance import maintain
from lakewright.ops import Ops
from lakewright.quality import Quality, Standing
from lakewright.query import Query
from lakewright.repair import find_version, resume, rollback
from lakewright.requests import answer_requests
from lakewright.silver import apply_tables
from lakewright.status import describe, history, status
from lakewright.table_diff import diff_versions
from lakewright.table_run import TableResult
from lakewright.verify import Progress, verify
from lakewright.warm import warm_up


class Steps:
    """One lake's steps. Keeps what they remember from one run to the next."""

    def __init__(self, context: LakeContext) -> None:
        self._context = context
        self._ops = Ops(context)
        self._gold = Gold(context)
        self._quality = Quality(context, self._ops)
        self._hold = Hold(self._ops, self._quality)
        self._query = Query(context, self._ops)
        self._steps: dict[str, Callable[[dict[str, Any], Progress], dict[str, Any]]] = {
            "initialise": lambda args, progress: {
                "created": initialise(context, self._ops, progress)
            },
            "silver": self._run_silver,
            "quality": self._run_quality,
            "gate": self._run_gate,
            "gold": self._run_gold,
            "describe": lambda args, progress: {"tables": describe(context, self._ops)},
            "query": self._run_query,
            "history": self._run_history,
            "diff": self._run_diff,
            "rollback": self._run_rollback,
            "resume": self._run_resume,
            "standing": self._run_standing,
            "status": lambda args, progress: {"tables": status(context)},
            "verify": self._run_verify,
            "requests": self._answer_requests,
            "maintain": self._run_maintain,
            "warm": lambda args, progress: {"table": warm_up(context)},
            "compile": lambda args, progress: compile_lake(context.spark, context.manifest),
        }

    def run(self, step: str, args: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        """Runs a step; UserError for an unknown step or argument, and for what the step finds."""
        if step not in self._steps:
            known = ", ".join(self._steps)
            raise UserError(f'there is no step "{step}"; expected one of {known}')
        self._context.refresh()
        self._context.spark.sparkContext.setLocalProperty(*_pool(step))
        return self._steps[step](dict(args), progress)

    def attempt(self, step: str, args: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        """Runs a step; gives `{ok, result}`, or `{ok, error, kind}` instead of raising."""
        try:
            return {"ok": True, "result": self.run(step, args, progress)}
        except Exception as error:
            message, kind = explained(error)
            where = f"step {step}: " if kind == "bug" else ""
            return {"ok": False, "error": f"{where}{message}", "kind": kind}

    def standing(self) -> list[Standing]:
        """The newest verdict on every quality rule."""
        return self._quality.standing()

    def newest_run(self, step: str) -> datetime | None:
        """When the newest run of a step began that changed anything (UTC); None if it failed."""
        return self._ops.newest_run(step)

    def flush(self) -> None:
        """Writes what is noted for the bookkeeping tables; a failure costs only these notes."""
        if not self._ops.pending():
            return
        try:
            self._ops.flush()
        except Exception:
            traceback.print_exc()

    def _run_silver(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        started = datetime.now(timezone.utc)
        tables, relist = args.pop("tables", None), bool(args.pop("relist", False))
        _refuse_rest("silver", args)
        known = [table.name for table in self._context.manifest.tables]
        unknown = sorted(set(tables or []) - set(known))
        if unknown:
            raise UserError(f"no table {', '.join(unknown)}; the lake has {', '.join(known)}")

        def report(result: TableResult) -> None:
            progress(asdict(result))

        results = apply_tables(self._context, tables, relist, progress=report, judge=self._hold)
        found = [asdict(result) for result in results]
        self._ops.record("silver", "silver", started, found)
        return {"tables": found}

    def _run_quality(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        tables, layer = args.pop("tables", None), args.pop("layer", None)
        only_changed = bool(args.pop("only_changed", tables is None))
        _refuse_rest("quality", args)
        results = self._quality.run(tables, progress, layer, only_changed)
        return {"rules": [asdict(result) for result in results]}

    def _run_standing(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        last = args.pop("last", None)
        _refuse_rest("standing", args)
        rules = self.standing() if last is None else self._quality.last_verdicts(int(last))
        return {"rules": [asdict(rule) for rule in rules]}

    def _run_gate(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        layer = _required("gate", args, "layer")
        _refuse_rest("gate", args)
        return self._quality.gate(layer)

    def _run_gold(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        started = datetime.now(timezone.utc)
        models, rebuild = args.pop("models", None), bool(args.pop("rebuild", False))
        today = _date(args.pop("today", None))
        _refuse_rest("gold", args)
        results = self._gold.run(models, rebuild, today, lambda result: progress(as_json(result)))
        found = [as_json(result) for result in results]
        self._ops.record("gold", "gold", started, found)
        return {"models": found}

    def _run_query(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        sql, at = _required("query", args, "sql"), args.pop("at", None)
        limit = int(args.pop("limit", 1000))
        _refuse_rest("query", args)
        self.flush()
        return self._query.run(sql, at, limit)

    def _run_history(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        name = _required("history", args, "table")
        _refuse_rest("history", args)
        return {"commits": history(self._query.table(name))}

    def _run_diff(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        name, limit = _required("diff", args, "table"), int(args.pop("limit", 20))
        bounds = args.pop("from", None), args.pop("to", None)
        _refuse_rest("diff", args)
        table = self._query.table(name)
        since, until = (
            find_version(table, name, bound) if bound else table.version() for bound in bounds
        )
        return diff_versions(table, since, until, limit)

    def _run_rollback(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        name, to = _required("rollback", args, "table"), _required("rollback", args, "to")
        _refuse_rest("rollback", args)
        relation = f"silver.{name}"
        return rollback(
            self._context, name, find_version(self._query.table(relation), relation, to)
        )

    def _run_resume(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        name, how = _required("resume", args, "table"), _required("resume", args, "how")
        _refuse_rest("resume", args)
        if how not in ("replay", "skip"):
            raise UserError(f'resume is to "{how}"; expected replay or skip')
        self._query.table(f"silver.{name}")
        return resume(self._context, name, "replay" if how == "replay" else "skip")

    def _run_verify(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        snapshot, tables = _required("verify", args, "snapshot"), args.pop("tables", None)
        _refuse_rest("verify", args)
        return {"tables": verify(self._context, snapshot, tables, progress)}

    def _answer_requests(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        _refuse_rest("requests", args)
        answered = answer_requests(
            self._context, lambda step, given: self.attempt(step, given, progress)
        )
        committed = [
            {"table": answer["result"]["table"], "status": "applied"}
            for answer in answered
            if answer["ok"] and answer["step"] in ("rollback", "resume")
        ]
        told = [{k: v for k, v in answer.items() if k != "result"} for answer in answered]
        return {"requests": told, "tables": committed}

    def _run_maintain(self, args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        tables, seconds = args.pop("tables", None), args.pop("seconds", None)
        _refuse_rest("maintain", args)
        return asdict(maintain(self._context, self._ops, tables, progress, seconds))


def _pool(step: str) -> tuple[str, str]:
    """Silver shares Spark's slots with the rest fairly: a large query does not hold changes up."""
    return "spark.scheduler.pool", "silver" if step == "silver" else "background"


def _required(step: str, args: dict[str, Any], name: str) -> str:
    if not isinstance(args.get(name), str):
        raise UserError(f"step {step} needs the argument {name}, a text; got {args.get(name)!r}")
    return str(args.pop(name))


def _refuse_rest(step: str, args: dict[str, Any]) -> None:
    if args:
        raise UserError(f"step {step} has no argument {', '.join(sorted(args))}")


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f'today is "{text}"; expected a date as in 2026-01-31') from error

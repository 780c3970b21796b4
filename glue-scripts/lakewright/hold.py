"""Holds a batch back that would break a rule of severity `stop`: judged before it is committed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Protocol

from pyspark.sql import DataFrame

from lakewright.dqdl import Verdict, depends_on_time, evaluate_dqdl
from lakewright.errors import UserError
from lakewright.manifest import Table
from lakewright.ops import Ops, run_id
from lakewright.quality import TIME_PASSES, Quality, RuleResult, stops


class Judge(Protocol):
    """Looks at a silver table as a batch would leave it. `work` tells the batch from others."""

    def recall(self, table: Table, work: str) -> None:
        """HeldBack where this batch was held back and nothing that its rules read has changed."""
        ...

    def judge(self, table: Table, rows: DataFrame, work: str) -> None:
        """HeldBack where a rule of the table that stops does not hold on these rows, all that the
        table would have; an empty table has nothing to judge."""
        ...


class HeldBack(UserError):
    """The batch would break a rule that stops; nothing of it is committed."""


@dataclass(frozen=True)
class Held:
    """A batch that was held back, and why."""

    work: str
    referenced: list[str]
    """Versions of the tables that the rules refer to."""
    at: datetime
    message: str


@dataclass
class Hold:
    """Judges batches of one lake. Keep it: it remembers what is held. Thread safe."""

    ops: Ops
    quality: Quality
    _held: dict[str, Held] = field(default_factory=dict)
    _told: dict[str, dict[str, Verdict]] | None = field(default=None)

    def recall(self, table: Table, work: str) -> None:
        held, rules = self._held.get(table.name), _rules(table)
        if held is None or held.work != work:
            return
        aged = depends_on_time(rules) and datetime.now(timezone.utc) - held.at >= TIME_PASSES
        if not aged and held.referenced == self.quality.referenced(rules):
            raise HeldBack(held.message)

    def judge(self, table: Table, rows: DataFrame, work: str) -> None:
        rules = _rules(table)
        referenced = self.quality.referenced(rules)
        kept = rows.persist()
        try:
            verdicts = evaluate_dqdl(kept, rules, self.quality.beside("silver", table.name))
        finally:
            kept.unpersist()
        broken = [verdict for verdict in verdicts if verdict[1] in ("failed", "error")]
        at = datetime.now(timezone.utc)
        self._tell(table.name, verdicts if broken else [], verdicts, at)
        if not broken:
            self._held.pop(table.name, None)
            return
        reasons = "; ".join(f"{rule}: {message}" for rule, _, _, message in broken)
        message = (
            f"the batch is held back, for it would break rules that stop it: {reasons}. Correct"
            " the source, whose next changes are judged together with these, or give the rule"
            " the severity warn"
        )
        self._held[table.name] = Held(work, referenced, at, message)
        raise HeldBack(message)

    def _tell(
        self, name: str, holding: list[Verdict], verdicts: list[Verdict], at: datetime
    ) -> None:
        """Keeps the verdicts where they differ from the last ones that were kept. Those on a batch
        that is not held back are given once it is committed; here only that it is none any more."""
        told = self._known()
        now = {verdict[0]: verdict for verdict in holding}
        if now == told.get(name, {}):
            return
        told[name] = now
        run = run_id()
        results = [
            RuleResult("silver", name, "hold", *verdict, "", at.isoformat(), "stop")
            for verdict in verdicts
        ]
        self.ops.append_quality([{**asdict(each), "run_id": run} for each in results])

    def _known(self) -> dict[str, dict[str, Verdict]]:
        """The verdicts kept on each table that is held back, also by an application before."""
        if self._told is None:
            every: dict[str, dict[str, Verdict]] = {}
            for told in self.quality.standing():
                if told.kind == "hold":
                    verdict = (told.rule, told.outcome, told.value, told.message)
                    every.setdefault(told.table, {})[told.rule] = verdict
            self._told = {
                name: verdicts
                for name, verdicts in every.items()
                if any(outcome in ("failed", "error") for _, outcome, *_ in verdicts.values())
            }
        return self._told


def _rules(table: Table) -> list[str]:
    return [rule.dqdl for rule in stops(table)]

"""Holds a batch back that would break a rule of severity `stop`: judged before it is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone

from pyspark.sql import DataFrame

from lakewright.dqdl import evaluate_dqdl
from lakewright.errors import UserError
from lakewright.manifest import Table
from lakewright.ops import Ops, run_id
from lakewright.quality import Quality, RuleResult, stops

Judge = Callable[[Table, DataFrame], None]
"""Looks at a silver table as a batch would leave it; raises HeldBack."""


class HeldBack(UserError):
    """The batch would break a rule that stops; nothing of it is committed."""


@dataclass
class Hold:
    """Judges batches of one lake. Keep it: it remembers which tables are held. Thread safe."""

    ops: Ops
    quality: Quality
    _held: set[str] | None = field(default=None)

    def judge(self, table: Table, rows: DataFrame) -> None:
        """HeldBack where a rule of the table that stops does not hold on these rows, all that the
        table would have; an empty table has nothing to judge."""
        rules = [rule.dqdl for rule in stops(table)]
        if not rules:
            return
        kept = rows.persist()
        try:
            verdicts = evaluate_dqdl(kept, rules, self.quality.beside("silver", table.name))
        finally:
            kept.unpersist()
        broken = [verdict for verdict in verdicts if verdict[1] in ("failed", "error")]
        # Rules that hold are judged anew once the batch is committed; only a change is told here.
        if broken or table.name in self._known():
            at = datetime.now(timezone.utc).isoformat()
            results = [
                RuleResult("silver", table.name, "hold", *verdict, "", at, "stop")
                for verdict in verdicts
            ]
            run = run_id()
            self.ops.append_quality([{**asdict(each), "run_id": run} for each in results])
        if broken:
            self._known().add(table.name)
            reasons = "; ".join(f"{rule}: {message}" for rule, _, _, message in broken)
            raise HeldBack(
                f"the batch is held back, for it would break rules that stop it: {reasons}. Correct"
                " the source, whose next changes are judged together with these, or give the rule"
                " the severity warn"
            )
        self._known().discard(table.name)

    def _known(self) -> set[str]:
        """Tables whose newest batch was held back, also by an application before this one."""
        if self._held is None:
            self._held = {
                verdict.table
                for verdict in self.quality.standing()
                if verdict.kind == "hold" and verdict.outcome in ("failed", "error")
            }
        return self._held

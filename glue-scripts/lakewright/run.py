"""Runs steps by name, and tells catalog and metrics what they did."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from lakewright.catalog import COMMITTED, Publication
from lakewright.errors import UserError
from lakewright.metrics import Measure, Metrics, quality_measures, silver_measures
from lakewright.steps import Steps

WITH_ARGUMENTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "quality.silver": ("quality", {"layer": "silver"}),
    "quality.gold": ("quality", {"layer": "gold"}),
    "gate": ("gate", {"layer": "silver"}),
    "relist": ("silver", {"relist": True}),
    "gold.due": ("gold", {}),
}
"""Steps by the names that `--steps` has beside their own.

`gate` ends the run where rules on silver that stop do not hold, or too few hold; `relist` is silver
over all of bronze; `gold.due` is gold where it is as old as it may be."""

MAINTAIN_SECONDS = 60
"""After which silver is brought up to date before maintenance goes on with the next table."""
DUE_SHARE = 0.9
"""Share of the time that gold may be old after which it is due: what comes before it in a run takes
now more, now less, and a run that comes just too early would leave it to the next."""


@dataclass
class Outcome:
    """What a run of steps did."""

    ok: bool = True
    steps: dict[str, Any] = field(default_factory=dict)
    broke_off: bool = False
    """A step as a whole failed, so that those after it were not run."""
    passing: bool = False
    """Something failed that may succeed when it is tried again, and not for a mistake of the
    user's."""

    def failed(self) -> str:
        """What failed, by step: `step gate: too few rules pass; step gold: failed sales`."""
        told = []
        for name, result in self.steps.items():
            if "error" in result:
                told.append(f"step {name}: {result['error']}")
            elif names := failures(result):
                told.append(f"step {name}: failed {', '.join(names)}")
        return "; ".join(told)

    def changed(self, step: str) -> bool:
        """Whether the silver or gold step of that name committed anything."""
        return any(part.get("status") in COMMITTED for part in _parts(self.steps.get(step, {})))


@dataclass
class Runner:
    """Runs one lake's steps. `publication` and `metrics` are there on AWS alone."""

    steps: Steps
    publication: Publication | None = None
    metrics: Metrics | None = None
    gold_minutes: float = 0
    """How old gold may be for the step `gold.due`."""

    def run(self, names: Sequence[str]) -> Outcome:
        """Runs the steps one after the other, until one as a whole fails."""
        outcome = Outcome()
        for name in names:
            if name == "gold.due" and not self._gold_is_due():
                continue
            if name == "maintain":
                self._maintain(outcome)
            else:
                outcome.steps[name] = self._step(name, outcome)
            if outcome.broke_off:
                break
        self.steps.flush()
        return outcome

    def _step(self, name: str, outcome: Outcome, **more: Any) -> dict[str, Any]:
        """Runs one step and tells of it; notes in the outcome what failed."""
        started = time.monotonic()
        step, args = WITH_ARGUMENTS.get(name, (name, {}))
        answer = self.steps.attempt(step, args | more, _say)
        seconds = time.monotonic() - started
        result: dict[str, Any] = answer.get("result", answer)
        if not answer["ok"]:
            print(f"step {name}: {answer['error']}", file=sys.stderr, flush=True)
            outcome.ok, outcome.broke_off = False, True
            outcome.passing |= answer["kind"] != "user"
            return result
        self._tell(name, step, result, seconds)
        if failures(result):
            outcome.ok = False
            outcome.passing |= may_pass(result)
        return result

    def _maintain(self, outcome: Outcome) -> None:
        """Maintains every table, a slice at a time, and applies what changed in between: only one
        run of the job goes on, and changes do not wait for its end."""
        more: dict[str, Any] = {"seconds": MAINTAIN_SECONDS}
        while True:
            result = self._step("maintain", outcome, **more)
            tables = outcome.steps.get("maintain", {}).get("tables", [])
            outcome.steps["maintain"] = {**result, "tables": [*tables, *result.get("tables", [])]}
            if not result.get("left"):
                return
            more["tables"] = result["left"]
            # What fails there is told by the runs that are for it.
            self._step("silver", Outcome())

    def _gold_is_due(self) -> bool:
        """A refresh that changed nothing does not count: gold is looked at again, cheaply."""
        newest = self.steps.newest_run("gold") if self.gold_minutes else None
        if newest is None:
            return True
        age = (datetime.now(timezone.utc) - newest).total_seconds() / 60
        return age >= DUE_SHARE * self.gold_minutes

    def _tell(self, name: str, step: str, result: dict[str, Any], seconds: float) -> None:
        """Publishes what the step committed; sends what it measured, if there was anything to do
        for a step that a watch runs in each round."""
        if step == "requests" and not result["requests"]:
            return
        if self.publication and step in ("silver", "requests"):
            result["unpublished"] = self.publication.publish("silver", result["tables"])
        if self.publication and step == "gold":
            result["unpublished"] = self.publication.publish("gold", result["models"])
        if self.metrics:
            measures = [Measure("StepSeconds", seconds, "Seconds", step=name)]
            if step == "silver":
                measures += silver_measures(result["tables"], datetime.now(timezone.utc))
            if step == "quality":
                measures += quality_measures(self.steps.standing())
            self.metrics.send(measures)


def parse_steps(text: str) -> list[str]:
    """Names of steps by comma; UserError where there is none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise UserError("--steps names no step; expected names by comma, as initialise,silver,gold")
    return names


def failures(result: Mapping[str, Any]) -> list[str]:
    """Tables and models that a step could not do, or that the catalog does not show as they are."""
    failed = [part for part in _parts(result) if part.get("status") == "failed"]
    names = [str(part.get("table") or part.get("model")) for part in failed]
    return [*names, *(part["table"] for part in result.get("unpublished", []))]


def may_pass(result: Mapping[str, Any]) -> bool:
    """Whether any of a result's failures is not of the user's making."""
    failed = [part for part in _parts(result) if part.get("status") == "failed"]
    return bool(result.get("unpublished")) or any(part.get("kind") != "user" for part in failed)


def _parts(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*result.get("tables", []), *result.get("models", [])]


def _say(event: Mapping[str, Any]) -> None:
    print(json.dumps(event, default=str), flush=True)

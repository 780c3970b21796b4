"""Steps by name, with steps, catalog and metrics of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import pytest

from lakewright.catalog import Publication
from lakewright.errors import UserError
from lakewright.metrics import Measure
from lakewright.quality import Standing
from lakewright.run import Runner, parse_steps
from lakewright.steps import Steps
from lakewright.watch import WatchSettings, watch

IDLE: dict[str, Any] = {"tables": [{"table": "a", "status": "idle"}]}
APPLIED: dict[str, Any] = {"tables": [{"table": "a", "status": "applied", "read": 4}]}

NOTHING_ASKED: dict[str, Any] = {"requests": [], "tables": []}


class FakeSteps:
    """Gives the results that the test names, in their order; the last one from then on."""

    def __init__(self, **results: Sequence[dict[str, Any] | str]) -> None:
        self._results = {name: list(values) for name, values in results.items()}
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.flushed = 0
        self.newest: datetime | None = None

    def newest_run(self, step: str) -> datetime | None:
        assert step == "gold"
        return self.newest

    def attempt(
        self, step: str, args: Mapping[str, Any], progress: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        self.done.append((step, dict(args)))
        results = self._results.get(step, [NOTHING_ASKED if step == "requests" else {}])
        result = results.pop(0) if len(results) > 1 else results[0]
        if isinstance(result, str):
            return {"ok": False, "error": result, "kind": "user"}
        return {"ok": True, "result": dict(result)}

    def standing(self) -> list[Standing]:
        failed = Standing("silver", "a", "r2", "failed", severity="stop")
        return [Standing("silver", "a", "r1", "passed"), failed]

    def flush(self) -> None:
        self.flushed += 1

    def names(self) -> list[str]:
        return [step for step, _ in self.done]


class Recorder:
    """Catalog and metrics that note what they are told."""

    def __init__(self, unpublished: Sequence[dict[str, str]] = ()) -> None:
        self.unpublished = list(unpublished)
        self.layers: list[str] = []
        self.measures: list[Measure] = []

    def publish(self, layer: str, results: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        self.layers.append(layer)
        return self.unpublished

    def send(self, measures: Sequence[Measure]) -> None:
        self.measures += measures


def runner(steps: FakeSteps, recorder: Recorder | None = None) -> Runner:
    if recorder is None:
        return Runner(cast(Steps, steps))
    return Runner(cast(Steps, steps), cast(Publication, recorder), recorder)


def test_named_steps_run_in_order_with_the_arguments_that_their_names_stand_for() -> None:
    steps = FakeSteps(silver=[IDLE], gold=[{"models": []}])
    names = parse_steps("silver, quality.silver,gate,gold,quality.gold,relist")
    outcome = runner(steps).run(names)
    assert steps.done == [
        ("silver", {}),
        ("quality", {"layer": "silver"}),
        ("gate", {"layer": "silver"}),
        ("gold", {}),
        ("quality", {"layer": "gold"}),
        ("silver", {"relist": True}),
    ]
    assert outcome.ok and list(outcome.steps) == names
    assert steps.flushed == 1


@pytest.mark.parametrize(
    ("minutes", "age", "due"),
    [(0, 1, True), (60, None, True), (60, 50, False), (60, 55, True), (1440, 1300, True)],
)
def test_gold_is_refreshed_by_the_runs_in_which_it_is_due(
    minutes: float, age: float | None, due: bool
) -> None:
    steps = FakeSteps(gold=[{"models": []}])
    if age is not None:
        steps.newest = datetime.now(timezone.utc) - timedelta(minutes=age)
    outcome = Runner(cast(Steps, steps), gold_minutes=minutes).run(["silver", "gold.due"])
    assert steps.names() == (["silver", "gold"] if due else ["silver"])
    assert outcome.ok


def test_no_step_runs_after_one_that_fails_as_a_whole() -> None:
    steps = FakeSteps(silver=[APPLIED], gate=["too many rules are broken"])
    outcome = runner(steps).run(["silver", "gate", "gold"])
    assert steps.names() == ["silver", "gate"]
    assert (outcome.ok, outcome.broke_off, steps.flushed) == (False, True, 1)
    assert outcome.steps["gate"]["error"] == "too many rules are broken"


def test_the_others_go_on_where_a_table_fails_and_the_run_is_not_ok() -> None:
    failed = {"tables": [{"table": "a", "status": "failed"}, {"table": "b", "status": "idle"}]}
    steps = FakeSteps(silver=[failed], gold=[{"models": []}])
    outcome = runner(steps).run(["silver", "gold"])
    assert steps.names() == ["silver", "gold"]
    assert (outcome.ok, outcome.broke_off) == (False, False)


def test_changes_are_applied_between_slices_of_maintenance() -> None:
    def part(table: str, *left: str) -> dict[str, Any]:
        return {"tables": [{"table": table, "status": "maintained"}], "left": list(left)}

    parts = [part("a", "silver.b", "silver.c"), part("b", "silver.c"), part("c")]
    steps = FakeSteps(maintain=parts, silver=[failed_table("user"), "no way to storage"])
    recorder = Recorder()
    outcome = runner(steps, recorder).run(["maintain"])
    assert steps.done == [
        ("maintain", {"seconds": 60}),
        ("silver", {}),
        ("maintain", {"seconds": 60, "tables": ["silver.b", "silver.c"]}),
        ("silver", {}),
        ("maintain", {"seconds": 60, "tables": ["silver.c"]}),
    ]
    assert outcome.ok and list(outcome.steps) == ["maintain"]
    assert [each["table"] for each in outcome.steps["maintain"]["tables"]] == ["a", "b", "c"]
    assert recorder.layers == ["silver"]


def test_maintenance_that_fails_as_a_whole_ends_the_run() -> None:
    steps = FakeSteps(maintain=["no way to storage"])
    outcome = runner(steps).run(["maintain", "silver"])
    assert (outcome.ok, outcome.broke_off, steps.names()) == (False, True, ["maintain"])
    assert outcome.failed() == "step maintain: no way to storage"


def failed_table(kind: str) -> dict[str, Any]:
    return {"tables": [{"table": "a", "status": "failed", "kind": kind}]}


@pytest.mark.parametrize(
    ("silver", "gate", "lasting", "message"),
    [
        (APPLIED, "too few pass", True, "step gate: too few pass"),
        (failed_table("user"), {}, True, "step silver: failed a"),
        (failed_table("bug"), {}, False, "step silver: failed a"),
        (failed_table("bug"), "too few", False, "step silver: failed a; step gate: too few"),
    ],
)
def test_a_failure_lasts_where_all_of_it_is_the_users_to_mend(
    silver: dict[str, Any], gate: dict[str, Any] | str, lasting: bool, message: str
) -> None:
    outcome = runner(FakeSteps(silver=[silver], gate=[gate])).run(["silver", "gate"])
    assert (outcome.passing, outcome.failed()) == (not lasting, message)


def test_what_silver_and_gold_did_is_published_and_measured() -> None:
    recorder = Recorder()
    steps = FakeSteps(silver=[APPLIED], gold=[{"models": []}])
    outcome = runner(steps, recorder).run(["initialise", "silver", "quality.silver", "gold"])
    assert outcome.ok
    assert recorder.layers == ["silver", "gold"]
    steps_measured = [m.step for m in recorder.measures if m.name == "StepSeconds"]
    assert steps_measured == ["initialise", "silver", "quality.silver", "gold"]
    shares = {(m.name, m.table): m.value for m in recorder.measures if m.unit == "Percent"}
    assert shares == {
        ("ValidShare", "a"): 100,
        ("ValidShare", None): 100,
        ("QualityShare", None): 50,
        ("QualityShare", "silver.a"): 50,
    }
    failed = {m.name: m.value for m in recorder.measures if "Rules" in m.name and m.table is None}
    assert failed == {"StopRulesFailed": 1, "WarnRulesFailed": 0}


def test_a_table_that_the_catalog_does_not_show_as_it_is_fails_the_run() -> None:
    recorder = Recorder([{"table": "silver.a", "error": "denied"}])
    outcome = runner(FakeSteps(silver=[APPLIED]), recorder).run(["silver"])
    assert not outcome.ok and outcome.passing
    assert outcome.failed() == "step silver: failed silver.a"
    assert outcome.steps["silver"]["unpublished"] == [{"table": "silver.a", "error": "denied"}]


def test_no_step_at_all_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="names no step"):
        parse_steps(" , ")


class Clock:
    """Time that passes only while the watch sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def watched(steps: FakeSteps, settings: WatchSettings) -> tuple[bool, list[str]]:
    clock = Clock()
    outcome = watch(runner(steps), settings, clock.read, clock.sleep)
    return outcome.ok, steps.names()


def test_watch_refreshes_gold_where_silver_changed_until_its_time_is_over() -> None:
    steps = FakeSteps(silver=[IDLE, APPLIED, IDLE], gold=[{"models": []}])
    ok, names = watched(steps, WatchSettings(90, every=30, quality_every=1000))
    # Gold goes in the first round as well: an earlier run may have ended between the two.
    first = ["silver", "requests", "quality", "gold"]
    assert names == ["initialise", *first, "silver", "requests", "gold", "silver", "requests"]
    assert ok


def test_watch_answers_requests_and_refreshes_gold_where_they_changed_rows() -> None:
    asked = {"requests": [{"request": "1"}], "tables": [{"table": "a", "status": "applied"}]}
    steps = FakeSteps(
        silver=[IDLE], gold=[{"models": []}], requests=[NOTHING_ASKED, asked, NOTHING_ASKED]
    )
    recorder = Recorder()
    clock = Clock()
    watch(runner(steps, recorder), WatchSettings(90, quality_every=1000), clock.read, clock.sleep)
    assert steps.names().count("gold") == 2
    assert recorder.layers.count("silver") == 4, "three rounds, and what was asked for"
    told = [measure for measure in recorder.measures if measure.step == "requests"]
    assert len(told) == 1, "only where something was asked"


def test_watch_judges_rules_no_more_often_than_it_is_told() -> None:
    steps = FakeSteps(silver=[IDLE], gold=[{"models": []}])
    _, names = watched(steps, WatchSettings(100, every=10, quality_every=45))
    assert (names.count("silver"), names.count("quality")) == (10, 2)


def test_watch_refreshes_gold_no_more_often_than_it_is_told() -> None:
    steps = FakeSteps(silver=[APPLIED], gold=[{"models": []}])
    _, names = watched(steps, WatchSettings(100, every=10, quality_every=1000, gold_every=45))
    assert (names.count("silver"), names.count("gold")) == (10, 2)


def test_watch_tries_gold_again_where_a_model_failed() -> None:
    failed = {"models": [{"model": "m", "status": "failed"}]}
    steps = FakeSteps(silver=[IDLE], gold=[failed, {"models": []}])
    ok, names = watched(steps, WatchSettings(90, every=30, quality_every=1000))
    assert names.count("gold") == 2
    assert ok


def test_watch_ends_at_once_where_a_step_fails_as_a_whole() -> None:
    steps = FakeSteps(silver=[IDLE, "the application broke"], gold=[{"models": []}])
    ok, names = watched(steps, WatchSettings(900, every=30, quality_every=1000))
    assert not ok and names.count("silver") == 2


def test_a_watch_without_time_does_one_round() -> None:
    steps = FakeSteps(silver=[IDLE], gold=[{"models": []}])
    names = watched(steps, WatchSettings(0))[1]
    assert names == ["initialise", "silver", "requests", "quality", "gold"]

"""Requests that come to the job by the lake's storage, and their answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from silver_lake import Lake, delete, make_lake, thing, update

from lakewright.locations import Locations
from lakewright.run import Runner
from lakewright.steps import Steps


class Asked:
    """A lake with versions of one table, and requests to it."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.folder = Path(lake.context.locations.ops) / "requests"
        lake.bronze.load([thing(1, "one"), thing(2, "two")])
        lake.bronze.complete()
        lake.apply()
        self.good = lake.context.silver("thing").version()
        lake.bronze.changes(update(5, 1, "oops"), delete(6, 2))
        lake.apply()

    def ask(self, name: str, text: str) -> None:
        (self.folder / name).mkdir(parents=True)
        (self.folder / name / "request.json").write_text(text)

    def step(self, name: str, step: str, **args: Any) -> None:
        self.ask(name, json.dumps({"step": step, "args": args}))

    def run(self) -> dict[str, Any]:
        outcome = Runner(Steps(self.lake.context)).run(["requests"])
        assert outcome.ok
        result: dict[str, Any] = outcome.steps["requests"]
        return result

    def answer(self, name: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads((self.folder / name / "result.json").read_text())
        return answer


@pytest.fixture
def it(spark: SparkSession, locations: Locations) -> Asked:
    return Asked(make_lake(spark, locations, "delta"))


def test_nothing_is_asked(it: Asked) -> None:
    assert it.run() == {"requests": [], "tables": []}


def test_requests_are_answered_in_their_order_and_once(it: Asked) -> None:
    it.step("2", "resume", table="thing", how="skip")
    it.step("1", "rollback", table="thing", to=it.good)
    result = it.run()
    assert [(each["request"], each["step"]) for each in result["requests"]] == [
        ("1", "rollback"),
        ("2", "resume"),
    ]
    assert result["tables"] == [{"table": "thing", "status": "applied"}] * 2
    assert it.answer("1")["result"]["to"] == it.good
    assert it.lake.names() == {1: "ONE", 2: "TWO"}
    assert it.run() == {"requests": [], "tables": []}


def test_what_is_not_complete_waits(it: Asked) -> None:
    (it.folder / "1" / "attached").mkdir(parents=True)
    assert it.run()["requests"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "request.json: JSONDecodeError"),
        ("[]", "request.json: TypeError"),
        ('{"step": "silver"}', "request.json: KeyError('args')"),
        ('{"step": "silver", "args": {}}', 'step "silver" answers no requests; expected one of'),
        ('{"step": "rollback", "args": {"table": "thing"}}', "needs the argument to, a text"),
        ('{"step": "history", "args": {"table": "silver.nosuch"}}', "nosuch"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_and_holds_up_no_other(
    it: Asked, text: str, said: str
) -> None:
    it.ask("1", text)
    it.step("2", "history", table="silver.thing")
    it.run()
    refused = it.answer("1")
    assert (refused["ok"], refused["kind"]) == (False, "user")
    assert said in refused["error"]
    assert len(it.answer("2")["result"]["commits"]) >= 2


def test_a_query_of_the_past_is_answered(it: Asked) -> None:
    commits = it.lake.context.silver("thing").commits() or []
    (then,) = (commit.at for commit in commits if commit.version == it.good)
    sql = "SELECT name FROM silver.thing ORDER BY id"
    it.step("1", "query", sql=sql, at=then.isoformat())
    it.run()
    assert it.answer("1")["result"]["rows"] == [["ONE"], ["TWO"]]


def test_rules_are_judged_anew_when_asked(spark: SparkSession, locations: Locations) -> None:
    rules = [{"dqdl": "RowCount > 1", "severity": "warn"}]
    it = Asked(make_lake(spark, locations, "delta", quality=rules))
    it.step("1", "quality", only_changed=False)
    it.step("2", "standing")
    it.run()
    judged = [(rule["rule"], rule["outcome"]) for rule in it.answer("1")["result"]["rules"]]
    assert judged == [("RowCount > 1", "failed"), ("price", "passed")]
    told = [(rule["rule"], rule["outcome"]) for rule in it.answer("2")["result"]["rules"]]
    assert told == judged

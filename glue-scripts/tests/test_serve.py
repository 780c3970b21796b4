"""The line protocol, with steps of the test's own."""

from __future__ import annotations

import io
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from lakewright.serve import PREFIX, _Running, serve
from lakewright.steps import Steps


class FakeSteps:
    """Answers as the real steps do, and notes that it was flushed."""

    def __init__(self) -> None:
        self.flushed = 0
        self.started, self.release = threading.Event(), threading.Event()

    def attempt(
        self, step: str, args: Mapping[str, Any], progress: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        if step == "slow":
            self.started.set()
            self.release.wait(10)
        progress({"table": "t"})
        return {"ok": True, "result": {"step": step, **args}}

    def flush(self) -> None:
        self.flushed += 1


def talk(steps: FakeSteps, text: str) -> tuple[list[dict[str, Any]], list[int]]:
    answers = io.StringIO()
    ends: list[int] = []
    serve(cast(Steps, steps), {"pids": [1]}, io.StringIO(text), answers, ends.append)
    lines = answers.getvalue().splitlines()
    assert all(line.startswith(PREFIX) for line in lines)
    return [json.loads(line[len(PREFIX) :]) for line in lines], ends


def test_requests_are_answered_in_order_with_their_progress() -> None:
    steps = FakeSteps()
    requests = [{"id": 1, "step": "gold", "args": {"a": 1}}, {"id": 2, "step": "stop"}]
    answers, ends = talk(steps, "\n".join(map(json.dumps, requests)) + "\n")
    assert answers == [
        {"event": "ready", "pids": [1]},
        {"id": 1, "event": "progress", "step": "gold", "table": "t"},
        {"id": 1, "ok": True, "result": {"step": "gold", "a": 1}},
        {"id": 2, "ok": True, "result": {}},
    ]
    assert ends[-1] == 0 and steps.flushed >= 1


@pytest.mark.parametrize("line", ["not json", '{"step": "gold"}', "[1]"])
def test_a_line_that_is_no_request_is_answered_and_the_next_is_served(line: str) -> None:
    answers, _ = talk(FakeSteps(), f'{line}\n{{"id": 2, "step": "stop"}}\n')
    assert (answers[1]["ok"], answers[1]["kind"]) == (False, "bug")
    assert (
        line in answers[1]["error"].replace("\\n", "")
        or "expected a request" in (answers[1]["error"])
    )
    assert answers[2] == {"id": 2, "ok": True, "result": {}}


def test_the_end_of_stdin_ends_the_application_in_the_middle_of_a_step() -> None:
    steps, ended = FakeSteps(), threading.Event()
    codes: list[int] = []
    reading, writing = os.pipe()

    def end(code: int) -> None:
        codes.append(code)
        ended.set()
        steps.release.set()

    requests, channel = os.fdopen(reading), os.fdopen(writing, "w")
    serving = threading.Thread(
        target=serve, args=(cast(Steps, steps), {}, requests, io.StringIO(), end)
    )
    serving.start()
    channel.write('{"id": 1, "step": "slow"}\n')
    channel.flush()
    assert steps.started.wait(10)
    channel.close()
    assert ended.wait(10)
    serving.join(10)
    assert codes[0] == 1


class SlowPool(ThreadPoolExecutor):
    """Gives the work back only when it has been going on for a while."""

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        future = super().submit(*args, **kwargs)
        time.sleep(0.1)
        return future


def test_work_counts_as_running_from_its_first_moment() -> None:
    with SlowPool(1) as pool:
        running = _Running(pool)
        seen: list[bool] = []
        running.start(lambda: seen.append(running.busy()), frozenset())
    assert seen == [True]


class MeetingSteps(FakeSteps):
    """Steps that end only when as many run at once as are to meet, or when time is up."""

    def __init__(self, together: int) -> None:
        super().__init__()
        self.meeting = threading.Barrier(together)
        self.met: list[bool] = []

    def attempt(
        self, step: str, args: Mapping[str, Any], progress: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        try:
            self.meeting.wait(1)
            self.met.append(True)
        except threading.BrokenBarrierError:
            self.met.append(False)
        return {"ok": True, "result": {}}


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (("silver", {"tables": ["a"]}), ("silver", {"tables": ["b"]}), True),
        (("silver", {"tables": ["a"]}), ("gold", {"models": ["a"]}), True),
        (("silver", {"tables": ["a"]}), ("query", {"sql": "SELECT 1"}), True),
        (("silver", {"tables": ["a"]}), ("silver", {"tables": ["b", "a"]}), False),
        (("gold", {"models": ["a"]}), ("gold", {}), False),
        (("maintain", {}), ("silver", {"tables": ["a"]}), False),
        (("maintain", {"tables": ["silver.a"]}), ("silver", {"tables": ["b"]}), True),
        (("maintain", {"tables": ["silver.a"]}), ("silver", {"tables": ["a"]}), False),
        (("maintain", {"tables": ["gold.a"]}), ("gold", {"models": ["a"]}), False),
        (("maintain", {"tables": ["ops.quality"]}), ("quality", {"tables": ["a"]}), False),
        (("quality", {"tables": ["a"]}), ("silver", {"tables": ["a"]}), True),
    ],
)
def test_steps_run_side_by_side_only_where_no_table_has_two_writers(
    first: tuple[str, dict[str, Any]], second: tuple[str, dict[str, Any]], together: bool
) -> None:
    steps = MeetingSteps(2)
    requests = [
        {"id": number, "step": step, "args": args}
        for number, (step, args) in enumerate((first, second), 1)
    ]
    lines = [json.dumps(request) for request in [*requests, {"id": 3, "step": "stop"}]]
    answers, _ = talk(steps, "\n".join(lines) + "\n")
    assert sorted(answer["id"] for answer in answers[1:]) == [1, 2, 3]
    assert all(steps.met) is together

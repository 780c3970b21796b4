"""The line protocol by which a parent process drives the application over stdin and stdout.

A request is one line of JSON, `{"id": 1, "step": "silver", "args": {}}`; answers are lines that
start with `@lake `. A request starts when those before it have started and none that runs writes
the same table: steps that name their tables or models, or only read, go side by side; any other
goes alone. The end of stdin ends the application at once, also in the middle of a step: every step
can be broken off and run again.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any, TextIO

from lakewright.steps import Steps

PREFIX = "@lake "
PARALLEL = 2
"""Requests worked on at the same time: as many as a small machine has cores."""
READING = (
    "compile",
    "describe",
    "diff",
    "history",
    "query",
    "standing",
    "status",
    "verify",
    "warm",
)
"""Steps that write none of the lake's tables."""
IDLE_SECONDS = 2.0
"""Without a request for this long, what is noted for the bookkeeping tables is written."""
FLUSH_SECONDS = 30.0
"""What is noted is written at least this often, also while requests keep coming."""


class Channel:
    """Writes protocol lines, each whole; used from several threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        with self._lock:
            self._stream.write(f"{PREFIX}{json.dumps(message, default=str)}\n")
            self._stream.flush()


@dataclass(frozen=True)
class Request:
    """One line that asked for a step."""

    id: Any
    step: str
    args: dict[str, Any]

    @staticmethod
    def parse(line: str) -> Request:
        """ValueError where the line is no request."""
        try:
            content = json.loads(line)
            return Request(content["id"], content["step"], content.get("args") or {})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"expected a request with id and step as one line of JSON, got {line!r}: {error}"
            ) from error

    def writes(self) -> frozenset[str] | None:
        """The tables that the step writes; None where it may be any."""
        if self.step in READING:
            return frozenset()
        if self.step == "quality":
            return frozenset({"ops.quality"})
        if self.step in ("rollback", "resume"):
            return frozenset({f"silver.{self.args.get('table')}"})
        if self.step == "maintain":
            return frozenset(self.args.get("tables") or ()) or None
        names = self.args.get({"silver": "tables", "gold": "models"}.get(self.step, ""))
        return frozenset(f"{self.step}.{name}" for name in names) if names else None


class _Running:
    """The steps at work, and what each of them writes. Filled by one thread, asked by others."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._writes: dict[Future[None], frozenset[str] | None] = {}

    def start(self, work: Callable[[], None], writes: frozenset[str] | None) -> None:
        """Waits until the work is in nobody's way, then starts it."""
        while not self._free_for(writes):
            wait(self._writes, return_when=FIRST_COMPLETED)
            with self._lock:
                self._writes = {
                    step: tables for step, tables in self._writes.items() if not step.done()
                }
        # Whoever asks once the work has begun must find it here.
        with self._lock:
            self._writes[self._pool.submit(work)] = writes

    def busy(self) -> bool:
        with self._lock:
            return any(not work.done() for work in self._writes)

    def _free_for(self, writes: frozenset[str] | None) -> bool:
        if writes is None:
            return not self._writes
        return len(self._writes) < PARALLEL and all(
            tables is not None and writes.isdisjoint(tables) for tables in self._writes.values()
        )


def serve(
    steps: Steps,
    about: dict[str, Any],
    requests: TextIO = sys.stdin,
    answers: TextIO = sys.stdout,
    end: Callable[[int], None] = os._exit,
) -> None:
    """Answers requests until a `stop` request, or until `requests` ends; then calls `end`.

    `about` goes with the first line, which says that the application is ready.
    """
    channel = Channel(answers)
    lines: Queue[str | None] = Queue()
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="step") as pool:
        running = _Running(pool)
        threading.Thread(
            target=_read, args=(requests, lines, running, end), name="requests", daemon=True
        ).start()
        channel.send({"event": "ready", **about})
        flushed = time.monotonic()
        while True:
            try:
                line = lines.get(timeout=IDLE_SECONDS)
            except Empty:
                line = ""
            if line is None:
                break
            if line and _start(line, steps, running, channel):
                break
            if not running.busy() or time.monotonic() - flushed > FLUSH_SECONDS:
                running.start(steps.flush, frozenset({"ops.runs"}))
                flushed = time.monotonic()
    steps.flush()
    end(0)


def _start(line: str, steps: Steps, running: _Running, channel: Channel) -> bool:
    """Has a request worked on; gives whether it asks to stop."""
    try:
        request = Request.parse(line)
    except ValueError as error:
        channel.send({"id": None, "ok": False, "error": str(error), "kind": "bug"})
        return False
    if request.step == "stop":
        channel.send({"id": request.id, "ok": True, "result": {}})
        return True

    def progress(event: dict[str, Any]) -> None:
        channel.send({"id": request.id, "event": "progress", "step": request.step, **event})

    def work() -> None:
        answer = steps.attempt(request.step, request.args, progress)
        channel.send({"id": request.id, **answer})

    running.start(work, request.writes())
    return False


def _read(
    requests: TextIO, lines: Queue[str | None], running: _Running, end: Callable[[int], None]
) -> None:
    for line in requests:
        if line.strip():
            lines.put(line)
    if running.busy():
        end(1)
    lines.put(None)

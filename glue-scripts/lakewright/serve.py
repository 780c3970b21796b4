"""The line protocol by which a parent process drives the application over stdin and stdout.

A request is one line of JSON, `{"id": 1, "step": "silver", "args": {}}`; answers are lines that
start with `@lake `. Requests are worked off one after the other, in the order they came: steps
write tables, and a table has one writer. The end of stdin ends the application at once, also in
the middle of a step: every step can be broken off and run again.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from queue import Empty, Queue
from typing import Any, TextIO

from lakewright.steps import Steps

PREFIX = "@lake "
IDLE_SECONDS = 2.0
"""Without a request for this long, what is noted for the bookkeeping tables is written."""


class Channel:
    """Writes protocol lines, each whole; used from several threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        with self._lock:
            self._stream.write(f"{PREFIX}{json.dumps(message, default=str)}\n")
            self._stream.flush()


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
    busy = threading.Event()
    threading.Thread(
        target=_read, args=(requests, lines, busy, end), name="requests", daemon=True
    ).start()
    channel.send({"event": "ready", **about})
    while True:
        try:
            line = lines.get(timeout=IDLE_SECONDS)
        except Empty:
            steps.flush()
            continue
        if line is None:
            break
        busy.set()
        stop = answer(steps, line, channel)
        busy.clear()
        if stop:
            break
    steps.flush()
    end(0)


def answer(steps: Steps, line: str, channel: Channel) -> bool:
    """Works off one request; gives whether it asks to stop."""
    try:
        request = json.loads(line)
        number, step, args = request["id"], request["step"], request.get("args") or {}
    except (ValueError, KeyError, TypeError) as error:
        message = f"expected a request with id and step as one line of JSON, got {line!r}: {error}"
        channel.send({"id": None, "ok": False, "error": message, "kind": "bug"})
        return False
    if step == "stop":
        channel.send({"id": number, "ok": True, "result": {}})
        return True

    def progress(event: dict[str, Any]) -> None:
        channel.send({"id": number, "event": "progress", "step": step, **event})

    channel.send({"id": number, **steps.attempt(step, args, progress)})
    return False


def _read(
    requests: TextIO, lines: Queue[str | None], busy: threading.Event, end: Callable[[int], None]
) -> None:
    for line in requests:
        if line.strip():
            lines.put(line)
    if busy.is_set():
        end(1)
    lines.put(None)

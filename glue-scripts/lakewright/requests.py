"""Requests to the job by whoever reaches the lake's storage alone: `./lake rollback --stack`.

Each is a folder `<ops>/requests/<name>`: `request.json` with a step and its arguments, written once
all that they name is there, and `result.json` with the answer, once the job has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lakewright.context import LakeContext

REQUEST, RESULT = "request.json", "result.json"

ANSWERED = ("query", "history", "diff", "rollback", "resume", "quality", "standing", "verify")
"""Steps that may be asked for; all others are in no need of arguments."""

Attempt = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Runs a step; gives `{ok, result}`, or `{ok, error, kind}`."""


def answer_requests(context: LakeContext, attempt: Attempt) -> list[dict[str, Any]]:
    """Answers what waits, oldest first, and keeps each answer beside its request."""
    root, storage = f"{context.locations.ops}/requests", context.storage
    answered = []
    for name in sorted(storage.list(root)):
        folder = f"{root}/{name}"
        if {REQUEST, RESULT} & set(storage.list(folder)) != {REQUEST}:
            continue
        request, answer = _answer(storage.read_text(f"{folder}/{REQUEST}"), attempt)
        storage.write_text(f"{folder}/{RESULT}", json.dumps(answer, default=str))
        answered.append({"request": name, **request, **answer})
    return answered


def _answer(text: str, attempt: Attempt) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request as it was read, and what the step answers."""
    try:
        request = json.loads(text)
        step, args = request["step"], dict(request["args"])
    except (ValueError, KeyError, TypeError) as error:
        return {}, {"ok": False, "error": f"{REQUEST}: {error!r}", "kind": "user"}
    if step not in ANSWERED:
        message = f'step "{step}" answers no requests; expected one of {", ".join(ANSWERED)}'
        return request, {"ok": False, "error": message, "kind": "user"}
    return request, attempt(step, args)

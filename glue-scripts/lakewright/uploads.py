"""Snapshots of the source that were uploaded for the job, which does not reach the source itself.

Each is a folder `<ops>/verify/<name>`: `snapshot` with the rows in the form of bronze, `complete`
once all of it is there, and `result.json` once it was compared.
"""

from __future__ import annotations

import json
from typing import Any

from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.verify import Progress, verify

SNAPSHOT, COMPLETE, RESULT = "snapshot", "complete", "result.json"


def verify_uploads(context: LakeContext, progress: Progress) -> list[dict[str, Any]]:
    """Compares the lake with each snapshot that waits for it; keeps the results beside them.

    Gives those of the newest. UserError where none waits.
    """
    root = f"{context.locations.ops}/verify"
    waiting = [
        f"{root}/{name}"
        for name in context.storage.list(root)
        if {COMPLETE, RESULT} & set(context.storage.list(f"{root}/{name}")) == {COMPLETE}
    ]
    if not waiting:
        raise UserError(
            f"no snapshot of the source waits in {root}; ./lake verify --stack uploads one"
        )
    results: list[dict[str, Any]] = []
    for folder in waiting:
        results = verify(context, f"{folder}/{SNAPSHOT}", None, progress)
        text = json.dumps({"tables": results}, default=str)
        context.storage.write_text(f"{folder}/{RESULT}", text)
    return results

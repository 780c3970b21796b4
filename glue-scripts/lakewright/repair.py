"""Takes a silver table back to an earlier version, and lets it go on.

A rollback is a commit like any other: the rows of the earlier version, the checkpoint that they
were made with, and a mark that holds the table, so that the next run does not apply the same again.
The versions in between stay, so that a rollback can be rolled back. The mark comes first, in a
commit of its own; where the rest is broken off, whoever looks at the table next does it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from lakewright.accounting import Accounting
from lakewright.changes import new_batch
from lakewright.checkpoint import Checkpoint
from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.evolution import conform
from lakewright.query import moment_of, version_at
from lakewright.skipping import skipping
from lakewright.table import LakeTable

HELD = "held"
"""Key of a silver commit's metadata: that nothing is applied to the table, and since what."""
UNFINISHED = "unfinished"
"""Key of that mark while the rollback is not done: the batch of its two commits."""
_NOTHING_CHANGED = {"accounting": asdict(Accounting()), "full": False, "changes": None}
Resumption = Literal["replay", "skip"]


def find_version(table: LakeTable, name: str, text: str) -> str:
    """A version given as such or by a time (ISO 8601); UserError where there is none."""
    commits = table.commits() or []
    if any(commit.version == text for commit in commits):
        return text
    if text.isdigit():
        known = (
            f"it has {commits[0].version} to {commits[-1].version}" if commits else "it has none"
        )
        raise UserError(f"{name} has no version {text}; {known}: ./lake history {name} lists them")
    return version_at(table, name, moment_of(text))


def rollback(context: LakeContext, name: str, to: str) -> dict[str, Any]:
    """Makes a silver table what it was at a version, and holds it.

    UserError where the quarantine of that version is gone.
    """
    silver = context.silver(name)
    before = silver.version()
    if to == before:
        raise UserError(f"silver.{name} is at version {to} already")
    _quarantine_at(context, name, to)
    now = silver.metadata()
    broken_off = now.get(HELD) or {}
    held = {
        "from": broken_off["from"] if UNFINISHED in broken_off else before,
        "to": to,
        # What a rollback before this one took back is taken back still.
        "skips": broken_off.get("skips") or now.get("checkpoint"),
        UNFINISHED: new_batch(),
    }
    # Companion and silver are two commits: between them, nothing must be applied.
    silver.apply(None, None, {**now, **_NOTHING_CHANGED, HELD: held})
    version = finish_rollback(context, name)
    return {"table": name, "from": before, "to": to, "version": version}


def finish_rollback(context: LakeContext, name: str) -> str | None:
    """Ends a rollback that was broken off; gives the new version, None where there is none."""
    silver, companion = context.silver(name), context.quarantine(name)
    held = dict(silver.metadata().get(HELD) or {})
    batch = held.pop(UNFINISHED, None)
    if batch is None:
        return None
    to = held["to"]
    companion.overwrite(companion.read(_quarantine_at(context, name, to)), {"batch": batch})
    return silver.overwrite(
        conform(silver.read(to), silver.schema()),
        {
            **_metadata_at(silver, to),
            **_NOTHING_CHANGED,
            "batch": batch,
            "full": True,
            HELD: held,
        },
    )


def resume(context: LakeContext, name: str, how: Resumption) -> dict[str, Any]:
    """Lets a held table go on: `replay` applies again what was taken back, `skip` leaves it out.

    UserError where it is not held.
    """
    silver = context.silver(name)
    if not silver.metadata().get(HELD):
        raise UserError(f"silver.{name} is not held: it goes on already")
    finish_rollback(context, name)
    metadata = silver.metadata()
    held, checkpoint = metadata.pop(HELD), metadata.get("checkpoint")
    if how == "skip":
        back, newest = (
            Checkpoint.from_metadata({"checkpoint": each}) for each in (checkpoint, held["skips"])
        )
        checkpoint = skipping(context, context.manifest.table(name), back, newest).to_json()
    version = silver.apply(None, None, {**metadata, **_NOTHING_CHANGED, "checkpoint": checkpoint})
    return {"table": name, "version": version, "how": how, **{k: held[k] for k in ("from", "to")}}


def _metadata_at(table: LakeTable, version: str) -> dict[str, Any]:
    """Our newest metadata at a version: commits of maintenance may carry none."""
    found: dict[str, Any] = {}
    for commit in table.commits() or []:
        found = commit.metadata or found
        if commit.version == version:
            break
    return {key: value for key, value in found.items() if key != HELD}


def _quarantine_at(context: LakeContext, name: str, version: str) -> str:
    """The companion's version beside a version of silver; UserError where it is gone."""
    batch = _metadata_at(context.silver(name), version).get("batch") or ""
    newest, found = "", None
    for commit in context.quarantine(name).commits() or []:
        # A commit without a batch made no other rows of those before it.
        newest = commit.metadata.get("batch") or newest
        if newest <= batch:
            found = commit.version
    if found is None:
        raise UserError(
            f"silver.{name} cannot be taken back to {version}: what quarantine.{name} held then has"
            f" been removed by maintenance; choose a later version of ./lake history silver.{name}"
        )
    return found

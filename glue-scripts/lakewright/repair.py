"""Takes a silver table back to an earlier version, and lets it go on.

A rollback is a commit like any other: the rows of the earlier version, the checkpoint that they
were made with, and a mark that holds the table, so that the next run does not apply the same again.
The versions in between stay, so that a rollback can be rolled back.
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
    """Makes a silver table what it was at a version, and holds it."""
    silver, companion = context.silver(name), context.quarantine(name)
    before = silver.version()
    if to == before:
        raise UserError(f"silver.{name} is at version {to} already")
    now = silver.metadata()
    checkpoints = _metadata_at(silver, to)
    batch = new_batch()
    quarantine = _version_with(companion, checkpoints.get("batch"))
    companion.overwrite(companion.read(quarantine), {"batch": batch})
    held = {
        "from": before,
        "to": to,
        # What a rollback before this one took back is taken back still.
        "skips": (now.get(HELD) or {}).get("skips") or now.get("checkpoint"),
    }
    version = silver.overwrite(
        conform(silver.read(to), silver.schema()),
        {
            **checkpoints,
            "batch": batch,
            "accounting": asdict(Accounting()),
            "full": True,
            "changes": None,
            HELD: held,
        },
    )
    return {"table": name, "from": before, "to": to, "version": version}


def resume(context: LakeContext, name: str, how: Resumption) -> dict[str, Any]:
    """Lets a held table go on: `replay` applies again what was taken back, `skip` leaves it out.

    UserError where it is not held.
    """
    silver = context.silver(name)
    metadata = silver.metadata()
    held = metadata.get(HELD)
    if not held:
        raise UserError(f"silver.{name} is not held: it goes on already")
    checkpoint = metadata.get("checkpoint")
    if how == "skip":
        back, newest = (
            Checkpoint.from_metadata({"checkpoint": each}) for each in (checkpoint, held["skips"])
        )
        checkpoint = skipping(context, context.manifest.table(name), back, newest).to_json()
    free = {key: value for key, value in metadata.items() if key not in (HELD, "changes")}
    version = silver.apply(
        None,
        None,
        {
            **free,
            "checkpoint": checkpoint,
            "accounting": asdict(Accounting()),
            "full": False,
            "changes": None,
        },
    )
    return {"table": name, "version": version, "how": how, **{k: held[k] for k in ("from", "to")}}


def _metadata_at(table: LakeTable, version: str) -> dict[str, Any]:
    """Our newest metadata at a version: commits of maintenance may carry none."""
    found: dict[str, Any] = {}
    for commit in table.commits() or []:
        found = commit.metadata or found
        if commit.version == version:
            break
    return {key: value for key, value in found.items() if key != HELD}


def _version_with(companion: LakeTable, batch: str | None) -> str:
    """The companion's version beside a silver commit of that batch."""
    newest, found = "", ""
    for commit in companion.commits() or []:
        # A commit without a batch made no other rows of those before it.
        newest = commit.metadata.get("batch") or newest
        if not found or newest <= (batch or ""):
            found = commit.version
    return found

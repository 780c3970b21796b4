"""The inputs of gold during one round: each read at one fixed version by every model."""

from __future__ import annotations

from threading import RLock

from pyspark.sql import DataFrame

from lakewright.changes import Changes, read_changes
from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.table import Commit, LakeTable


class Inputs:
    """Versions, rows and changes of silver and gold tables, looked up once. Thread safe.

    A gold input is looked up after its own refresh, for models run after those they read.
    """

    def __init__(self, context: LakeContext) -> None:
        self._context = context
        self._versions: dict[str, str] = {}
        self._frames: dict[str, DataFrame] = {}
        self._commits: dict[tuple[str, str], list[Commit] | None] = {}
        self._lock = RLock()

    def version(self, name: str) -> str:
        """The version of `silver.x` or `gold.x` that this round reads."""
        with self._lock:
            if name not in self._versions:
                table = self.table(name)
                if not table.exists():
                    raise UserError(
                        f"{name} does not exist yet: run the step `initialise`, which creates "
                        "every table empty"
                    )
                self._versions[name] = table.version()
            return self._versions[name]

    def frame(self, name: str) -> DataFrame:
        """The rows at that version."""
        version = self.version(name)
        with self._lock:
            if name not in self._frames:
                self._frames[name] = self.table(name).read(version)
            return self._frames[name]

    def commits(self, name: str, after: str) -> list[Commit] | None:
        """Commits after a version up to the one read; None where their history is gone."""
        version = self.version(name)
        with self._lock:
            if (name, after) not in self._commits:
                found = self.table(name).commits(after)
                if found is not None:
                    last = [i for i, commit in enumerate(found) if commit.version == version]
                    found = found[: last[0] + 1] if last else []
                self._commits[name, after] = found
            return self._commits[name, after]

    def changes(self, name: str, after: str) -> Changes:
        """The rows changed after a version up to the one read."""
        if after == self.version(name):
            return Changes(full=False, rows=None)
        commits = self.commits(name, after)
        context = self._context
        return read_changes(context.spark, context.storage, context.locations.changes, commits)

    def table(self, name: str) -> LakeTable:
        layer, _, table = name.partition(".")
        return self._context.silver(table) if layer == "silver" else self._context.gold(table)

"""The refresh of one gold model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from lakewright.changes import new_batch, write_change_file
from lakewright.columns import nullable, quoted
from lakewright.context import LakeContext
from lakewright.errors import UserError, first_line
from lakewright.groups import Groups
from lakewright.initialise import CREATED, is_ready
from lakewright.inputs import Inputs
from lakewright.manifest import Model
from lakewright.model_sql import bind, relations, touched_sql, with_changes
from lakewright.row_diff import RowDiff, count_by_grain, diff_rows

UNRECORDED_COMMITS = 20
"""Commits of inputs that changed nothing here, after which the checkpoint is committed anyway:
a commit costs about a second, reading these commits again after a restart does not."""


@dataclass(frozen=True)
class Checkpoint:
    """What a model's rows were made of."""

    version: str
    """The model's own version that holds these rows."""
    inputs: dict[str, str]
    """Version of each input."""
    today: str | None
    definition: str
    unrecorded: int = 0
    """Commits of inputs that are seen but not in the model's commit metadata."""


@dataclass(frozen=True)
class Outcome:
    status: Literal["refreshed", "rebuilt", "idle"]
    groups: int | None
    upserts: int
    deletes: int
    checkpoint: Checkpoint


@dataclass
class Refresh:
    """One refresh of one model, reading the versions that `inputs` fixes."""

    context: LakeContext
    model: Model
    inputs: Inputs
    today: date

    def __post_init__(self) -> None:
        self._table = self.context.gold(self.model.name)
        self._views: list[str] = []
        self._batch = new_batch()

    def run(self, seen: Checkpoint | None, rebuild: bool) -> Outcome:
        """Brings the model up to its inputs; `seen` is the checkpoint of this process's memory."""
        try:
            if not is_ready(self._table):
                self._table.create(self._query().schema, CREATED)
            checkpoint = self._checkpoint(seen)
            if rebuild or checkpoint is None:
                return self._replace()
            if self._definition_changed(checkpoint):
                return self._recompute(checkpoint, None)
            commits = self._new_commits(checkpoint)
            if commits == 0:
                return Outcome("idle", 0, 0, 0, checkpoint)
            touched = self._touched(checkpoint) if commits is not None else None
            if touched == []:
                return self._advance(checkpoint, commits or 0, "idle", 0)
            groups = Groups.collect(touched) if touched is not None else None
            # A full input was read whole: recorded at once, so that no other process does it again.
            looked_at = commits if commits and groups is not None else UNRECORDED_COMMITS
            return self._recompute(checkpoint, groups, looked_at)
        finally:
            for view in self._views:
                self.context.spark.catalog.dropTempView(view)

    def _checkpoint(self, seen: Checkpoint | None) -> Checkpoint | None:
        """Where the model stands; None when it was never built."""
        version = self._table.version()
        if seen is not None and seen.version == version:
            return seen
        metadata = self._table.metadata()
        if "inputs" not in metadata:
            return None
        return Checkpoint(version, metadata["inputs"], metadata.get("today"), metadata["sql"])

    def _definition_changed(self, checkpoint: Checkpoint) -> bool:
        """Whether the stored rows follow from another definition, or another day."""
        return (
            checkpoint.definition != self.model.definition
            or checkpoint.today != self._today()
            or checkpoint.inputs.keys() != set(self.model.inputs)
        )

    def _new_commits(self, checkpoint: Checkpoint) -> int | None:
        """How many commits the inputs have made since; None when that is no longer known."""
        number = 0
        for source, version in checkpoint.inputs.items():
            if version == self.inputs.version(source):
                continue
            commits = self.inputs.commits(source, version)
            if commits is None:
                return None
            number += len(commits)
        return number

    def _touched(self, checkpoint: Checkpoint) -> list[DataFrame] | None:
        """The groups that each changed input touches; None where everything may have changed."""
        groups: list[DataFrame] = []
        types = {field.name: field.dataType for field in self._table.schema().fields}
        for source in self.model.inputs:
            changes = self.inputs.changes(source, checkpoint.inputs[source])
            if changes.full or (changes.rows is not None and not self.model.refresh_by):
                return None
            if changes.rows is None:
                continue
            view = self._view(f"changes of {source}", changes.rows)
            sql = with_changes(touched_sql(self.model, source), view)
            found = self._sql(sql, f"models.{self.model.name}.touched[{source}]")
            missing = set(self.model.refresh_by) - set(found.columns)
            if missing:
                raise UserError(
                    f"models.{self.model.name}.touched[{source}] gives {found.columns}, without "
                    f"{sorted(missing)} of refreshBy"
                )
            columns = (found[name].cast(types[name]).alias(name) for name in self.model.refresh_by)
            groups.append(found.select(*columns))
        return groups

    def _replace(self) -> Outcome:
        """Writes the whole model anew, whatever is stored."""
        rows = self._query().persist()
        try:
            number = count_by_grain(rows, self.model.grain, f"gold.{self.model.name}")
            accounting = {"groups": None, "upserts": number, "deletes": 0}
            metadata = self._metadata(None, True, accounting)
            version = self._table.overwrite(rows, metadata)
        finally:
            rows.unpersist()
        return Outcome("rebuilt", None, number, 0, self._now(version))

    def _recompute(
        self, checkpoint: Checkpoint, groups: Groups | None, commits: int = UNRECORDED_COMMITS
    ) -> Outcome:
        """Computes the groups (all without them) and writes the rows that differ."""
        if groups is not None and not groups.rows:
            return self._advance(checkpoint, commits, "idle", 0)
        wanted, stored = self._query(), self._table.read(checkpoint.version)
        if not _same_columns(wanted.schema, stored.schema):
            return self._replace()
        stored = stored.select(*map(quoted, wanted.columns))
        if groups is not None:
            wanted, stored = groups.restrict(wanted), groups.restrict(stored)
        name = f"gold.{self.model.name}"
        diff = diff_rows(wanted, stored, self.model.grain, self.model.partition_by, name)
        number = len(groups.rows) if groups is not None else None
        status: Literal["refreshed", "rebuilt"] = "rebuilt" if groups is None else "refreshed"
        try:
            if diff.upserts == 0 and diff.deletes == 0:
                return self._advance(checkpoint, commits, status, number)
            version = self._write(diff, number)
        finally:
            diff.release()
        return Outcome(status, number, diff.upserts, diff.deletes, self._now(version))

    def _write(self, diff: RowDiff, groups: int | None) -> str:
        """The change file, then the commit that names it."""
        root = self.context.locations.changes
        path = write_change_file(
            diff.before(), diff.after(), root, "gold", self.model.name, self._batch
        )
        accounting = {"groups": groups, "upserts": diff.upserts, "deletes": diff.deletes}
        metadata = self._metadata(path, False, accounting)
        return self._table.apply(diff.after() if diff.upserts else None, diff.gone(), metadata)

    def _advance(
        self,
        checkpoint: Checkpoint,
        commits: int,
        status: Literal["refreshed", "rebuilt", "idle"],
        groups: int | None,
    ) -> Outcome:
        """No row differs: remembers the new versions, and commits them now and then."""
        unrecorded = checkpoint.unrecorded + commits
        if unrecorded < UNRECORDED_COMMITS:
            now = self._now(checkpoint.version, unrecorded)
            return Outcome(status, groups, 0, 0, now)
        accounting = {"groups": groups, "upserts": 0, "deletes": 0}
        version = self._table.apply(None, None, self._metadata(None, False, accounting))
        return Outcome(status, groups, 0, 0, self._now(version))

    def _now(self, version: str, unrecorded: int = 0) -> Checkpoint:
        versions = {source: self.inputs.version(source) for source in self.model.inputs}
        return Checkpoint(version, versions, self._today(), self.model.definition, unrecorded)

    def _metadata(
        self, changes: str | None, full: bool, accounting: dict[str, int | None]
    ) -> dict[str, Any]:
        now = self._now("")
        return {
            "inputs": now.inputs,
            "today": now.today,
            "sql": now.definition,
            "batch": self._batch,
            "changes": changes,
            "full": full,
            "accounting": accounting,
        }

    def _today(self) -> str | None:
        return self.today.isoformat() if self.model.uses_today else None

    def _query(self) -> DataFrame:
        """The whole model over the fixed versions; nothing is computed yet."""
        return self._sql(self.model.sql, f"gold/{self.model.name}.sql")

    def _sql(self, sql: str, path: str) -> DataFrame:
        views = {
            source: self._view(source, self.inputs.frame(source)) for source in self._reads(sql)
        }
        parameters = {"today": self.today} if self.model.uses_today else {}
        try:
            return self.context.spark.sql(bind(sql, views), args=parameters)
        except (AnalysisException, ParseException) as error:
            raise UserError(f"{path}: {first_line(error)}") from error

    def _reads(self, sql: str) -> list[str]:
        found = relations(sql)
        return [source for source in self.model.inputs if source in found]

    def _view(self, name: str, rows: DataFrame) -> str:
        """A view of this model's own: models are refreshed in threads of one session."""
        view = f"{self.model.name} {name}".replace(" ", "__").replace(".", "__")
        rows.createOrReplaceTempView(view)
        self._views.append(view)
        return view


def _same_columns(one: StructType, other: StructType) -> bool:
    """Whether names and types are equal, whatever the order and nullability."""

    def types(schema: StructType) -> dict[str, str]:
        return {f.name: nullable(f.dataType).simpleString() for f in schema.fields}

    return types(one) == types(other)

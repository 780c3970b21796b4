"""Applies new bronze files to one silver table."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lakewright import bookkeeping, changes
from lakewright.accounting import Accounting, Tally, tally
from lakewright.batch import Batch, read_batch
from lakewright.batch_commit import BatchCommit, rows_after
from lakewright.bronze import BronzeTable
from lakewright.checkpoint import Checkpoint
from lakewright.columns import quoted, to_local
from lakewright.context import LakeContext
from lakewright.decision import Stored, decide
from lakewright.dropped_files import DroppedFile, find_dropped
from lakewright.evolution import follow, needs_rewrite
from lakewright.file_set import FileSet
from lakewright.hold import Judge
from lakewright.initialise import CREATED, initialise_table
from lakewright.manifest import Table, digest
from lakewright.quality import stops
from lakewright.repair import HELD
from lakewright.stopwatch import Stopwatch
from lakewright.table import LakeTable
from lakewright.tombstones import before_replacement, outlives
from lakewright.work import Work, find_work

Status = Literal["applied", "idle", "waiting", "held", "failed"]
"""`waiting` for a complete load; `held` since it was rolled back."""


@dataclass(frozen=True)
class TableResult:
    """What applying to one table did."""

    table: str
    status: Status
    epoch: str | None = None
    files: int = 0
    read: int = 0
    applied: int = 0
    superseded: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0
    deleted: int = 0
    version: str | None = None
    newest_committed_at: str | None = None
    """ISO 8601, UTC."""
    oldest_committed_at: str | None = None
    """Of the changes newly applied; None where they did not wait to be: a load, a relisting."""
    seconds: float = 0.0
    error: str | None = None
    kind: Literal["user", "bug"] | None = None
    """Whose mistake an error is."""
    schema_changed: bool = False
    """Columns were added or widened: the catalog must follow."""
    phases: dict[str, float] = field(default_factory=dict)
    """Seconds by phase."""


class TableRun:
    """One application of new bronze files to one table."""

    def __init__(
        self, context: LakeContext, table: Table, relist: bool, judge: Judge | None = None
    ) -> None:
        self.context = context
        self.spark = context.spark
        self.table = table
        self.relist = relist
        self.judge = judge if stops(table) else None
        self.watch = Stopwatch()
        self.schema_changed = False

    def apply(self) -> TableResult:
        with self.watch.phase("find"):
            initialise_table(self.context, self.table.name)
            metadata = self.silver.metadata()
            checkpoint = Checkpoint.from_metadata(metadata)
            if metadata.get(HELD):
                return self._unchanged("held", checkpoint)
            work = self._find_work(checkpoint)
            if work is None:
                return TableResult(self.table.name, "waiting")
        new = work.files or work.ignored or work.skipped or work.dropped
        if not (new or work.rewrites):
            return self._unchanged("idle", checkpoint)
        if self.judge is not None:
            self.judge.recall(self.table, self._name_of(work.checkpoint))
        return self._apply_work(work)

    def _name_of(self, after: Checkpoint) -> str:
        """Tells what is about to be applied from anything else that may be."""
        return digest([self.silver.version(), replace(after, newest_committed_at=None).to_json()])

    def _unchanged(self, status: Status, checkpoint: Checkpoint) -> TableResult:
        return TableResult(
            self.table.name,
            status,
            epoch=checkpoint.epoch,
            version=self.silver.version(),
            newest_committed_at=checkpoint.newest_committed_at,
        )

    @property
    def silver(self) -> LakeTable:
        return self.context.silver(self.table.name)

    @property
    def companion(self) -> LakeTable:
        return self.context.quarantine(self.table.name)

    def _find_work(self, checkpoint: Checkpoint) -> Work | None:
        bronze = BronzeTable(
            self.context.storage,
            self.context.locations.bronze,
            self.table.source_schema,
            self.table.source_table,
        )
        skipped = checkpoint.skipped
        return find_work(
            bronze,
            checkpoint,
            self.table.definition,
            self.context.manifest.listing_days,
            self.relist,
            lambda known: self._find_dropped(known, skipped.dropped),
            lambda epoch: self.context.truncations.newest(self.table, epoch, skipped.truncations),
        )

    def _find_dropped(self, known: FileSet, skipped: FileSet) -> tuple[FileSet, list[DroppedFile]]:
        if self.table.files is None:
            return known, []
        folder = f"{self.context.locations.files}/{self.table.files.folder}"
        return find_dropped(self.context.storage, folder, known, skipped)

    def _apply_work(self, work: Work) -> TableResult:
        with self.watch.phase("read"):
            stored_columns = _in_order(self.silver.schema())
            batch = read_batch(self.context, self.table, work, stored_columns)
        try:
            return self._apply_batch(batch, work, stored_columns)
        finally:
            batch.release()

    def _apply_batch(self, batch: Batch, work: Work, stored_columns: StructType) -> TableResult:
        small, after, candidates = batch.small, work.checkpoint, batch.candidates
        with self.watch.phase("schema"):
            columns = self._columns(stored_columns, candidates, work.replaces)
            widens = not work.replaces and needs_rewrite(stored_columns, columns)
            if widens and small:
                # All stored rows are written too, in the session that is set for many.
                small, candidates = False, to_local(candidates, self.spark)
        with self.watch.phase("decide"):
            truncated_at = after.truncated_at
            stored = self._counted(work, candidates, columns, small)
            whole = candidates.coalesce(1) if small else candidates
            decided = decide(self.table, whole, columns, stored, truncated_at)
            decided = to_local(decided) if small else decided.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            with self.watch.phase("account"):
                counted = decided.coalesce(1) if small else decided
                counts = tally(counted, batch.read, batch.ignored, batch.rejected)
                counts.accounting.check(self.table.name)
            newest = max(
                filter(None, (counts.newest_committed_at, after.newest_committed_at)), default=None
            )
            metadata: dict[str, Any] = {
                "checkpoint": replace(
                    after, newest_committed_at=newest, types=batch.types
                ).to_json(),
                "batch": changes.new_batch(),
                "accounting": asdict(counts.accounting),
                "newest_committed_at": newest,
            }
            self._judge_batch(decided, columns, work.replaces, after)
            commit = BatchCommit(self.context, self.table, decided, metadata, self.watch)
            if self.table.files is not None and (batch.rejected or work.replaces):
                commit.keep_rejected(batch.dropped, anew=work.replaces)
            if work.rewrites or widens or self._outweighs(counts, stored, small):
                version = commit.replace(columns, stored, truncated_at)
            else:
                version = commit.merge(counts)
        finally:
            if not small:
                decided.unpersist()
        waited = None if work.replaces or self.relist else counts.oldest_committed_at
        result = self._result(work, counts.accounting, version, newest)
        return replace(result, oldest_committed_at=waited)

    def _outweighs(self, counts: Tally, stored: Stored | None, small: bool) -> bool:
        """Whether the batch has more than half as many rows as are stored: then writing all anew is
        quicker than merging, which writes every file anew as well."""
        return not small and stored is not None and 2 * counts.upserts > stored.silver.count()

    def _judge_batch(
        self, decided: DataFrame, columns: StructType, anew: bool, after: Checkpoint
    ) -> None:
        """Has the table judged as the batch would leave it."""
        if self.judge is None:
            return
        with self.watch.phase("judge"):
            stored = None if anew else self.silver.read()
            rows = rows_after(self.table, decided, columns, stored, after.truncated_at)
            self.judge.judge(self.table, rows, self._name_of(after))

    def _columns(self, stored: StructType, batch: DataFrame, replaces: bool) -> StructType:
        incoming = batch.schema["new"].dataType
        assert isinstance(incoming, StructType)
        columns = _in_order(incoming if replaces else follow(stored, incoming, self.table.name))
        types = {f.name: f.dataType.simpleString() for f in stored.fields}
        self.schema_changed = types != {f.name: f.dataType.simpleString() for f in columns.fields}
        return columns

    def _stored(self, batch: DataFrame, small: bool) -> Stored:
        """Stored rows: for a small batch only those of its keys, else all."""
        if not small:
            return Stored(self.silver.read(), self.companion.read())
        silver, companion = (
            table.read(session=self.context.small) for table in (self.silver, self.companion)
        )
        keys = batch.select("_lw.key.*").collect()
        among = F.lit(True)
        for name in self.table.key:
            among &= F.col(quoted(name)).isin({row[name] for row in keys if row[name] is not None})
        return Stored(
            to_local(silver.where(among)).coalesce(1),
            to_local(companion.where(among)).coalesce(1),
        )

    def _counted(
        self, work: Work, batch: DataFrame, columns: StructType, small: bool
    ) -> Stored | None:
        """What of the stored rows the batch is compared with; None for nothing."""
        truncated_at = work.checkpoint.truncated_at
        if not work.replaces:
            stored = self._stored(batch, small)
            return stored.after_truncation(self.table, truncated_at) if work.truncates else stored
        is_new = all(table.metadata() == CREATED for table in (self.silver, self.companion))
        if is_new or not outlives(self.table):
            return None
        before = Stored(self.silver.read(), self.companion.read())
        return before_replacement(self.table, columns, before, truncated_at)

    def _result(
        self, work: Work, accounting: Accounting, version: str, newest: str | None
    ) -> TableResult:
        return TableResult(
            self.table.name,
            "applied",
            epoch=work.checkpoint.epoch,
            files=sum(map(len, (work.files, work.ignored, work.skipped, work.dropped))),
            read=accounting.read,
            applied=accounting.applied,
            superseded=accounting.superseded,
            ignored=accounting.ignored,
            quarantined=accounting.quarantined,
            deleted=accounting.deleted,
            version=version,
            newest_committed_at=newest,
            schema_changed=self.schema_changed,
        )


def _in_order(columns: StructType) -> StructType:
    """The table's own columns first, bookkeeping last."""
    own = [field for field in columns.fields if field.name not in bookkeeping.BOOKKEEPING]
    named = {field.name: field for field in columns.fields}
    added = [named[name] for name in bookkeeping.BOOKKEEPING if name in named]
    return StructType([*own, *added])

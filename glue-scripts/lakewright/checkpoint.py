"""What a silver table has consumed of bronze; stored in the table's own commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lakewright.file_set import FileSet


@dataclass(frozen=True)
class Checkpoint:
    """How far a silver table is. Without an epoch: nothing is applied yet."""

    epoch: str | None = None
    files: FileSet = field(default_factory=FileSet)
    """Consumed files of the epoch."""
    ignored: Mapping[str, FileSet] = field(default_factory=dict)
    """Change files of older epochs that were accounted as ignored, by epoch."""
    truncated_at: str | None = None
    """Order of the newest truncation applied."""
    newest_committed_at: str | None = None
    """Source commit time of the newest change applied, ISO 8601."""
    definition: str | None = None
    """The table's definition by which the rows were made."""
    dropped: FileSet = field(default_factory=FileSet)
    """Consumed files that were dropped for the table."""
    types: Mapping[str, str] = field(default_factory=dict)
    """Columns that files of the epoch have in a wider type than the declared one, and that type."""

    def to_json(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "files": self.files.to_json(),
            "ignored": {epoch: files.to_json() for epoch, files in self.ignored.items()},
            "truncated_at": self.truncated_at,
            "newest_committed_at": self.newest_committed_at,
            "definition": self.definition,
            "dropped": self.dropped.to_json(),
            "types": dict(self.types),
        }

    @staticmethod
    def from_metadata(metadata: Mapping[str, Any]) -> Checkpoint:
        """From a silver commit's metadata; empty where it has none."""
        value = metadata.get("checkpoint") or {}
        return Checkpoint(
            epoch=value.get("epoch"),
            files=FileSet.from_json(value.get("files", {})),
            ignored={e: FileSet.from_json(v) for e, v in value.get("ignored", {}).items()},
            truncated_at=value.get("truncated_at"),
            newest_committed_at=value.get("newest_committed_at"),
            definition=value.get("definition"),
            dropped=FileSet.from_json(value.get("dropped", {})),
            types=value.get("types", {}),
        )

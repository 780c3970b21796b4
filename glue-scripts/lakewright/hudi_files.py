"""Which Parquet files hold the newest rows of a Hudi copy-on-write table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any


class BaseFiles:
    """Follows a table's files from commit to commit, by what each commit says that it wrote.

    Hudi itself lists every partition for each read, in two Spark jobs: more than reading the files
    takes where a batch is small. Thread safe.
    """

    def __init__(self) -> None:
        self._instant = ""
        self._paths: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def at(
        self,
        instants: Sequence[str],
        read: Callable[[str], dict[str, Any]],
        listed: Callable[[], Sequence[str]],
    ) -> list[str]:
        """Paths relative to the table, as of the last of the instants.

        `read` gives a commit file's content; `listed` finds the paths where the commits since the
        last call don't tell, because some of the history is gone or was taken back.
        """
        with self._lock:
            if self._instant not in instants:
                self._paths = {_group(path): path for path in listed()}
            else:
                for instant in instants[instants.index(self._instant) + 1 :]:
                    self._follow(read(instant))
            self._instant = instants[-1]
            return sorted(self._paths.values())

    def _follow(self, commit: dict[str, Any]) -> None:
        for partition, replaced in (commit.get("partitionToReplaceFileIds") or {}).items():
            for file_id in replaced:
                self._paths.pop((partition, file_id), None)
        for stats in commit["partitionToWriteStats"].values():
            for stat in stats:
                self._paths[_group(stat["path"])] = stat["path"]


def _group(path: str) -> tuple[str, str]:
    """Partition and file group of a base file `<partition>/<group>_<token>_<instant>.parquet`."""
    partition, _, name = path.rpartition("/")
    return partition, name.split("_", 1)[0]

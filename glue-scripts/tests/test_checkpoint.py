"""The set of consumed files: exact, and small in the commit."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from lakewright.checkpoint import Checkpoint, FileSet

NAMES = st.one_of(
    st.integers(0, 999_999_999).map(lambda n: f"20260110-{n:09d}.parquet"),
    st.integers(0, 0xFFFFFFFF).map(lambda n: f"LOAD{n:08X}.parquet"),
    # An alphabet of its own: to draw from all of Unicode, Hypothesis first spends a second on it.
    st.text('aZ0 ._-%/\\"\né漢😀', min_size=1, max_size=12).map(lambda text: f"{text}.parquet"),
)


@given(st.dictionaries(st.sampled_from(["", "2026/01/10", "foreign"]), st.sets(NAMES, min_size=1)))
def test_any_set_of_names_survives_the_commit(folders: dict[str, set[str]]) -> None:
    files = FileSet()
    for folder, names in folders.items():
        files = files.add(folder, names)
    checkpoint = Checkpoint("e0001", files, {"e0000": files}, "e0001:7", None)
    metadata = json.loads(json.dumps({"checkpoint": checkpoint.to_json()}))
    assert Checkpoint.from_metadata(metadata) == checkpoint


def test_a_day_of_a_file_a_minute_takes_less_than_eight_kilobytes() -> None:
    names = [f"20260110-{h:02d}{m:02d}17123.parquet" for h in range(24) for m in range(60)]
    assert len(json.dumps(FileSet().add("2026/01/10", names).to_json())) < 8000


def test_an_old_folder_keeps_a_fingerprint_that_tells_whether_files_came() -> None:
    files = FileSet().add("2026/01/01", ["a.parquet", "b.parquet"]).add("2026/01/09", ["c.parquet"])
    closed = FileSet.from_json(files.close("2026/01/08").to_json())
    assert "a.parquet" not in json.dumps(closed.to_json())
    assert closed.unseen("2026/01/01", ["b.parquet", "a.parquet"]) == []
    assert closed.unseen("2026/01/09", ["c.parquet", "d.parquet"]) == ["d.parquet"]
    late = ["a.parquet", "b.parquet", "z.parquet"]
    assert closed.unseen("2026/01/01", late) == late
    assert closed.add("2026/01/01", late).unseen("2026/01/01", late) == []

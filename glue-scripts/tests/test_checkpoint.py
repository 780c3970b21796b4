"""The set of consumed files: exact, and small in the commit."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from lakewright.checkpoint import Checkpoint, Skipped
from lakewright.file_set import FileSet

SUFFIXES = st.sampled_from(["parquet", "csv.gz"])
NAMES = st.one_of(
    st.builds("20260110-{:09d}.{}".format, st.integers(0, 999_999_999), SUFFIXES),
    st.builds("LOAD{:08X}.{}".format, st.integers(0, 0xFFFFFFFF), SUFFIXES),
    # An alphabet of its own: to draw from all of Unicode, Hypothesis first spends a second on it.
    st.text('aZ0 ._-%/\\"\né漢😀', min_size=1, max_size=12).map(lambda text: f"{text}.parquet"),
)


@given(st.dictionaries(st.sampled_from(["", "2026/01/10", "foreign"]), st.sets(NAMES, min_size=1)))
def test_any_set_of_names_survives_the_commit(folders: dict[str, set[str]]) -> None:
    files = FileSet()
    for folder, names in folders.items():
        files = files.add(folder, names)
    skipped = Skipped("e0001", files, files, [("", "e0001:5"), ("e0001:6", "e0001:8")])
    checkpoint = Checkpoint("e0001", files, {"e0000": files}, "e0001:7", skipped=skipped)
    metadata = json.loads(json.dumps({"checkpoint": checkpoint.to_json()}))
    assert Checkpoint.from_metadata(metadata) == checkpoint


def test_three_days_of_a_file_every_two_seconds_take_less_than_fifty_kilobytes() -> None:
    files = FileSet()
    for day in (10, 11, 12):
        times = (f"{h:02d}{m:02d}{s:02d}" for h in range(24) for m in range(60) for s in range(30))
        names = [f"202601{day}-{time}123.parquet" for time in times]
        files = files.add(f"2026/01/{day}", names).close("2026/01/10")
        assert files.unseen(f"2026/01/{day}", names) == []
    assert len(json.dumps(files.to_json())) < 50_000


def test_an_old_folder_keeps_a_fingerprint_that_tells_whether_files_came() -> None:
    files = FileSet().add("2026/01/01", ["a.parquet", "b.parquet"]).add("2026/01/09", ["c.parquet"])
    closed = FileSet.from_json(files.close("2026/01/08").to_json())
    assert "a.parquet" not in json.dumps(closed.to_json())
    assert closed.unseen("2026/01/01", ["b.parquet", "a.parquet"]) == []
    assert closed.unseen("2026/01/09", ["c.parquet", "d.parquet"]) == ["d.parquet"]
    late = ["a.parquet", "b.parquet", "z.parquet"]
    assert closed.unseen("2026/01/01", late) == late
    assert closed.add("2026/01/01", late).unseen("2026/01/01", late) == []


HOURS = st.builds("20260110-{:02d}{:07d}.parquet".format, st.integers(0, 23), st.integers(0, 9))


@given(st.lists(st.sets(st.one_of(HOURS, st.sampled_from(["a.parquet", "b.parquet"])), max_size=8)))
def test_every_file_is_found_once_though_hours_close_in_between(arrivals: list[set[str]]) -> None:
    files, there = FileSet(), set[str]()
    for arrived in arrivals:
        fresh = arrived - there
        there |= arrived
        found = set(files.unseen("2026/01/10", there))
        again = {name[:11] for name in found - fresh}
        assert fresh <= found
        assert again <= {name[:11] for name in fresh}, (
            "only hours that files came to are read again"
        )
        files = FileSet.from_json(files.add("2026/01/10", found).close("2026/01/10").to_json())
        assert files.unseen("2026/01/10", there) == []
    assert files.close("2026/01/11").unseen("2026/01/10", there) == []
    extra = {*there, "late.parquet"}
    assert set(files.close("2026/01/11").unseen("2026/01/10", extra)) == extra


def test_a_late_file_has_only_its_hour_read_again() -> None:
    hours = {h: [f"20260110-{h:02d}0000{n:03d}.parquet" for n in range(3)] for h in range(5)}
    names = [name for hour in hours.values() for name in hour]
    files = FileSet().add("2026/01/10", names).close("2026/01/10")
    late = "20260110-010000999.parquet"
    assert files.unseen("2026/01/10", [*names, late]) == [*hours[1], late]


def test_what_a_set_gained_is_known_but_for_what_was_closed_before() -> None:
    day, old = "2026/01/10", "2026/01/01"
    names = [f"20260110-{hour:02d}0000000.parquet" for hour in range(5)]
    before = FileSet().add(day, names[:4]).add(old, ["a.parquet"]).close(day)
    now = before.add(day, [names[4], "b.parquet"]).close(day)
    there = {day: [*names, "b.parquet", "unread.parquet"], old: ["a.parquet"]}
    assert now.gained(before, there).open == {day: {names[4], "b.parquet"}}
    late = names[0].replace("0000000", "0000001")
    later = now.add(day, [names[0], late])
    there[day].append(late)
    assert later.gained(before, there).open == {day: {names[4], "b.parquet"}}

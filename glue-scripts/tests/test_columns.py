"""Names that columns have in tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakewright.columns import column_name

NAMES = json.loads((Path(__file__).parent / "column_names.json").read_text())


@pytest.mark.parametrize(("given", "name"), NAMES)
def test_a_column_has_a_name_that_every_format_takes(given: str, name: str) -> None:
    assert column_name(given) == name


def test_a_name_has_an_end() -> None:
    assert len(column_name("x" * 5_000_000)) == 200

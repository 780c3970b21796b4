"""Where tables are, by their layer and format."""

from __future__ import annotations

import json

import pytest

from lakewright.locations import Locations
from lakewright.manifest import TableFormat

ROOTS = {
    "bronze": "s3://lake/raw/database/",
    "files": "s3://lake/raw/csv",
    "silver": "s3://lake/curated/{format}",
    "gold": "s3://lake/gold",
    "quarantine": "s3://lake/ops/quarantine",
    "ops": "s3://lake/ops/ops",
    "changes": "s3://lake/ops/changes",
}


@pytest.mark.parametrize(
    ("layer", "format", "location"),
    [
        ("silver", "hudi", "s3://lake/curated/hudi/orders"),
        ("silver", "delta", "s3://lake/curated/delta/orders"),
        ("gold", "delta", "s3://lake/gold/orders"),
        ("quarantine", "hudi", "s3://lake/ops/quarantine/orders"),
    ],
)
def test_a_table_is_in_its_layers_folder_that_of_its_format_where_there_is_one(
    layer: str, format: TableFormat, location: str
) -> None:
    assert Locations.parse(json.dumps(ROOTS)).table(layer, "orders", format) == location


def test_roots_are_without_a_slash_at_the_end() -> None:
    assert Locations.parse(json.dumps(ROOTS)).bronze == "s3://lake/raw/database"


def test_a_layer_too_many_or_too_few_is_an_error() -> None:
    with pytest.raises(TypeError, match="platinum"):
        Locations.parse(json.dumps({**ROOTS, "platinum": "s3://lake/platinum"}))
    with pytest.raises(TypeError, match="bronze"):
        Locations.parse(json.dumps({k: v for k, v in ROOTS.items() if k != "bronze"}))

"""References to lake relations in SQL, and the views that stand in for them."""

from __future__ import annotations

from lakewright.model_sql import bind, relations

SQL = """-- reads silver.commented
SELECT o.id, 'silver.quoted' AS text, silver.orders.id /* gold.hidden */
FROM silver.orders AS o JOIN GOLD.Revenue AS r ON r.id = o.id"""


def test_relations_are_found_outside_comments_and_strings() -> None:
    assert relations(SQL) == ["gold.revenue", "silver.orders"]


def test_bind_replaces_whole_names_and_leaves_text_alone() -> None:
    bound = bind(SQL, {"silver.orders": "v1", "gold.revenue": "v2"})
    assert bound == SQL.replace("silver.orders", "v1").replace("GOLD.Revenue", "v2")
    assert bind("SELECT 1 FROM silver.orders_old", {"silver.orders": "v"}) == (
        "SELECT 1 FROM silver.orders_old"
    )

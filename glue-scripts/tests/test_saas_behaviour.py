"""Session models of the SaaS lake on hand-made events."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

SAAS = LakeSql("saas")


def event(id: int, session: str, at: str, event_type: str, **columns: Any) -> Row:
    defaults = {"tenant_id": 1, "device": "desktop"}
    keys = {"id": id, "session_id": session, "event_type": event_type}
    return {**defaults, **keys, "occurred_at": at, "created_at": at, **columns}


def worth(value: str) -> str:
    return f'{{"value":"{value}"}}'


SEARCH = "https://search.example.com/?q=tea"
SHOP = "https://acme.example.com"
EVENTS = [
    # a purchase; the third and fourth event are of the same moment
    event(1, "a", "2026-01-10 10:00:00", "page_view", referrer=SEARCH, page_url=f"{SHOP}/"),
    event(2, "a", "2026-01-10 10:00:30", "product_view", customer_id=6, device="mobile"),
    event(4, "a", "2026-01-10 10:01:00", "remove_from_cart", metadata=worth("5.00")),
    event(3, "a", "2026-01-10 10:01:00", "add_to_cart", metadata=worth("20.00"), customer_id=7),
    event(5, "a", "2026-01-10 10:02:10", "checkout_started", page_url="/checkout"),
    event(6, "a", "2026-01-10 10:03:00", "purchase", metadata=worth("15.00")),
    # a bounce
    event(7, "b", "2026-01-31 09:00:00", "page_view", customer_id=7),
    # a cart left behind over midnight
    event(8, "c", "2026-01-31 23:59:00", "product_view"),
    event(9, "c", "2026-01-31 23:59:30", "add_to_cart", metadata=worth("10.00")),
    event(10, "c", "2026-02-01 00:01:00", "checkout_started"),
    # a cart that was emptied again, and broken metadata
    event(11, "d", "2026-01-31 08:00:00", "add_to_cart", metadata=worth("8.00")),
    event(12, "d", "2026-01-31 08:00:05", "remove_from_cart", metadata='{"value":"8.0'),
    # another tenant's session of the same id; an event that is kept out
    event(13, "a", "2026-01-10 10:00:00", "signup", tenant_id=2),
    event(14, "a", "2026-01-10 10:00:01", "unknown"),
]
SOURCE = {"core_event": EVENTS}


def test_a_session_says_who_came_from_where_and_how_long(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "sessions", SOURCE)
    columns = "tenant_id session_id customer_id session_date session_month duration_seconds events"
    assert values(rows, columns) == [
        (1, "a", 7, "2026-01-10", "2026-01", 180, 6),
        (1, "b", 7, "2026-01-31", "2026-01", 0, 1),
        (1, "c", None, "2026-01-31", "2026-01", 120, 3),
        (1, "d", None, "2026-01-31", "2026-01", 5, 2),
        (2, "a", None, "2026-01-10", "2026-01", 0, 1),
    ]
    columns = "tenant_id session_id device referrer_host landing_page exit_page"
    assert values(rows, columns)[:2] == [
        (1, "a", "desktop", "search.example.com", "/", "/checkout"),
        (1, "b", "desktop", "direct", None, None),
    ]


def test_a_session_says_how_far_it_went(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "sessions", SOURCE)
    flags = "has_viewed_product has_added_to_cart has_started_checkout has_purchased"
    ends = "has_signed_up is_bounced is_cart_abandoned cart_value purchase_value"
    assert values(rows, f"tenant_id session_id {flags} {ends}") == [
        (1, "a", True, True, True, True, False, False, False, "15.00", "15.00"),
        (1, "b", False, False, False, False, False, True, False, "0.00", "0.00"),
        (1, "c", True, True, True, False, False, False, True, "10.00", "0.00"),
        (1, "d", False, True, False, False, False, False, False, "8.00", "0.00"),
        (2, "a", False, False, False, False, True, True, False, "0.00", "0.00"),
    ]
    assert values(rows, "tenant_id session_id path")[0] == (
        1,
        "a",
        "page_view > product_view > add_to_cart > remove_from_cart > checkout_started",
    )


def test_the_funnel_counts_sessions_that_passed_every_stage(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "funnel_daily", SOURCE)
    stages = "sessions viewed_product added_to_cart started_checkout purchased converted_sessions"
    assert values(rows, f"tenant_id session_date device {stages} conversion_rate") == [
        (1, "2026-01-10", "desktop", 1, 1, 1, 1, 1, 1, "1.0000"),
        (1, "2026-01-31", "desktop", 3, 1, 1, 1, 0, 0, "0.0000"),
        (2, "2026-01-10", "desktop", 1, 0, 0, 0, 0, 0, "0.0000"),
    ]


def test_engagement_is_measured_per_day_and_device(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "session_engagement_daily", SOURCE)
    counts = "tenant_id session_date sessions visitors anonymous_sessions bounced_sessions events"
    rates = "average_duration_seconds events_per_session bounce_rate"
    assert values(rows, f"{counts} {rates}") == [
        (1, "2026-01-10", 1, 1, 0, 0, 6, "180.00", "6.00", "0.0000"),
        (1, "2026-01-31", 3, 1, 2, 1, 6, "41.67", "2.00", "0.3333"),
        (2, "2026-01-10", 1, 0, 1, 1, 1, "0.00", "1.00", "1.0000"),
    ]


def test_a_cart_is_abandoned_when_something_stays_in_it(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "cart_abandonment_daily", SOURCE)
    columns = "session_date carts abandoned_carts abandoned_at_checkout cart_value abandoned_value"
    assert values(rows, f"{columns} abandonment_rate") == [
        ("2026-01-10", 1, 0, 0, "15.00", "0.00", "0.0000"),
        ("2026-01-31", 2, 1, 1, "18.00", "10.00", "0.5000"),
    ]


def test_conversion_is_told_by_source(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "conversion_by_source_monthly", SOURCE)
    columns = "tenant_id month referrer_host device sessions sign_ups converted_sessions"
    assert values(rows, f"{columns} purchase_value conversion_rate") == [
        (1, "2026-01-01", "direct", "desktop", 3, 0, 0, "0.00", "0.0000"),
        (1, "2026-01-01", "search.example.com", "desktop", 1, 0, 1, "15.00", "1.0000"),
        (2, "2026-01-01", "direct", "desktop", 1, 1, 0, "0.00", "0.0000"),
    ]


def test_journeys_are_ranked_and_ties_by_path(spark: SparkSession) -> None:
    again = [{**row, "id": row["id"] + 100, "session_id": "e"} for row in EVENTS[7:10]]
    rows = SAAS.model_rows(spark, "user_journeys_monthly", {"core_event": EVENTS + again})
    columns = "tenant_id path_rank path sessions converted_sessions average_duration_seconds"
    bought = "page_view > product_view > add_to_cart > remove_from_cart > checkout_started"
    assert values(rows, columns) == [
        (1, 1, "product_view > add_to_cart > checkout_started", 2, 0, "120.00"),
        (1, 2, "add_to_cart > remove_from_cart", 1, 0, "5.00"),
        (1, 3, "page_view", 1, 0, "0.00"),
        (1, 4, bought, 1, 1, "180.00"),
        (2, 1, "signup", 1, 0, "0.00"),
    ]

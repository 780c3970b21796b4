"""Subscription, billing and dimension models of the SaaS lake, as of 15 July 2026."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

SAAS = LakeSql("saas")

MAR, APR, MAY, JUN, JUL = (f"2026-{month:02}-01" for month in range(3, 8))


def subscription(
    id: int, customer_id: int, plan: str, amount: str, start: str, end: str | None, **columns: Any
) -> Row:
    status = "active" if end is None else "canceled"
    keys = {"id": id, "tenant_id": 1, "customer_id": customer_id, "plan": plan}
    times = {"started_at": start, "ended_at": end}
    return {
        **keys,
        **times,
        "billing_cycle": "monthly",
        "amount": amount,
        "status": status,
        **columns,
    }


SUBSCRIPTIONS = [
    subscription(1, 1, "basic", "12.00", "2026-05-10", None),
    # an upgrade
    subscription(2, 2, "pro", "30.00", "2026-04-01", "2026-06-15", status="upgraded"),
    subscription(3, 2, "business", "100.00", "2026-06-15", None),
    # paid by the year, cancelled and ended on the last day of June
    subscription(
        4, 3, "basic", "120.00", "2026-03-05", "2026-06-30 23:00:00", billing_cycle="yearly"
    ),
    # in trial; a trial that ended in payment; one that did not
    subscription(5, 4, "pro", "30.00", "2026-07-01", None, status="trialing"),
    subscription(6, 5, "basic", "12.00", "2026-05-27", None, trial_ends_at="2026-06-10"),
    subscription(7, 6, "pro", "30.00", "2026-05-01", "2026-05-15", trial_ends_at="2026-05-15"),
    # gone in May, back in July
    subscription(8, 7, "pro", "30.00", "2026-04-10", "2026-05-10", status="upgraded"),
    subscription(9, 7, "basic", "12.00", "2026-05-10", "2026-05-25"),
    subscription(10, 7, "basic", "12.00", "2026-07-01", None, status="past_due"),
    # a downgrade
    subscription(11, 8, "pro", "30.00", "2026-04-01", "2026-05-10", status="upgraded"),
    subscription(12, 8, "basic", "12.00", "2026-05-10", None),
    # cancelled to the end of the running month; begins next month; costs nothing
    subscription(13, 9, "basic", "12.00", "2026-07-01", "2026-07-31"),
    subscription(14, 10, "basic", "12.00", "2026-08-01", None),
    subscription(15, 11, "basic", "0.00", "2026-04-01", None),
]
SOURCE = {"core_subscription": SUBSCRIPTIONS}


def test_a_subscription_counts_in_the_months_at_whose_end_it_pays(
    spark: SparkSession,
) -> None:
    rows = SAAS.model_rows(spark, "subscription_months", SOURCE)
    months: dict[int, list[str]] = {}
    for subscription_id, month in values(rows, "subscription_id month"):
        months.setdefault(subscription_id, []).append(month)
    assert months == {
        1: [MAY, JUN, JUL],
        2: [APR, MAY],
        3: [JUN, JUL],
        4: [MAR, APR, MAY],
        6: [JUN, JUL],
        8: [APR],
        10: [JUL],
        11: [APR],
        12: [MAY, JUN, JUL],
        13: [JUL],
    }


def test_recurring_revenue_of_a_customer_moves_for_a_reason(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "customer_mrr_monthly", SOURCE)
    moved = [row for row in rows if row["movement"] != "unchanged"]
    assert values(moved, "customer_id month previous_mrr mrr movement") == [
        (1, MAY, "0.00", "12.00", "new"),
        (2, APR, "0.00", "30.00", "new"),
        (2, JUN, "30.00", "100.00", "expanded"),
        (3, MAR, "0.00", "10.00", "new"),
        (3, JUN, "10.00", "0.00", "churned"),
        (5, JUN, "0.00", "12.00", "new"),
        (7, APR, "0.00", "30.00", "new"),
        (7, MAY, "30.00", "0.00", "churned"),
        (7, JUL, "0.00", "12.00", "reactivated"),
        (8, APR, "0.00", "30.00", "new"),
        (8, MAY, "30.00", "12.00", "contracted"),
        (9, JUL, "0.00", "12.00", "new"),
    ]


def test_mrr_goes_from_opening_to_closing(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "subscription_mrr_monthly", SOURCE)
    amounts = "month opening_mrr new_mrr reactivated_mrr expansion_mrr contraction_mrr churned_mrr"
    assert values(rows, f"{amounts} mrr arr") == [
        (MAR, "0.00", "10.00", "0.00", "0.00", "0.00", "0.00", "10.00", "120.00"),
        (APR, "10.00", "90.00", "0.00", "0.00", "0.00", "0.00", "100.00", "1200.00"),
        (MAY, "100.00", "12.00", "0.00", "0.00", "18.00", "30.00", "64.00", "768.00"),
        (JUN, "64.00", "12.00", "0.00", "70.00", "0.00", "10.00", "136.00", "1632.00"),
        (JUL, "136.00", "12.00", "12.00", "0.00", "0.00", "0.00", "160.00", "1920.00"),
    ]
    counts = "month opening_subscribers new_subscribers churned_subscribers subscribers arpu"
    rates = "subscriber_churn_rate revenue_churn_rate net_revenue_retention"
    assert values(rows, f"{counts} {rates}") == [
        (MAR, 0, 1, 0, 1, "10.00", None, None, None),
        (APR, 1, 3, 0, 4, "25.00", "0.0000", "0.0000", "1.0000"),
        (MAY, 4, 1, 1, 4, "16.00", "0.2500", "0.4800", "0.5200"),
        (JUN, 4, 1, 1, 4, "34.00", "0.2500", "0.1563", "1.9375"),
        (JUL, 4, 1, 0, 6, "26.67", "0.0000", "0.0000", "1.0000"),
    ]


def test_churn_tells_cancelling_from_switching_plans(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "subscription_churn_monthly", SOURCE)
    counts = "plan month opening_subscriptions churned_subscriptions switched_subscriptions"
    assert values(rows, f"{counts} opening_mrr churned_mrr churn_rate") == [
        ("basic", APR, 1, 0, 0, "10.00", "0.00", "0.0000"),
        ("basic", MAY, 1, 0, 0, "10.00", "0.00", "0.0000"),
        ("basic", JUN, 3, 1, 0, "34.00", "10.00", "0.3333"),
        ("basic", JUL, 3, 0, 0, "36.00", "0.00", "0.0000"),
        ("business", JUL, 1, 0, 0, "100.00", "0.00", "0.0000"),
        ("pro", MAY, 3, 0, 2, "90.00", "0.00", "0.0000"),
        ("pro", JUN, 1, 0, 1, "30.00", "0.00", "0.0000"),
    ]


def test_plans_have_shares_of_the_month(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "plan_distribution_monthly", SOURCE)
    may = [row for row in rows if str(row["month"]) == MAY]
    columns = "plan billing_cycle subscriptions subscribers mrr subscription_share mrr_share"
    assert values(may, columns) == [
        ("basic", "monthly", 2, 2, "24.00", "0.5000", "0.3750"),
        ("basic", "yearly", 1, 1, "10.00", "0.2500", "0.1563"),
        ("pro", "monthly", 1, 1, "30.00", "0.2500", "0.4688"),
    ]


def test_open_invoices_age_by_the_day(spark: SparkSession) -> None:
    dates = ["07-15", "07-14", "06-15", "06-14", "05-16", "05-15", "04-16", "04-15", "08-01"]
    invoice = {"tenant_id": 1, "issued_on": "2026-01-01", "amount_due": "9.00", "status": "open"}
    invoices = [
        {"id": id, **invoice, "amount_paid": "2.00", "due_on": f"2026-{day}"}
        for id, day in enumerate(dates)
    ]
    closed = {**invoice, "due_on": "2026-01-02", "amount_paid": "0.00"}
    invoices += [
        {**closed, "id": 20, "status": "void"},
        {**closed, "id": 21, "amount_paid": "9.00"},
    ]
    rows = SAAS.model_rows(spark, "invoice_aging", {"core_invoice": invoices})
    assert values(rows, "invoice_id days_overdue aging_bucket open_amount") == [
        (0, 0, "not due", "7.00"),
        (1, 1, "1-30 days", "7.00"),
        (2, 30, "1-30 days", "7.00"),
        (3, 31, "31-60 days", "7.00"),
        (4, 60, "31-60 days", "7.00"),
        (5, 61, "61-90 days", "7.00"),
        (6, 90, "61-90 days", "7.00"),
        (7, 91, "over 90 days", "7.00"),
        (8, 0, "not due", "7.00"),
    ]


def test_the_dates_go_around_the_tenants(spark: SparkSession) -> None:
    tenants = [
        {"id": 1, "plan": "growth", "created_at": "2024-06-01"},
        {"id": 2, "plan": "growth", "created_at": "2025-01-01"},
    ]
    rows = SAAS.model_rows(spark, "dim_date", {"core_tenant": tenants})
    days = {str(row["date"]): row for row in rows}
    assert (min(days), max(days), len(days)) == ("2023-01-01", "2035-12-31", 4748)
    columns = "iso_year iso_week week month quarter day_of_week weekday_name month_name is_weekend"
    assert values([days["2027-01-03"], days["2026-11-20"]], columns) == [
        (2026, 47, "2026-11-16", "2026-11-01", "2026-10-01", 5, "Friday", "November", False),
        (2026, 53, "2026-12-28", "2027-01-01", "2027-01-01", 7, "Sunday", "January", True),
    ]
    parts = "year quarter_of_year month_of_year day_of_month"
    assert values([days["2027-01-03"]], parts) == [(2027, 1, 1, 3)]


def test_dimensions_hold_no_personal_values(spark: SparkSession) -> None:
    customer = {"id": 1, "tenant_id": 2, "segment": "consumer", "email": "ann@example.com"}
    name = {"first_name": "Ann", "last_name": "Lee", "phone": "+49 30 1234567"}
    source = {"core_customer": [{**customer, **name, "created_at": "2026-02-03 04:05:06"}]}
    rows = SAAS.model_rows(spark, "dim_customer", source)
    columns = "customer_id tenant_id email_masked created_date created_month"
    assert values(rows, columns) == [(1, 2, "a***@example.com", "2026-02-03", "2026-02-01")]
    assert {"email", "first_name", "last_name", "phone"} & rows[0].keys() == set()

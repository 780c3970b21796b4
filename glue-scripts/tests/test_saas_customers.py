"""Customer models of the SaaS lake on hand-made orders."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

SAAS = LakeSql("saas")


def orders(customer_id: int, *moments: str, **columns: Any) -> list[Row]:
    """Paid orders of 10.00 of a customer; an id is made from the customer's."""
    common = {"tenant_id": 1, "customer_id": customer_id, "status": "paid", "subtotal": "12.00"}
    amounts = {"discount_amount": "2.00", "total_amount": "10.00"}
    return [
        {"id": customer_id * 100 + number, **common, **amounts, "ordered_at": moment, **columns}
        for number, moment in enumerate(moments)
    ]


SOURCE = {
    "core_order": [
        *orders(1, "2026-01-10", "2026-01-20", "2026-02-01"),
        *orders(2, "2026-01-31 23:59:59", "2026-05-01"),
        *orders(3, "2026-02-15"),
        *orders(4, "2026-06-30"),
        *orders(5, "2026-01-01", status="cancelled"),
        *orders(6, "2026-03-01", tenant_id=2),
    ]
}


def test_activity_tells_cohort_and_months_around(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "customer_activity_monthly", SOURCE)
    columns = "tenant_id customer_id month orders net_revenue cohort_month months_since_first"
    jan, feb, may, june = "2026-01-01", "2026-02-01", "2026-05-01", "2026-06-01"
    assert values(rows, columns + " previous_active_month next_active_month") == [
        (1, 1, jan, 2, "20.00", jan, 0, None, feb),
        (1, 1, feb, 1, "10.00", jan, 1, jan, None),
        (1, 2, jan, 1, "10.00", jan, 0, None, may),
        (1, 2, may, 1, "10.00", jan, 4, jan, None),
        (1, 3, feb, 1, "10.00", feb, 0, None, None),
        (1, 4, june, 1, "10.00", june, 0, None, None),
        (2, 6, "2026-03-01", 1, "10.00", "2026-03-01", 0, None, None),
    ]


def test_cohorts_are_retained_in_the_months_with_orders(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "retention_cohorts", SOURCE)
    columns = "tenant_id cohort_month months_since cohort_customers active_customers retention_rate"
    assert values(rows, columns + " orders net_revenue") == [
        (1, "2026-01-01", 0, 2, 2, "1.0000", 3, "30.00"),
        (1, "2026-01-01", 1, 2, 1, "0.5000", 1, "10.00"),
        (1, "2026-01-01", 4, 2, 1, "0.5000", 1, "10.00"),
        (1, "2026-02-01", 0, 1, 1, "1.0000", 1, "10.00"),
        (1, "2026-06-01", 0, 1, 1, "1.0000", 1, "10.00"),
        (2, "2026-03-01", 0, 1, 1, "1.0000", 1, "10.00"),
    ]


def test_a_customer_is_lost_in_the_third_month_without_an_order(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "customer_churn_monthly", SOURCE)
    columns = "tenant_id month active_at_start new_customers reactivated_customers lost_customers"
    assert values(rows, columns + " active_customers churn_rate") == [
        (1, "2026-01-01", 0, 2, 0, 0, 2, None),
        (1, "2026-02-01", 2, 1, 0, 0, 3, "0.0000"),
        (1, "2026-03-01", 3, 0, 0, 0, 3, "0.0000"),
        (1, "2026-04-01", 3, 0, 0, 1, 2, "0.3333"),
        (1, "2026-05-01", 2, 0, 1, 2, 1, "1.0000"),
        (1, "2026-06-01", 1, 1, 0, 0, 2, "0.0000"),
        (2, "2026-03-01", 0, 1, 0, 0, 1, None),
    ]


def test_lifetime_value_adds_a_year_at_the_pace_so_far(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "customer_lifetime_value", SOURCE)
    columns = "tenant_id customer_id first_order_date last_order_date active_months lifetime_months"
    assert values(rows, columns) == [
        (1, 1, "2026-01-10", "2026-02-01", 2, 2),
        (1, 2, "2026-01-31", "2026-05-01", 2, 5),
        (1, 3, "2026-02-15", "2026-02-15", 1, 1),
        (1, 4, "2026-06-30", "2026-06-30", 1, 1),
        (2, 6, "2026-03-01", "2026-03-01", 1, 1),
    ]
    columns = "customer_id orders net_revenue average_order_value predicted_lifetime_value"
    assert values(rows, columns) == [
        (1, 3, "30.00", "10.00", "150.00"),
        (2, 2, "20.00", "10.00", "68.00"),
        (3, 1, "10.00", "10.00", "50.00"),
        (4, 1, "10.00", "10.00", "50.00"),
        (6, 1, "10.00", "10.00", "50.00"),
    ]


def test_acquisition_counts_sign_ups_and_first_orders(spark: SparkSession) -> None:
    customers = [
        {"id": 1, "tenant_id": 1, "created_at": "2026-01-05", "marketing_opt_in": True},
        {"id": 2, "tenant_id": 1, "created_at": "2026-01-31 23:00:00", "marketing_opt_in": False},
        {"id": 3, "tenant_id": 1, "created_at": "2025-12-31", "marketing_opt_in": True},
        {"id": 4, "tenant_id": 1, "created_at": "2026-01-01", "segment": "broken"},
    ]
    source = {**SOURCE, "core_customer": [{"segment": "consumer", **row} for row in customers]}
    rows = SAAS.model_rows(spark, "customer_acquisition_monthly", source)
    columns = "tenant_id month sign_ups marketing_opt_ins first_time_buyers first_month_revenue"
    assert values(rows, columns) == [
        (1, "2025-12-01", 1, 1, 0, "0.00"),
        (1, "2026-01-01", 2, 1, 2, "30.00"),
        (1, "2026-02-01", 0, 0, 1, "10.00"),
        (1, "2026-06-01", 0, 0, 1, "10.00"),
        (2, "2026-03-01", 0, 0, 1, "10.00"),
    ]

"""The silver SQL of the AutoCorp lake: what it cleans, derives and keeps out."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

AUTOCORP = LakeSql("autocorp")


def silver(spark: SparkSession, table: str, *raw: Row) -> list[Row]:
    return AUTOCORP.silver(spark, table, raw)


def broken(spark: SparkSession, table: str, key: str, *raw: Row) -> list[int]:
    return sorted(row[key] for row in AUTOCORP.silver(spark, table, raw, broken=True))


PHONES = [
    ("+1 415 555 0123", "+14155550123"),
    ("(415) 555-0123", "+14155550123"),
    ("415.555.0123 x7", "+14155550123"),
    ("415-555-0123 Ext. 12", "+14155550123"),
    ("14155550123", "+14155550123"),
    ("555-0123", None),
    ("1155550123", None),
    ("+49 30 1234567", None),
    ("n/a", None),
    ("", None),
    (None, None),
]


def test_phones_are_brought_to_one_form(spark: SparkSession) -> None:
    raw = [
        {"customer_id": i, "last_name": "Lee", "phone": phone}
        for i, (phone, _) in enumerate(PHONES)
    ]
    rows = silver(spark, "customers", *raw)
    assert values(rows, "customer_id phone") == [(i, phone) for i, (_, phone) in enumerate(PHONES)]


STATES = [
    ("CA", "CA"),
    ("ca ", "CA"),
    ("California", "CA"),
    ("Calif.", "CA"),
    ("C.O.", "CO"),
    ("new mexico", "NM"),
    ("ZZ", None),
    ("Unknown", None),
    ("", None),
    (None, None),
]


def test_states_are_their_two_letters(spark: SparkSession) -> None:
    raw = [
        {"customer_id": i, "last_name": "Lee", "state": state}
        for i, (state, _) in enumerate(STATES)
    ]
    rows = silver(spark, "customers", *raw)
    assert values(rows, "customer_id state") == [(i, state) for i, (_, state) in enumerate(STATES)]


def test_customers_are_cleaned_and_need_a_last_name(spark: SparkSession) -> None:
    customers: list[Row] = [
        {
            "customer_id": 1,
            "first_name": " Ann ",
            "last_name": "Lee ",
            "email": " Ann.Lee@Example.COM",
            "city": "  SAN JOSÉ",
            "street": " ",
            "postal_code": "94103-1234",
        },
        {"customer_id": 2, "last_name": "Fox", "email": "fox at example.com", "postal_code": "941"},
        {"customer_id": 3, "last_name": " "},
        {"customer_id": 4, "last_name": None},
    ]
    rows = silver(spark, "customers", *customers)
    columns = "customer_id first_name last_name is_email_valid email email_masked"
    assert values(rows, columns) == [
        (1, "Ann", "Lee", True, "ann.lee@example.com", "a***@example.com"),
        (2, None, "Fox", False, None, None),
    ]
    assert values(rows, "customer_id city street postal_code") == [
        (1, "San José", None, "94103"),
        (2, None, None, None),
    ]
    assert broken(spark, "customers", "customer_id", *customers) == [3, 4]


def part(id: int, **columns: Any) -> Row:
    defaults = {"unit_cost": "20.00", "unit_price": "30.00", "stock_quantity": 4}
    return {"part_id": id, "part_number": "bra 000012 ", **defaults, "reorder_level": 5, **columns}


def test_parts_have_one_form_of_number_and_category(spark: SparkSession) -> None:
    parts = [
        part(1, category=" BRAKES", manufacturer=" "),
        part(2, category=None, stock_quantity=6, manufacturer="Acme "),
        part(3, unit_price="0.00"),
        part(4, stock_quantity=-1),
        part(5, unit_cost="-1.00"),
    ]
    rows = silver(spark, "auto_parts", *parts)
    columns = "part_id part_number category manufacturer unit_margin margin_rate stock_value"
    assert values(rows, columns + " is_below_reorder_level") == [
        (1, "BRA-000012", "Brakes", "Unknown", "10.00", "0.3333", "80.00", True),
        (2, "BRA-000012", "Other", "Acme", "10.00", "0.3333", "120.00", False),
    ]
    assert broken(spark, "auto_parts", "part_id", *parts) == [3, 4, 5]


def test_services_have_one_form_of_code_and_category(spark: SparkSession) -> None:
    common = {"service_code": " s-00001", "labor_hours": "1.50", "labor_cost": "63.00"}
    services: list[Row] = [
        {"service_id": 1, **common, "category": "tires ", "price": "140.00"},
        {"service_id": 2, **common, "category": None, "price": "0.00"},
        {"service_id": 3, **common, "price": "10.00", "labor_hours": "-1.00"},
    ]
    rows = silver(spark, "service", *services)
    assert values(rows, "service_id service_code category margin_after_labor") == [
        (1, "S-00001", "Tires", "77.00")
    ]
    assert broken(spark, "service", "service_id", *services) == [2, 3]


def order(id: int, **columns: Any) -> Row:
    defaults = {"status": "paid", "channel": "workshop", "tax_amount": "8.00"}
    amounts = {"discount_amount": "5.00", "total_amount": "108.00"}
    return {"order_id": id, **defaults, **amounts, "order_date": "2026-01-31", **columns}


def test_orders_have_one_form_of_status_and_a_net_amount(spark: SparkSession) -> None:
    rows = silver(
        spark,
        "sales_order",
        order(1, status=" In Progress"),
        order(2, status="PAID", vehicle_make="BMW", vehicle_year=9999, payment_method=" Card"),
        order(3, status="completed", vehicle_year=2027, mileage=-1, notes=" "),
    )
    columns = "order_id status is_revenue net_amount order_month payment_method"
    assert values(rows, columns) == [
        (1, "in_progress", False, "100.00", "2026-01", "unknown"),
        (2, "paid", True, "100.00", "2026-01", "card"),
        (3, "completed", True, "100.00", "2026-01", "unknown"),
    ]
    assert values(rows, "order_id vehicle_make vehicle_year mileage notes") == [
        (1, None, None, None, None),
        (2, "Bmw", None, None, None),
        (3, None, 2027, None, None),
    ]


def test_orders_of_the_counters_are_totals_alone(spark: SparkSession) -> None:
    counter = order(1, channel=None, discount_amount=None, tax_amount=None)
    rows = silver(spark, "sales_order", counter)
    assert values(rows, "channel discount_amount tax_amount net_amount") == [
        ("counter", "0.00", "0.00", "108.00")
    ]


def test_a_channel_that_the_database_leaves_blank_is_not_the_counter(spark: SparkSession) -> None:
    assert values(silver(spark, "sales_order", order(1, channel=" ")), "channel") == [("",)]


def test_orders_that_break_a_rule_are_kept_out(spark: SparkSession) -> None:
    orders = [
        order(1, status="lost"),
        order(2, status=None),
        order(3, total_amount="0.00"),
        order(4, total_amount=None),
        order(5, order_date=None),
        order(6, order_date="0202-01-31"),
        order(7, discount_amount="-1.00"),
        order(8),
    ]
    assert broken(spark, "sales_order", "order_id", *orders) == [1, 2, 3, 4, 5, 6, 7]


def test_totals_of_lines_are_recomputed(spark: SparkSession) -> None:
    for kind in ["part", "service"]:
        lines: list[Row] = [
            {"quantity": 3, "unit_price": "9.99", "line_total": "29.97"},
            {"quantity": 1, "unit_price": "9.99", "line_total": "29.97"},
            {"quantity": 1, "unit_price": "9.99", "line_total": None},
            {"quantity": 0, "unit_price": "9.99", "line_total": "0.00"},
            {"quantity": 1, "unit_price": "-9.99", "line_total": "-9.99"},
        ]
        key, table = f"order_{kind}_id", f"sales_order_{kind}s"
        lines = [{key: number, **line} for number, line in enumerate(lines, start=1)]
        rows = silver(spark, table, *lines)
        assert values(rows, f"{key} expected_total is_total_consistent") == [
            (1, "29.97", True),
            (2, "9.99", False),
            (3, "9.99", False),
        ]
        assert broken(spark, table, key, *lines) == [4, 5]

"""The gold models of the AutoCorp lake on hand-made orders."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

AUTOCORP = LakeSql("autocorp")


def order(id: int, day: str, total: str, **columns: Any) -> Row:
    defaults = {"customer_id": 1, "channel": "workshop", "status": "paid", "tax_amount": "0.00"}
    return {
        "order_id": id,
        **defaults,
        "discount_amount": "0.00",
        "total_amount": total,
        "order_date": day,
        **columns,
    }


def line(kind: str, id: int, order_id: int, item: int, quantity: int, price: str) -> Row:
    return {
        f"order_{kind}_id": id,
        "order_id": order_id,
        f"{kind}_id": item,
        "quantity": quantity,
        "unit_price": price,
        "line_total": f"{quantity * float(price):.2f}",
    }


def part(id: int, stock: int, level: int = 5, cost: str = "4.00") -> Row:
    amounts = {"unit_cost": cost, "unit_price": "10.00", "stock_quantity": stock}
    return {"part_id": id, "category": "Brakes", **amounts, "reorder_level": level}


def service(id: int, labor_cost: str = "20.00") -> Row:
    return {"service_id": id, "labor_hours": "1.00", "labor_cost": labor_cost, "price": "50.00"}


SHOP: dict[str, list[Row]] = {
    "auto_parts": [part(1, stock=10), part(2, stock=0), part(3, stock=90), part(4, stock=3)],
    "service": [service(1), service(2)],
    "service_parts": [
        {"service_id": 1, "part_id": 1, "quantity": 1},
        {"service_id": 2, "part_id": 1, "quantity": 1},
        {"service_id": 2, "part_id": 2, "quantity": 0},
    ],
    "sales_order": [
        order(1, "2026-05-31", "90.00"),
        order(2, "2026-06-30", "113.00", discount_amount="5.00", tax_amount="8.00"),
        order(3, "2026-07-01", "60.00", status="scheduled", customer_id=2),
        order(4, "2026-07-01", "50.00", status="cancelled"),
        order(5, "2026-07-02", "40.00", channel=None, customer_id=2),
        order(6, "2026-02-01", "10.00", customer_id=None),
        order(7, "2026-07-03", "0.00"),
    ],
    "sales_order_parts": [
        line("part", 1, 1, 1, 4, "10.00"),
        line("part", 2, 2, 1, 1, "10.00"),
        line("part", 3, 2, 2, 1, "50.00"),
        line("part", 4, 3, 3, 6, "10.00"),
        line("part", 5, 4, 1, 5, "10.00"),
        line("part", 6, 6, 99, 1, "10.00"),
        line("part", 7, 7, 1, 1, "10.00"),
        line("part", 8, 77, 1, 1, "10.00"),
    ],
    "sales_order_services": [
        line("service", 1, 1, 1, 1, "50.00"),
        line("service", 2, 2, 2, 1, "50.00"),
        line("service", 3, 3, 9, 1, "5.00"),
    ],
}


def rows_of(spark: SparkSession, model: str, **tables: list[Row]) -> list[Row]:
    return AUTOCORP.model_rows(spark, model, {**SHOP, **tables})


def test_lines_need_an_order_in_silver(spark: SparkSession) -> None:
    rows = rows_of(spark, "fct_order_lines")
    columns = "line_kind line_id order_id part_id service_id order_month is_revenue line_total"
    assert values(rows, columns) == [
        ("part", 1, 1, 1, None, "2026-05", True, "40.00"),
        ("part", 2, 2, 1, None, "2026-06", True, "10.00"),
        ("part", 3, 2, 2, None, "2026-06", True, "50.00"),
        ("part", 4, 3, 3, None, "2026-07", False, "60.00"),
        ("part", 5, 4, 1, None, "2026-07", False, "50.00"),
        ("part", 6, 6, 99, None, "2026-02", True, "10.00"),
        ("service", 1, 1, None, 1, "2026-05", True, "50.00"),
        ("service", 2, 2, None, 2, "2026-06", True, "50.00"),
        ("service", 3, 3, None, 9, "2026-07", False, "5.00"),
    ]


def test_orders_whose_total_is_not_that_of_their_lines_are_named(spark: SparkSession) -> None:
    orders = [*SHOP["sales_order"][:4], order(8, "2026-06-01", "9.00")]
    parts = [
        line("part", 1, 1, 1, 4, "10.00"),
        line("part", 2, 2, 1, 5, "10.00"),
        {**line("part", 3, 3, 3, 6, "10.00"), "line_total": "54.00"},
        line("part", 4, 4, 1, 6, "10.00"),
    ]
    counter = order(5, "2026-07-02", "40.00", channel=None)
    found = rows_of(
        spark, "order_total_check", sales_order=[*orders, counter], sales_order_parts=parts
    )
    columns = "order_id problem total_amount expected_total difference lines inconsistent_lines"
    assert values(found, columns) == [
        (2, "lines missing", "113.00", "103.00", "10.00", 2, 0),
        (3, "wrong line total", "60.00", "59.00", "1.00", 2, 1),
        (4, "lines exceed total", "50.00", "60.00", "-10.00", 1, 0),
        (8, "no lines", "9.00", "0.00", "9.00", 0, 0),
    ]


def test_lines_that_name_what_nobody_knows_are_named(spark: SparkSession) -> None:
    rows = rows_of(spark, "order_line_problems")
    columns = "line_kind line_id order_id item_id is_order_unknown is_item_unknown"
    assert values(rows, columns) == [
        ("part", 6, 6, 99, False, True),
        # the order is in quarantine
        ("part", 7, 7, 1, True, False),
        ("part", 8, 77, 1, True, False),
        ("service", 3, 3, 9, False, True),
    ]


def test_revenue_grows_from_month_to_month(spark: SparkSession) -> None:
    rows = rows_of(spark, "revenue_monthly")
    columns = "month orders revenue_orders cancelled_orders counter_orders customers"
    assert values(rows, columns + " net_revenue counter_revenue growth_rate") == [
        ("2026-02-01", 1, 1, 0, 0, 0, "10.00", "0.00", None),
        ("2026-05-01", 1, 1, 0, 0, 1, "90.00", "0.00", None),
        ("2026-06-01", 1, 1, 0, 0, 1, "105.00", "0.00", "0.1667"),
        ("2026-07-01", 3, 1, 1, 1, 1, "40.00", "40.00", "-0.6190"),
    ]
    amounts = "month discounts tax average_order_value previous_net_revenue"
    assert values(rows, amounts)[2] == ("2026-06-01", "5.00", "8.00", "105.00", "90.00")


def test_services_are_ranked_within_the_month(spark: SparkSession) -> None:
    lines = [
        line("service", 1, 1, 1, 1, "50.00"),
        line("service", 2, 1, 2, 3, "50.00"),
        line("service", 3, 2, 2, 1, "50.00"),
        line("service", 4, 3, 2, 1, "50.00"),
    ]
    rows = rows_of(spark, "service_sales_monthly", sales_order_services=lines)
    columns = "month service_id orders times_sold revenue revenue_share revenue_rank times_rank"
    assert values(rows, columns) == [
        ("2026-05-01", 1, 1, 1, "50.00", "0.2500", 2, 2),
        ("2026-05-01", 2, 1, 3, "150.00", "0.7500", 1, 1),
        ("2026-06-01", 2, 1, 1, "50.00", "1.0000", 1, 1),
    ]


def test_a_service_earns_by_labor_and_by_the_parts_sold_with_it(spark: SparkSession) -> None:
    rows = rows_of(spark, "service_profitability")
    columns = "service_id times_sold labor_revenue labor_margin parts_revenue parts_margin profit"
    assert values(rows, columns) == [
        # four of part 1, which cost 4.00
        (1, 1, "50.00", "30.00", "40.00", "24.00", "54.00"),
        # part 2 is needed by a row in quarantine only
        (2, 1, "50.00", "30.00", "10.00", "6.00", "36.00"),
    ]


def test_parts_of_open_orders_are_used_and_those_of_cancelled_ones_are_not(
    spark: SparkSession,
) -> None:
    rows = rows_of(spark, "part_consumption_monthly")
    assert values(rows, "month part_id orders units sales_value units_rank") == [
        ("2026-02-01", 99, 1, 1, "10.00", 1),
        ("2026-05-01", 1, 1, 4, "40.00", 1),
        ("2026-06-01", 1, 1, 1, "10.00", 1),
        ("2026-06-01", 2, 1, 1, "50.00", 2),
        ("2026-07-01", 3, 1, 6, "60.00", 1),
    ]


def test_parts_to_order_follow_from_stock_level_and_use(spark: SparkSession) -> None:
    shop = {"auto_parts": [*SHOP["auto_parts"], part(5, stock=9), part(6, stock=40)]}
    used = [*SHOP["sales_order_parts"], line("part", 9, 2, 5, 60, "1.00")]
    rows = rows_of(spark, "part_reorder", **shop, sales_order_parts=used)
    columns = "part_id stock_quantity units_used_90_days days_of_stock suggested_quantity"
    assert values(rows, columns + " stock_state") == [
        (1, 10, 5, "180.0", 0, "in stock"),
        (2, 0, 1, "0.0", 6, "out of stock"),
        (3, 90, 6, "1350.0", 0, "in stock"),
        (4, 3, 0, None, 2, "below reorder level"),
        (5, 9, 60, "13.5", 16, "gone in two weeks"),
        (6, 40, 0, None, 0, "not used"),
    ]


def test_customers_are_worth_their_revenue_orders(spark: SparkSession) -> None:
    rows = rows_of(spark, "customer_value")
    columns = "customer_id first_order_date last_order_date active_months orders net_revenue"
    assert values(rows, columns + " average_order_value") == [
        (1, "2026-05-31", "2026-06-30", 2, 2, "195.00", "97.50"),
        (2, "2026-07-02", "2026-07-02", 1, 1, "40.00", "40.00"),
    ]


def test_an_order_that_names_no_vehicle_has_none(spark: SparkSession) -> None:
    car = {"vehicle_make": "Ford", "vehicle_model": "Focus", "vehicle_year": 2019}
    orders = [
        order(1, "2026-06-01", "10.00"),
        order(2, "2026-06-02", "10.00", **car),
        order(3, "2026-06-03", "10.00", **car),
        order(4, "2026-06-04", "10.00", customer_id=2),
    ]
    rows = AUTOCORP.model_rows(spark, "customer_value", {"sales_order": orders})
    assert values(rows, "customer_id vehicles") == [(1, 1), (2, 0)]


def test_customers_of_one_address_are_told_from_the_first(spark: SparkSession) -> None:
    def customer(id: int, email: str | None, at: str | None) -> Row:
        return {"customer_id": id, "last_name": "Lee", "email": email, "created_at": at}

    customers = [
        customer(1, "Ann@example.com", "2026-02-01"),
        customer(2, "ann@EXAMPLE.com ", "2026-01-01"),
        customer(3, "ann@example.com", None),
        customer(4, "bob@example.com", "2026-01-01"),
        customer(5, None, "2026-01-01"),
        customer(6, None, "2026-01-01"),
    ]
    rows = AUTOCORP.model_rows(spark, "customer_duplicates", {"customers": customers})
    assert values(rows, "customer_id customers place kept_customer_id is_kept") == [
        (1, 3, 2, 2, False),
        (2, 3, 1, 2, True),
        (3, 3, 3, 2, False),
    ]

"""Revenue and product models of the SaaS lake on hand-made orders."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

SAAS = LakeSql("saas")


def order(id: int, at: str, subtotal: str, **columns: Any) -> Row:
    defaults = {"tenant_id": 1, "customer_id": 1, "status": "paid", "discount_amount": "0.00"}
    amounts = {"tax_amount": "1.00", "shipping_amount": "2.00", "total_amount": subtotal}
    return {"id": id, **defaults, **amounts, "subtotal": subtotal, "ordered_at": at, **columns}


def line(id: int, order_id: int, product_id: int, quantity: int, price: str, total: str) -> Row:
    """A line whose price is before any discount; what is missing in `total` is the discount."""
    discount = quantity * float(price) - float(total)
    amounts = {"unit_price": price, "discount_amount": f"{discount:.2f}", "line_total": total}
    keys = {"id": id, "tenant_id": 1, "order_id": order_id, "product_id": product_id}
    return {**keys, "quantity": quantity, **amounts, "created_at": "2026-01-01"}


def product(id: int, category: str | None, cost: str, stock: int = 0, tenant_id: int = 1) -> Row:
    keys = {"id": id, "tenant_id": tenant_id, "category": category}
    return {**keys, "price": "10.00", "cost": cost, "stock_quantity": stock, "is_active": True}


ORDERS = [
    order(1, "2026-01-05 00:00:00", "100.00", discount_amount="10.00"),
    order(2, "2026-01-05 23:59:59", "50.00", status="DELIVERED", customer_id=2),
    order(3, "2026-01-05 12:00:00", "70.00", status="cancelled"),
    order(4, "2026-01-20 12:00:00", "30.00", status="refunded"),
    order(5, "2026-02-01 00:00:00", "210.00", status="shipped"),
    order(6, "2026-04-01 00:00:00", "40.00"),
    order(7, "2026-05-31 00:00:00", "60.00"),
    order(8, "2026-01-05 08:00:00", "999.00", tenant_id=2),
    order(9, "2026-01-06 08:00:00", "999.00", total_amount="-1.00"),
]


def test_a_day_counts_all_orders_and_the_revenue_of_paid_ones(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "revenue_daily", {"core_order": ORDERS[:4] + ORDERS[7:]})
    counts = "tenant_id order_date orders revenue_orders cancelled_orders refunded_orders customers"
    assert values(rows, counts) == [
        (1, "2026-01-05", 3, 2, 1, 0, 2),
        (1, "2026-01-20", 1, 0, 0, 1, 0),
        (2, "2026-01-05", 1, 1, 0, 0, 1),
    ]
    amounts = "tenant_id gross_revenue discounts net_revenue tax shipping average_order_value"
    assert values(rows, amounts) == [
        (1, "0.00", "0.00", "0.00", "0.00", "0.00", None),
        (1, "150.00", "10.00", "140.00", "2.00", "4.00", "70.00"),
        (2, "999.00", "0.00", "999.00", "1.00", "2.00", "999.00"),
    ]


def test_monthly_growth_compares_with_the_calendar_month_before(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "revenue_monthly", {"core_order": ORDERS})
    columns = "tenant_id month orders net_revenue average_order_value previous_net_revenue"
    assert values(rows, columns + " growth_rate") == [
        (1, "2026-01-01", 4, "140.00", "70.00", None, None),
        (1, "2026-02-01", 1, "210.00", "210.00", "140.00", "0.5000"),
        (1, "2026-04-01", 1, "40.00", "40.00", None, None),
        (1, "2026-05-01", 1, "60.00", "60.00", "40.00", "0.5000"),
        (2, "2026-01-01", 1, "999.00", "999.00", None, None),
    ]


def test_quarterly_growth_compares_with_the_calendar_quarter_before(
    spark: SparkSession,
) -> None:
    rows = SAAS.model_rows(spark, "revenue_quarterly", {"core_order": ORDERS})
    columns = "tenant_id quarter months orders net_revenue previous_net_revenue growth_rate"
    assert values(rows, columns) == [
        (1, "2026-01-01", 2, 5, "350.00", None, None),
        (1, "2026-04-01", 2, 2, "100.00", "350.00", "-0.7143"),
        (2, "2026-01-01", 1, 1, "999.00", None, None),
    ]


SHOP: dict[str, list[Row]] = {
    "core_order": [
        order(1, "2026-05-31 10:00:00", "50.00"),
        order(2, "2026-06-01 10:00:00", "60.00", customer_id=2),
        order(3, "2026-06-30 10:00:00", "20.00", customer_id=2),
        order(4, "2026-06-30 10:00:00", "500.00", status="cancelled"),
        order(5, "2026-02-01 10:00:00", "30.00"),
        order(6, "2026-06-15 10:00:00", "5.00", tenant_id=2),
    ],
    "core_orderitem": [
        line(1, 1, 1, 2, "10.00", "20.00"),
        line(2, 1, 2, 1, "30.00", "30.00"),
        line(3, 2, 1, 3, "10.00", "30.00"),
        line(4, 2, 2, 1, "30.00", "30.00"),
        line(5, 3, 3, 4, "6.00", "20.00"),
        line(6, 4, 3, 50, "10.00", "500.00"),
        line(7, 5, 1, 3, "10.00", "30.00"),
        line(8, 99, 1, 1, "10.00", "10.00"),
        line(9, 6, 1, 1, "10.00", "10.00"),
    ],
    "core_product": [
        product(1, "books", "4.00", stock=10),
        product(2, "Toys", "31.00", stock=500),
        product(4, None, "1.00", stock=7),
        product(5, "Toys", "2.00"),
    ],
}


def test_order_lines_need_an_order_of_their_tenant(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "fct_order_lines", SHOP)
    columns = "order_item_id order_id customer_id order_date is_revenue gross_amount line_total"
    assert values(rows, columns) == [
        (1, 1, 1, "2026-05-31", True, "20.00", "20.00"),
        (2, 1, 1, "2026-05-31", True, "30.00", "30.00"),
        (3, 2, 2, "2026-06-01", True, "30.00", "30.00"),
        (4, 2, 2, "2026-06-01", True, "30.00", "30.00"),
        (5, 3, 2, "2026-06-30", True, "24.00", "20.00"),
        (6, 4, 1, "2026-06-30", False, "500.00", "500.00"),
        (7, 5, 1, "2026-02-01", True, "30.00", "30.00"),
    ]


def test_products_are_ranked_within_the_month_and_ties_by_id(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "product_sales_monthly", SHOP)
    columns = "month product_id orders customers units gross_revenue discounts net_revenue"
    assert values(rows, columns + " revenue_rank units_rank") == [
        ("2026-02-01", 1, 1, 1, 3, "30.00", "0.00", "30.00", 1, 1),
        ("2026-05-01", 1, 1, 1, 2, "20.00", "0.00", "20.00", 2, 1),
        ("2026-05-01", 2, 1, 1, 1, "30.00", "0.00", "30.00", 1, 2),
        ("2026-06-01", 1, 1, 1, 3, "30.00", "0.00", "30.00", 1, 2),
        ("2026-06-01", 2, 1, 1, 1, "30.00", "0.00", "30.00", 2, 3),
        ("2026-06-01", 3, 1, 1, 4, "24.00", "4.00", "20.00", 3, 1),
    ]


def test_categories_have_a_share_and_grow_from_month_to_month(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "category_revenue_monthly", SHOP)
    columns = "month category products units net_revenue revenue_share growth_rate"
    assert values(rows, columns) == [
        ("2026-02-01", "Books", 1, 3, "30.00", "1.0000", None),
        ("2026-05-01", "Books", 1, 2, "20.00", "0.4000", None),
        ("2026-05-01", "Toys", 1, 1, "30.00", "0.6000", None),
        ("2026-06-01", "Books", 1, 3, "30.00", "0.3750", "0.5000"),
        ("2026-06-01", "Toys", 1, 1, "30.00", "0.3750", "0.0000"),
        ("2026-06-01", "Unknown", 1, 4, "20.00", "0.2500", None),
    ]


def test_profit_is_revenue_without_the_cost_of_goods(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "product_profitability", SHOP)
    columns = "product_id category units net_revenue cost_of_goods gross_profit margin_rate"
    assert values(rows, columns) == [
        (1, "Books", 8, "80.00", "32.00", "48.00", "0.6000"),
        (2, "Toys", 2, "60.00", "62.00", "-2.00", "-0.0333"),
        (3, None, 4, "20.00", None, None, None),
    ]


def test_stock_is_judged_by_the_sales_of_90_days(spark: SparkSession) -> None:
    rows = SAAS.model_rows(spark, "inventory_turnover", SHOP)
    columns = "product_id category stock_value units_sold_90_days cost_of_goods_90_days"
    assert values(rows, columns + " yearly_turnover days_of_stock stock_state") == [
        (1, "Books", "40.00", 5, "20.00", "2.0278", "180.0", "healthy"),
        (2, "Toys", "15500.00", 2, "62.00", "0.0162", "22500.0", "overstocked"),
        (4, "Other", "7.00", 0, "0.00", "0.0000", None, "not selling"),
        (5, "Toys", "0.00", 0, "0.00", None, None, "out of stock"),
    ]


def test_little_stock_is_to_be_reordered(spark: SparkSession) -> None:
    shop = {**SHOP, "core_product": [product(3, "Toys", "1.00", 1), product(1, "Toys", "1.00", 0)]}
    shop["core_orderitem"] = [line(1, 3, 3, 7, "1.00", "7.00"), line(2, 3, 1, 1, "1.00", "1.00")]
    rows = SAAS.model_rows(spark, "inventory_turnover", shop)
    assert values(rows, "product_id stock_state days_of_stock") == [
        (1, "out of stock", "0.0"),
        (3, "reorder", "12.9"),
    ]


def test_stock_beyond_any_sale_is_no_reason_to_reorder(spark: SparkSession) -> None:
    shop = {**SHOP, "core_product": [product(1, "Toys", "1.00", 2_147_483_647)]}
    rows = SAAS.model_rows(spark, "inventory_turnover", shop)
    assert values(rows, "product_id stock_state") == [(1, "overstocked")]


def test_orders_whose_lines_do_not_add_up_are_named(spark: SparkSession) -> None:
    orders = [order(id, "2026-06-01", "20.00") for id in range(1, 6)]
    orders += [order(6, "2026-06-01", "0.00"), order(7, "2026-06-01", "10.00", tenant_id=2)]
    lines = [
        line(1, 1, 1, 2, "10.00", "20.00"),
        line(2, 2, 1, 1, "10.00", "10.00"),
        {**line(3, 3, 1, 2, "10.00", "20.00"), "line_total": "19.00"},
        line(4, 4, 1, 3, "10.00", "30.00"),
        {**line(5, 5, 1, 2, "10.00", "20.00"), "quantity": 0},
        line(6, 7, 1, 1, "10.00", "10.00"),
    ]
    source = {"core_order": orders, "core_orderitem": lines}
    rows = SAAS.model_rows(spark, "order_line_check", source)
    columns = "order_id problem subtotal lines_total difference lines inconsistent_lines"
    assert values(rows, columns) == [
        (2, "lines missing", "20.00", "10.00", "-10.00", 1, 0),
        (3, "wrong line total", "20.00", "19.00", "-1.00", 1, 1),
        (4, "lines exceed subtotal", "20.00", "30.00", "10.00", 1, 0),
        (5, "no lines", "20.00", "0.00", "-20.00", 0, 0),
        (7, "no lines", "10.00", "0.00", "-10.00", 0, 0),
    ]

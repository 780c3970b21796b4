"""The silver SQL of the SaaS lake: what it cleans, derives and keeps out."""

from __future__ import annotations

from typing import Any

from lake_sql import LakeSql, Row, values
from pyspark.sql import SparkSession

SAAS = LakeSql("saas")


def silver(spark: SparkSession, table: str, *raw: Row) -> list[Row]:
    return SAAS.silver(spark, table, raw)


def broken_ids(spark: SparkSession, table: str, *raw: Row) -> list[int]:
    return sorted(row["id"] for row in SAAS.silver(spark, table, raw, broken=True))


def test_tenant_settings_are_parsed(spark: SparkSession) -> None:
    settings = (
        '{"timezone":"Europe/Berlin","locale":"de-DE","currency":"eur",'
        '"features":{"wishlist":true,"reviews":true,"chat":false},"limits":{"seats":25}}'
    )
    rows = silver(
        spark,
        "core_tenant",
        {"id": 1, "plan": " Growth", "slug": "Acme ", "settings": settings},
        {"id": 2, "plan": "starter", "slug": "beta", "settings": "{}"},
    )
    assert values(rows, "id plan slug timezone locale currency seat_limit") == [
        (1, "growth", "acme", "Europe/Berlin", "de-DE", "EUR", 25),
        (2, "starter", "beta", "UTC", "en-US", "USD", None),
    ]
    assert [row["enabled_features"] for row in rows] == [["reviews", "wishlist"], None]


DOMAINS = [
    ("acme.example.com", "acme.example.com", True),
    ("HTTPS://Acme.Example.COM", "acme.example.com", True),
    ("http://acme.example.com/", "acme.example.com", True),
    ("acme.example.com. ", "acme.example.com", True),
    ("acme_inc", "acme_inc", False),
    ("-acme.example.com", "-acme.example.com", False),
    ("localhost", "localhost", False),
]


def test_domains_are_cleaned_and_judged(spark: SparkSession) -> None:
    raw = [{"id": i, "plan": "growth", "domain": case[0]} for i, case in enumerate(DOMAINS)]
    rows = silver(spark, "core_tenant", *raw)
    expected = [(i, domain, valid) for i, (_, domain, valid) in enumerate(DOMAINS)]
    assert values(rows, "id domain is_domain_valid") == expected


EMAILS = [
    (" Ann.Lee@Example.COM ", "ann.lee@example.com", "a***@example.com"),
    ("b+news@mail.example.co.uk", "b+news@mail.example.co.uk", "b***@mail.example.co.uk"),
    ("ann.at.example.com", None, None),
    ("ann@localhost", None, None),
    ("", None, None),
    (None, None, None),
]


def test_emails_are_standardised_and_masked(spark: SparkSession) -> None:
    raw = [{"id": i, "segment": "consumer", "email": case[0]} for i, case in enumerate(EMAILS)]
    rows = silver(spark, "core_customer", *raw)
    expected = [
        (i, email, masked, email is not None) for i, (_, email, masked) in enumerate(EMAILS)
    ]
    assert values(rows, "id email email_masked is_email_valid") == expected


PHONES = [
    ("+49 30 1234567", "+49301234567"),
    ("0049 30/1234567", "+49301234567"),
    (" +1 (555) 010-9999 ", "+15550109999"),
    ("(555) 010-9999", "5550109999"),
    ("030 1234567", "0301234567"),
    ("+123456789012345", "+123456789012345"),
    ("+1234567890123456", None),
    ("0012345", None),
    ("123456", None),
    ("n/a", None),
    ("", None),
    (None, None),
]


def test_phones_are_standardised(spark: SparkSession) -> None:
    raw = [{"id": i, "segment": "consumer", "phone": case[0]} for i, case in enumerate(PHONES)]
    rows = silver(spark, "core_customer", *raw)
    assert values(rows, "id phone") == [(i, phone) for i, (_, phone) in enumerate(PHONES)]


def test_customers_keep_their_names_and_say_where_they_came_from(
    spark: SparkSession,
) -> None:
    common = {"segment": " Business", "first_name": " Ann-Marie ", "last_name": "van der O'Neil"}
    rows = silver(
        spark,
        "core_customer",
        {
            "id": 1,
            **common,
            "metadata": '{"source":"ads","utm_campaign":"spring"}',
            "country": "de",
        },
        {"id": 2, **common, "metadata": "{}", "company": " ", "city": "", "country": "  "},
    )
    columns = "id segment first_name last_name acquisition_source utm_campaign country company city"
    assert values(rows, columns) == [
        (1, "business", "Ann-Marie", "van der O'Neil", "ads", "spring", "DE", None, None),
        (2, "business", "Ann-Marie", "van der O'Neil", "unknown", None, None, None, None),
    ]


CATEGORIES = [
    ("Electronics", "Electronics"),
    (" electronic ", "Electronics"),
    ("home and kitchen", "Home & Kitchen"),
    ("HOME & KITCHEN", "Home & Kitchen"),
    ("clothes", "Clothing"),
    ("book", "Books"),
    ("sports", "Sports & Outdoors"),
    ("beauty ", "Beauty"),
    ("toy", "Toys"),
    ("groceries", "Grocery"),
    ("gadgets", "Other"),
    ("", "Other"),
    (None, "Other"),
]


def test_categories_are_normalised(spark: SparkSession) -> None:
    product = {"price": "1.00", "cost": "0.50"}
    raw = [{"id": i, **product, "category": case[0]} for i, case in enumerate(CATEGORIES)]
    rows = silver(spark, "core_product", *raw)
    expected = [(i, category) for i, (_, category) in enumerate(CATEGORIES)]
    assert values(rows, "id category") == expected


def test_products_have_a_margin_and_a_valid_price(spark: SparkSession) -> None:
    products: list[Row] = [
        {"id": 1, "price": "30.00", "cost": "20.00"},
        {"id": 2, "price": "10.00", "cost": "12.50"},
        {"id": 3, "price": "0.00", "cost": "1.00"},
        {"id": 4, "price": "-5.00", "cost": "1.00"},
        {"id": 5, "price": "5.00", "cost": "-1.00"},
        {"id": 6, "price": None, "cost": "1.00"},
    ]
    rows = silver(spark, "core_product", *products)
    assert values(rows, "id unit_margin margin_rate") == [
        (1, "10.00", "0.3333"),
        (2, "-2.50", "-0.2500"),
    ]
    assert broken_ids(spark, "core_product", *products) == [3, 4, 5, 6]


def order(id: int, **columns: Any) -> Row:
    defaults = {"status": "paid", "subtotal": "100.00", "discount_amount": "20.00"}
    amounts = {"tax_amount": "8.00", "shipping_amount": "5.00", "total_amount": "93.00"}
    return {"id": id, **defaults, **amounts, "ordered_at": "2026-01-31 23:59:59.999999", **columns}


def test_orders_have_net_amount_rates_and_a_checked_total(spark: SparkSession) -> None:
    rows = silver(
        spark,
        "core_order",
        order(1, status=" Delivered", currency="eur", metadata='{"channel":"app"}'),
        order(2, status="refunded", total_amount="93.01"),
        order(3, status="pending", subtotal="0.00", discount_amount="0.00", total_amount="13.00"),
    )
    columns = "id status is_revenue net_amount discount_rate tax_rate is_total_consistent"
    assert values(rows, columns) == [
        (1, "delivered", True, "80.00", "0.2000", "0.1000", True),
        (2, "refunded", False, "80.00", "0.2000", "0.1000", False),
        (3, "pending", False, "0.00", None, None, True),
    ]
    assert values(rows[:1], "currency channel order_date order_month order_week") == [
        ("EUR", "app", "2026-01-31", "2026-01", "2026-W05")
    ]


def test_orders_that_break_a_rule_are_kept_out(spark: SparkSession) -> None:
    orders = [
        order(1, status="lost"),
        order(2, total_amount="-0.01"),
        order(3, discount_amount="100.01"),
        order(4, discount_amount="-1.00"),
        order(5, status=None),
        order(6),
    ]
    assert broken_ids(spark, "core_order", *orders) == [1, 2, 3, 4, 5]


def test_line_totals_are_recomputed(spark: SparkSession) -> None:
    lines: list[Row] = [
        {"id": 1, "quantity": 3, "unit_price": "9.99", "discount_amount": "1.00"},
        {"id": 2, "quantity": 1, "unit_price": "9.99", "discount_amount": "0.00"},
        {"id": 3, "quantity": 0, "unit_price": "9.99", "discount_amount": "0.00"},
        {"id": 4, "quantity": 1, "unit_price": "-9.99", "discount_amount": "0.00"},
    ]
    lines = [{**line, "line_total": "28.97", "created_at": "2026-02-01"} for line in lines]
    rows = silver(spark, "core_orderitem", *lines)
    assert values(rows, "id expected_total is_total_consistent created_week") == [
        (1, "28.97", True, "2026-W05"),
        (2, "9.99", False, "2026-W05"),
    ]
    assert broken_ids(spark, "core_orderitem", *lines) == [3, 4]


def event(id: int, **columns: Any) -> Row:
    times = {"occurred_at": "2026-03-01 10:00:00", "created_at": "2026-03-01 10:00:02"}
    return {"id": id, "event_type": "page_view", **times, **columns}


def test_event_metadata_is_parsed_where_it_is_json(spark: SparkSession) -> None:
    whole = '{"product_id":7,"order_id":8,"query":"tea","value":"12.30","duration_ms":1234}'
    rows = silver(
        spark,
        "core_event",
        event(1, metadata=whole),
        event(2, metadata=whole[:-1]),
        event(3, metadata='{"product_id":"seven","value":"much"}'),
        event(4, metadata=None),
        event(5, metadata=""),
    )
    columns = "id product_id order_id search_query event_value duration_ms is_metadata_valid"
    assert values(rows, columns) == [
        (1, 7, 8, "tea", "12.30", 1234, True),
        (2, None, None, None, None, None, False),
        (3, None, None, None, None, None, True),
        (4, None, None, None, None, None, True),
        (5, None, None, None, None, None, False),
    ]


def test_events_say_page_source_and_device(spark: SparkSession) -> None:
    rows = silver(
        spark,
        "core_event",
        event(1, page_url="https://a.example.com/sale?x=1", referrer="https://b.example.com/f"),
        event(2, page_url="/cart", referrer="", device=" Mobile"),
        event(3, page_url="http://not a url", referrer=None, device=""),
    )
    assert values(rows, "id page_path referrer_host device event_week") == [
        (1, "/sale", "b.example.com", "unknown", "2026-W09"),
        (2, "/cart", "direct", "mobile", "2026-W09"),
        (3, None, "direct", "unknown", "2026-W09"),
    ]


def test_unknown_and_future_events_are_kept_out(spark: SparkSession) -> None:
    events = [
        event(1, event_type="pageview"),
        event(2, occurred_at="2027-03-01 10:00:00"),
        event(3, event_type=" SEARCH "),
        event(4, occurred_at="2026-03-02 10:00:00"),
    ]
    assert broken_ids(spark, "core_event", *events) == [1, 2]


def test_subscription_amounts_are_brought_to_a_month(spark: SparkSession) -> None:
    common = {"status": "Active", "started_at": "2026-01-10"}
    subscriptions: list[Row] = [
        {"id": 1, "billing_cycle": "Yearly", "amount": "100.00"},
        {"id": 2, "billing_cycle": "monthly", "amount": "49.00", "status": "canceled"},
        {"id": 3, "billing_cycle": "monthly", "amount": "-1.00"},
        {"id": 4, "billing_cycle": "weekly", "amount": "1.00"},
        {"id": 5, "billing_cycle": "monthly", "amount": "1.00", "ended_at": "2026-01-09"},
    ]
    subscriptions = [{**common, **subscription} for subscription in subscriptions]
    rows = silver(spark, "core_subscription", *subscriptions)
    assert values(rows, "id monthly_amount is_paying is_churned") == [
        (1, "8.33", True, False),
        (2, "49.00", False, True),
    ]
    assert broken_ids(spark, "core_subscription", *subscriptions) == [3, 4, 5]


def test_invoices_have_an_open_amount_and_a_payment_delay(spark: SparkSession) -> None:
    common = {"amount_due": "50.00", "issued_on": "2026-01-20", "due_on": "2026-02-03"}
    paid = {"status": "Paid", "amount_paid": "50.00", "paid_at": "2026-02-05 00:10:00"}
    invoices: list[Row] = [
        {"id": 1, **common, "status": "open", "amount_paid": "20.00"},
        {"id": 2, **common, **paid},
        {"id": 3, **common, **paid, "paid_at": None},
        {"id": 4, **common, **paid, "amount_paid": "50.01"},
        {"id": 5, **common, **paid, "due_on": "2026-01-19"},
        {"id": 6, **common, **paid, "status": "lost"},
    ]
    rows = silver(spark, "core_invoice", *invoices)
    assert values(rows, "id status open_amount days_paid_after_due issued_month") == [
        (1, "open", "30.00", None, "2026-01"),
        (2, "paid", "0.00", 2, "2026-01"),
    ]
    assert broken_ids(spark, "core_invoice", *invoices) == [3, 4, 5, 6]

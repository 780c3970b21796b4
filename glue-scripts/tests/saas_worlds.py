"""Random small sources of the SaaS lake: worlds of two tenants each."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from lake_sql import Row
from worlds import Worlds

STATUSES = ["paid", "shipped", "delivered", "PAID", "delivered", "pending", "cancelled"]
EVENT_TYPES = ["page_view", "product_view", "add_to_cart", "checkout_started", "purchase", "signup"]


class SaasWorlds(Worlds):
    """Worlds of the shop."""

    counts: ClassVar = {
        "core_tenant": 2,
        "core_customer": 3,
        "core_product": 3,
        "core_order": 7,
        "core_orderitem": 9,
        "core_event": 9,
        "core_subscription": 4,
        "core_invoice": 3,
    }
    changes: ClassVar = {
        "core_tenant": 1,
        "core_customer": 2,
        "core_product": 5,
        "core_order": 7,
        "core_orderitem": 7,
        "core_event": 7,
        "core_subscription": 4,
        "core_invoice": 2,
    }
    keys: ClassVar = {table: ["id"] for table in counts}

    def make_row(self, table: str, base: int, local_id: int) -> Row:
        def one_of(of: str) -> int:
            return base + self.random.randint(1, self.counts[of])

        row: Row = getattr(self, f"_{table.removeprefix('core_')}")(one_of)
        # mostly the same tenant, or rows that belong together would seldom share theirs
        tenant = {"tenant_id": base + self.random.choice([1, 1, 1, 2])}
        return {"id": base + local_id, **({} if table == "core_tenant" else tenant), **row}

    def _tenant(self, one_of: Callable[[str], int]) -> Row:
        plan = self.random.choice(["starter", "growth"])
        return {"name": plan, "slug": plan, "plan": plan, "created_at": self.moment()}

    def _customer(self, one_of: Callable[[str], int]) -> Row:
        return {
            "email": "ann@example.com",
            "segment": self.random.choice(["consumer", "business", "unknown"]),
            "marketing_opt_in": self.random.random() < 0.5,
            "created_at": self.moment(),
        }

    def _product(self, one_of: Callable[[str], int]) -> Row:
        return {
            "category": self.random.choice(["books", "Toys", "grocery", None]),
            "price": self.random.choice(["10.00", "25.50", "40.00", "-1.00"]),
            "cost": self.random.choice(["4.00", "9.99"]),
            "stock_quantity": self.random.choice([0, 3, 40]),
        }

    def _order(self, one_of: Callable[[str], int]) -> Row:
        subtotal = self.random.choice(["10.00", "20.00", "30.00"])
        return {
            "customer_id": one_of("core_customer"),
            "status": self.random.choice(STATUSES),
            "currency": "USD",
            "subtotal": subtotal,
            "discount_amount": self.random.choice(["0.00", "0.50", "1.25", "-1.00"]),
            "tax_amount": "1.90",
            "shipping_amount": "3.00",
            "total_amount": subtotal,
            "ordered_at": self.moment(),
        }

    def _orderitem(self, one_of: Callable[[str], int]) -> Row:
        quantity = self.random.choice([0, 1, 1, 2, 2, 3])
        return {
            "order_id": one_of("core_order"),
            "product_id": one_of("core_product"),
            "quantity": quantity,
            "unit_price": "10.00",
            "discount_amount": "0.00",
            "line_total": self.random.choice(["10.00", f"{quantity * 10}.00"]),
            "created_at": self.moment(),
        }

    def _event(self, one_of: Callable[[str], int]) -> Row:
        moment = self.moment()
        return {
            "customer_id": self.random.choice([None, one_of("core_customer")]),
            "session_id": f"session-{self.random.randint(1, 4)}",
            "event_type": self.random.choice(EVENT_TYPES),
            "page_url": self.random.choice([None, "https://a.example.com/sale", "/cart"]),
            "referrer": self.random.choice([None, "https://search.example.com/"]),
            "device": self.random.choice(["mobile", "desktop"]),
            "metadata": self.random.choice(['{"value":"12.30"}', '{"value":"1', None]),
            "occurred_at": moment,
            "created_at": moment,
        }

    def _subscription(self, one_of: Callable[[str], int]) -> Row:
        status = self.random.choice(["active", "canceled", "upgraded", "trialing", "past_due"])
        return {
            "customer_id": one_of("core_customer"),
            "plan": self.random.choice(["basic", "pro"]),
            "status": status,
            "billing_cycle": self.random.choice(["monthly", "yearly", "weekly"]),
            "amount": self.random.choice(["12.00", "100.00", "0.00"]),
            "started_at": self.moment(),
            "trial_ends_at": self.random.choice([None, self.moment()]),
            "ended_at": self.random.choice([None, self.moment()]),
            "canceled_at": self.random.choice([None, self.moment()]),
        }

    def _invoice(self, one_of: Callable[[str], int]) -> Row:
        return {
            "customer_id": one_of("core_customer"),
            "status": self.random.choice(["open", "OPEN", "paid", "void"]),
            "amount_due": self.random.choice(["10.00", "20.00"]),
            "amount_paid": self.random.choice(["0.00", "10.00"]),
            "issued_on": self.moment()[:10],
            "due_on": "2026-06-28",
        }

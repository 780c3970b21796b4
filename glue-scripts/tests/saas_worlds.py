"""Random small sources of the SaaS lake and random changes to them.

The data falls into worlds of two tenants each; changes stay within a world, so one run of a model
tests as many cases as there are worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from saas_lake import Row

World = dict[str, dict[int, Row]]
"""The rows of a world: by table, by id."""
IDS_PER_WORLD = 1000
COUNTS = {
    "core_tenant": 2,
    "core_customer": 3,
    "core_product": 3,
    "core_order": 7,
    "core_orderitem": 9,
    "core_event": 9,
    "core_subscription": 4,
    "core_invoice": 3,
}
CHANGES = {
    "core_tenant": 1,
    "core_customer": 2,
    "core_product": 5,
    "core_order": 7,
    "core_orderitem": 7,
    "core_event": 7,
    "core_subscription": 4,
    "core_invoice": 2,
}
"""How often each table changes, compared with the others."""
STATUSES = ["paid", "shipped", "delivered", "PAID", "delivered", "pending", "cancelled"]
EVENT_TYPES = ["page_view", "product_view", "add_to_cart", "checkout_started", "purchase", "signup"]


class Worlds:
    """Rows in plain dictionaries, changed at random but reproducibly."""

    def __init__(self, count: int, seed: int) -> None:
        self.random = Random(seed)
        self.worlds: list[World] = [self._new_world(number) for number in range(count)]

    def rows(self, table: str) -> list[Row]:
        """The table's rows of all worlds."""
        return [row for world in self.worlds for row in world[table].values()]

    def change(self, most: int) -> None:
        """Makes one to `most` changes in every world."""
        for number, world in enumerate(self.worlds):
            for _ in range(self.random.randint(1, most)):
                self._change_row(number, world)

    def _new_world(self, number: int) -> World:
        return {
            table: {row["id"]: row for row in map(self._maker(table, number), range(1, count + 1))}
            for table, count in COUNTS.items()
        }

    def _change_row(self, number: int, world: World) -> None:
        table = self.random.choices(list(CHANGES), list(CHANGES.values()))[0]
        rows = world[table]
        fresh = self._maker(table, number)(self.random.randint(1, COUNTS[table] + 3))
        kind = self.random.random()
        if kind < 0.2 or not rows:
            rows[fresh["id"]] = fresh
            return
        old = self.random.choice(sorted(rows))
        if kind < 0.4:
            del rows[old]
        elif kind < 0.5:
            row = rows.pop(old)
            rows[fresh["id"]] = {**row, "id": fresh["id"]}
        else:
            names = self.random.sample(sorted(set(fresh) - {"id"}), self.random.randint(1, 2))
            rows[old] = {**rows[old], **{name: fresh[name] for name in names}}

    def _maker(self, table: str, number: int) -> Callable[[int], Row]:
        base = number * IDS_PER_WORLD

        def one_of(of: str) -> int:
            return base + self.random.randint(1, COUNTS[of])

        def make(local_id: int) -> Row:
            row = getattr(self, f"_{table.removeprefix('core_')}")(one_of)
            # mostly the same tenant, or rows that belong together would seldom share theirs
            tenant = {"tenant_id": base + self.random.choice([1, 1, 1, 2])}
            return {"id": base + local_id, **({} if table == "core_tenant" else tenant), **row}

        return make

    def _moment(self) -> str:
        """A moment of the first half of 2026, often the edge of a month."""
        month, day = self.random.randint(1, 6), self.random.choice([1, 1, 15, 28])
        return f"2026-{month:02}-{day:02} {self.random.choice([0, 12, 23]):02}:30:00"

    def _tenant(self, one_of: Callable[[str], int]) -> Row:
        plan = self.random.choice(["starter", "growth"])
        return {"name": plan, "slug": plan, "plan": plan, "created_at": self._moment()}

    def _customer(self, one_of: Callable[[str], int]) -> Row:
        return {
            "email": "ann@example.com",
            "segment": self.random.choice(["consumer", "business", "unknown"]),
            "marketing_opt_in": self.random.random() < 0.5,
            "created_at": self._moment(),
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
            "ordered_at": self._moment(),
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
            "created_at": self._moment(),
        }

    def _event(self, one_of: Callable[[str], int]) -> Row:
        moment = self._moment()
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
            "started_at": self._moment(),
            "trial_ends_at": self.random.choice([None, self._moment()]),
            "ended_at": self.random.choice([None, self._moment()]),
            "canceled_at": self.random.choice([None, self._moment()]),
        }

    def _invoice(self, one_of: Callable[[str], int]) -> Row:
        return {
            "customer_id": one_of("core_customer"),
            "status": self.random.choice(["open", "OPEN", "paid", "void"]),
            "amount_due": self.random.choice(["10.00", "20.00"]),
            "amount_paid": self.random.choice(["0.00", "10.00"]),
            "issued_on": self._moment()[:10],
            "due_on": "2026-06-28",
        }

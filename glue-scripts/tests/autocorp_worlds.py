"""Random small sources of the AutoCorp lake: worlds of a few orders, parts and services."""

from __future__ import annotations

from typing import ClassVar

from lake_sql import Row
from worlds import Worlds

STATUSES = ["paid", "completed", " PAID", "in progress", "scheduled", "cancelled", "lost"]
PRICES = ["10.00", "25.50", "40.00", "-1.00"]


class AutocorpWorlds(Worlds):
    """Worlds of the workshops."""

    counts: ClassVar = {
        "auto_parts": 4,
        "customers": 3,
        "service": 3,
        "service_parts": 6,
        "sales_order": 7,
        "sales_order_parts": 9,
        "sales_order_services": 7,
    }
    changes: ClassVar = {
        "auto_parts": 4,
        "customers": 6,
        "service": 5,
        "service_parts": 3,
        "sales_order": 7,
        "sales_order_parts": 7,
        "sales_order_services": 6,
    }
    keys: ClassVar = {
        "auto_parts": ["part_id"],
        "customers": ["customer_id"],
        "service": ["service_id"],
        "service_parts": ["service_id", "part_id"],
        "sales_order": ["order_id"],
        "sales_order_parts": ["order_part_id"],
        "sales_order_services": ["order_service_id"],
    }

    def make_row(self, table: str, base: int, local_id: int) -> Row:
        key = self.keys[table]
        if table == "service_parts":
            service, part = divmod(local_id - 1, 3)
            ids = {"service_id": base + service + 1, "part_id": base + part + 1}
        else:
            ids = {key[0]: base + local_id}
        row: Row = getattr(self, f"_{table}")(base)
        return {**ids, **row}

    def _one_of(self, table: str, base: int) -> int:
        """An id of the table, now and then one that nobody knows."""
        return base + self.random.randint(1, self.counts[table] + 1)

    def _auto_parts(self, base: int) -> Row:
        return {
            "part_number": "bra 1",
            "category": self.random.choice(["brakes", "Tires", None]),
            "unit_cost": self.random.choice(["4.00", "9.99"]),
            "unit_price": self.random.choice(PRICES),
            "stock_quantity": self.random.choice([0, 3, 40, -1]),
            "reorder_level": self.random.choice([0, 5]),
            "is_active": self.random.random() < 0.9,
        }

    def _customers(self, base: int) -> Row:
        # worlds share no address: a change of one would be a change of all
        mailbox = self.random.choice(["ann", "ANN", "bob"])
        return {
            "last_name": self.random.choice(["Lee", "Fox", None]),
            "email": self.random.choice([f"{mailbox}{base}@example.com"] * 3 + [None]),
            "state": self.random.choice(["CA", "tx"]),
            "created_at": self.random.choice([None, self.moment()]),
        }

    def _service(self, base: int) -> Row:
        return {
            "service_code": "s-1",
            "category": self.random.choice(["Brakes", "tires", None]),
            "labor_hours": "1.00",
            "labor_cost": self.random.choice(["5.00", "7.50"]),
            "price": self.random.choice(PRICES),
        }

    def _service_parts(self, base: int) -> Row:
        return {"quantity": self.random.choice([0, 1, 2]), "created_at": self.moment()}

    def _sales_order(self, base: int) -> Row:
        return {
            "customer_id": self.random.choice([None, self._one_of("customers", base)]),
            "channel": self.random.choice(["workshop", "online", None]),
            "status": self.random.choice(STATUSES),
            "vehicle_make": self.random.choice(["ford", "Toyota"]),
            "discount_amount": self.random.choice(["0.00", "1.25", None]),
            "tax_amount": self.random.choice(["0.00", "0.83"]),
            "total_amount": self.random.choice(["10.00", "20.00", "30.83", "0.00"]),
            "order_date": self.random.choice([self.moment()[:10], None]),
        }

    def _sales_order_parts(self, base: int) -> Row:
        return {"part_id": self._one_of("auto_parts", base), **self._line(base)}

    def _sales_order_services(self, base: int) -> Row:
        return {"service_id": self._one_of("service", base), **self._line(base)}

    def _line(self, base: int) -> Row:
        quantity = self.random.choice([0, 1, 1, 2, 3])
        return {
            "order_id": self._one_of("sales_order", base),
            "quantity": quantity,
            "unit_price": "10.00",
            "line_total": self.random.choice(["10.00", f"{quantity * 10}.00"]),
        }

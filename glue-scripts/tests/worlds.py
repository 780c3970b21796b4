"""Random small sources of a lake and random changes to them.

The data falls into worlds; changes stay within a world, so one run of a model tests as many cases
as there are worlds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from random import Random
from typing import ClassVar

from lake_sql import Row

Key = tuple[object, ...]
World = dict[str, dict[Key, Row]]
"""The rows of a world: by table, by key."""
IDS_PER_WORLD = 1000


class Worlds(ABC):
    """Rows in plain dictionaries, changed at random but reproducibly."""

    keys: ClassVar[dict[str, list[str]]]
    """Key columns of each table."""
    counts: ClassVar[dict[str, int]]
    """Rows of each table in a new world."""
    changes: ClassVar[dict[str, int]]
    """How often each table changes, compared with the others."""

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

    @abstractmethod
    def make_row(self, table: str, base: int, local_id: int) -> Row:
        """A row, key included: the table's `local_id`-th of the world whose ids follow `base`."""

    def moment(self) -> str:
        """A moment of the first half of 2026, often the edge of a month."""
        month, day = self.random.randint(1, 6), self.random.choice([1, 1, 15, 28])
        return f"2026-{month:02}-{day:02} {self.random.choice([0, 12, 23]):02}:30:00"

    def _new_world(self, number: int) -> World:
        base = number * IDS_PER_WORLD
        world: World = {}
        for table, count in self.counts.items():
            rows = [self.make_row(table, base, local_id) for local_id in range(1, count + 1)]
            world[table] = {self._key(table, row): row for row in rows}
        return world

    def _key(self, table: str, row: Row) -> Key:
        return tuple(row[column] for column in self.keys[table])

    def _change_row(self, number: int, world: World) -> None:
        table = self.random.choices(list(self.changes), list(self.changes.values()))[0]
        rows, key = world[table], self.keys[table]
        local_id = self.random.randint(1, self.counts[table] + 3)
        fresh = self.make_row(table, number * IDS_PER_WORLD, local_id)
        kind = self.random.random()
        if kind < 0.2 or not rows:
            rows[self._key(table, fresh)] = fresh
            return
        old = self.random.choice(sorted(rows, key=repr))
        if kind < 0.4:
            del rows[old]
        elif kind < 0.5:
            row = rows.pop(old)
            rows[self._key(table, fresh)] = {**row, **{column: fresh[column] for column in key}}
        else:
            names = sorted(set(fresh) - set(key))
            chosen = self.random.sample(names, self.random.randint(1, min(2, len(names))))
            rows[old] = {**rows[old], **{name: fresh[name] for name in chosen}}

"""SQL of the lake's models and queries: relations written `silver.x` become temporary views."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lakewright.columns import quoted
from lakewright.manifest import Model

LAYERS = ("bronze", "silver", "gold", "quarantine", "ops")
RELATION = re.compile(rf"\b({'|'.join(LAYERS)})\.(`?)([a-z_][a-z0-9_]*)\2", re.IGNORECASE)
_SKIPPED = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


def relations(sql: str) -> list[str]:
    """The relations that the SQL reads, as `silver.core_order`, each once, sorted."""
    found: set[str] = set()
    _outside_literals(sql, lambda part: _collect(part, found))
    return sorted(found)


def bind(sql: str, views: Mapping[str, str]) -> str:
    """The SQL reading the temporary view in `views` for each relation named there."""

    def name(match: re.Match[str]) -> str:
        return views.get(_relation(match), match[0])

    return _outside_literals(sql, lambda part: RELATION.sub(name, part))


def with_changes(touched: str, view: str) -> str:
    """Touched SQL reading `view` where it says `changes`; it may have a WITH of its own."""
    return f"WITH changes AS (SELECT * FROM {view})\nSELECT * FROM (\n{touched}\n) AS touched"


def touched_sql(model: Model, source: str) -> str:
    """The SQL that gives a model's groups touched by changes of an input."""
    columns = ", ".join(map(quoted, model.refresh_by))
    return model.touched.get(source, f"SELECT DISTINCT {columns} FROM changes")


def _collect(part: str, found: set[str]) -> str:
    found.update(map(_relation, RELATION.finditer(part)))
    return part


def _relation(match: re.Match[str]) -> str:
    return f"{match[1]}.{match[3]}".lower()


def _outside_literals(sql: str, change: Callable[[str], str]) -> str:
    """Applies `change` to what is neither a comment nor a string."""
    parts: list[str] = []
    position = 0
    for match in _SKIPPED.finditer(sql):
        parts += [change(sql[position : match.start()]), match[0]]
        position = match.end()
    return "".join([*parts, change(sql[position:])])

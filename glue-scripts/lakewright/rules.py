"""Row-level rules: which a silver row breaks."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakewright.columns import messages
from lakewright.manifest import Rule


def broken_rules(rules: Sequence[Rule]) -> Column:
    """`name: reason` of every rule whose check is not true (null is not true), in their order."""
    return messages(
        [(~F.coalesce(F.expr(rule.check), F.lit(False)), _label(rule)) for rule in rules]
    )


def _label(rule: Rule) -> Column:
    return F.lit(f"{rule.name}: {rule.reason}")

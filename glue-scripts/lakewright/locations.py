"""Where the layers of a lake are: folders locally, `s3://` prefixes on AWS."""

from __future__ import annotations

import json
from dataclasses import dataclass

from lakewright.manifest import TableFormat


@dataclass(frozen=True)
class Locations:
    """Root of each layer, without a slash at the end."""

    bronze: str
    files: str
    """Files that were dropped for the lake, a folder a table; raw and kept, as bronze is."""
    silver: str
    """`{format}` at its end stands for a table's format, which then has a folder of its own."""
    gold: str
    """As `silver`."""
    quarantine: str
    ops: str
    changes: str
    """Change files: before and after images of what silver and gold commits changed."""

    @staticmethod
    def parse(text: str) -> Locations:
        """From the job's `--locations` JSON; TypeError where a layer is missing or unknown."""
        return Locations(**{name: root.rstrip("/") for name, root in json.loads(text).items()})

    def table(self, layer: str, name: str, format: TableFormat) -> str:
        """Location of a table of `silver`, `gold`, `quarantine` or `ops`."""
        root: str = getattr(self, layer)
        return f"{root.replace('{format}', format)}/{name}"

"""Refreshes gold models: only the groups that changed inputs touch, equal to a rebuild."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any, Literal

from lakewright.context import LakeContext
from lakewright.errors import UserError, explained
from lakewright.inputs import Inputs
from lakewright.manifest import Model
from lakewright.refresh import Checkpoint, Refresh

PARALLEL = 2
"""Models refreshed at once; more than the driver's cores only makes each slower."""

Status = Literal["refreshed", "rebuilt", "idle", "failed"]


@dataclass(frozen=True)
class ModelResult:
    model: str
    status: Status
    groups: int | None
    """Groups recomputed; None for the whole model."""
    upserts: int
    deletes: int
    version: str | None
    seconds: float
    error: str | None = None
    kind: Literal["user", "bug"] | None = None


@dataclass
class Gold:
    """Refreshes the models of one lake. Keep it: it remembers what it has seen between rounds."""

    context: LakeContext
    _seen: dict[str, Checkpoint] = field(default_factory=dict)

    def run(
        self,
        models: Sequence[str] | None = None,
        rebuild: bool = False,
        today: date | None = None,
        progress: Callable[[ModelResult], None] = lambda result: None,
    ) -> list[ModelResult]:
        """Refreshes the models named (default all), each after those it reads.

        A model that fails keeps its rows and the others go on, reading them as they are.
        `rebuild` replaces the content whole. `today` is the date of `:today` (default: UTC's).
        """
        chosen = [
            model for model in self.context.manifest.models if not models or model.name in models
        ]
        unknown = set(models or []) - {model.name for model in chosen}
        if unknown:
            known = ", ".join(model.name for model in self.context.manifest.models)
            raise UserError(f"no gold model {', '.join(sorted(unknown))}; the lake has {known}")
        inputs = Inputs(self.context)
        day = today or datetime.now(timezone.utc).date()

        def refresh(model: Model) -> ModelResult:
            result = self._refresh(model, inputs, day, rebuild)
            progress(result)
            return result

        return in_order(chosen, refresh)

    def _refresh(self, model: Model, inputs: Inputs, today: date, rebuild: bool) -> ModelResult:
        started = time.monotonic()
        try:
            refresh = Refresh(self.context, model, inputs, today)
            outcome = refresh.run(self._seen.get(model.name), rebuild)
        except Exception as error:
            message, kind = explained(error)
            seconds = time.monotonic() - started
            return ModelResult(model.name, "failed", None, 0, 0, None, seconds, message, kind)
        self._seen[model.name] = outcome.checkpoint
        return ModelResult(
            model=model.name,
            status=outcome.status,
            groups=outcome.groups,
            upserts=outcome.upserts,
            deletes=outcome.deletes,
            version=outcome.checkpoint.version,
            seconds=round(time.monotonic() - started, 3),
        )


def in_order(
    models: Sequence[Model], work: Callable[[Model], ModelResult], parallel: int = PARALLEL
) -> list[ModelResult]:
    """Runs `work` for every model, `parallel` at once, none before the models it reads."""
    if len(models) == 1:
        return [work(models[0])]
    names = {model.name for model in models}
    waiting = {
        model.name: {name for name in map(_gold_name, model.inputs) if name in names}
        for model in models
    }
    todo = list(models)
    running: dict[Future[ModelResult], str] = {}
    results: dict[str, ModelResult] = {}
    with ThreadPoolExecutor(parallel) as pool:
        while todo or running:
            ready = [model for model in todo if waiting[model.name] <= results.keys()]
            for model in ready[: parallel - len(running)]:
                todo.remove(model)
                running[pool.submit(work, model)] = model.name
            if not running:
                stuck = ", ".join(model.name for model in todo)
                raise ValueError(f"models read each other in a circle: {stuck}")
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                results[running.pop(future)] = future.result()
    return [results[model.name] for model in models]


def _gold_name(source: str) -> str | None:
    return source.removeprefix("gold.") if source.startswith("gold.") else None


def as_json(result: ModelResult) -> dict[str, Any]:
    """The result as the protocol has it, without what does not apply."""
    return {name: value for name, value in vars(result).items() if value is not None}

"""The long-lived job: applies micro-batches until its time is over, then ends cleanly.

One round is silver, what the lake's storage asks of the job (requests.py), then quality where it is
due, then gold where silver changed and gold is due. A round begins only while there is time; what
it has begun it ends. Maintenance is a run of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from lakewright.run import Outcome, Runner


@dataclass(frozen=True)
class WatchSettings:
    """How long and how often, in seconds."""

    seconds: float
    """No round begins after."""
    every: float = 30.0
    """From the start of one round to the start of the next, at least."""
    quality_every: float = 300.0
    """Rules of what changed are judged at most this often; gold waits for no verdict."""
    gold_every: float = 0.0
    """Gold is refreshed at most this often."""


def watch(
    runner: Runner,
    settings: WatchSettings,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Runs rounds until the time is over; gives the last one's outcome.

    A table or model that fails is tried again in the next round. A step that fails as a whole ends
    the watch: the application may be broken, and a new one begins where this one ended.
    """
    end = now() + settings.seconds
    outcome = runner.run(["initialise"])
    behind, judged = True, now() - settings.quality_every
    refreshed = now() - settings.gold_every
    while not outcome.broke_off:
        started = now()
        names = ["silver", "requests"]
        if started - judged >= settings.quality_every:
            judged = started
            names.append("quality")
        outcome = runner.run(names)
        behind = behind or outcome.changed("silver") or outcome.changed("requests")
        if behind and not outcome.broke_off and now() - refreshed >= settings.gold_every:
            refreshed = now()
            gold = runner.run(["gold"])
            behind = not gold.ok
            outcome = Outcome(
                outcome.ok and gold.ok,
                outcome.steps | gold.steps,
                gold.broke_off,
                outcome.passing or gold.passing,
            )
        following = max(now(), started + settings.every)
        if following >= end:
            break
        sleep(following - now())
    return outcome

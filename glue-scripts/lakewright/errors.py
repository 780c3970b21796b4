"""Errors that are the user's to mend."""

from __future__ import annotations

import traceback
from typing import Literal

from py4j.protocol import Py4JJavaError

LASTING = "Another run would fail in the same way"
"""Begins the message of a run that is not worth repeating; the state machine looks for it in what
AWS Glue says of the run (model/aws/job-failure.ts)."""
TOLD = "lakewright says: "
"""Begins what an expression raises within Spark, where no UserError can be."""


class UserError(Exception):
    """A mistake in a definition, in SQL or in a request; shown as its message, without a trace."""


class RunFailed(Exception):
    """Ends the application. AWS Glue keeps the message of an exception, and not what was printed
    before an exit."""

    def __init__(self, message: str, lasting: bool) -> None:
        super().__init__(f"{LASTING}: {message}" if lasting else message)


def explained(error: Exception) -> tuple[str, Literal["user", "bug"]]:
    """What to say of an error and whose mistake it is; the trace of a bug goes to the log."""
    if isinstance(error, UserError):
        return str(error), "user"
    if TOLD in (text := _text(error)):
        return text.split(TOLD, 1)[1].splitlines()[0], "user"
    traceback.print_exception(error)
    return f"{type(error).__name__}: {first_line(error)}", "bug"


def first_line(error: BaseException) -> str:
    """What went wrong, without the trace and the query plan that Spark appends."""
    lines = [line.strip() for line in _text(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _text(error: BaseException) -> str:
    if isinstance(error, Py4JJavaError):
        return str(error.java_exception.toString())
    return str(getattr(error, "desc", None) or str(error) or type(error).__name__)

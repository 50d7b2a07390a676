"""Logging: the names of the loggers, what they say of decisions, and lines of JSON for what collects them.

As libraries do, nothing is written anywhere unless the application says where.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Final

from policyeval.telemetry.seen import Answered, Refused

DECISIONS: Final = logging.getLogger("policyeval.decisions")
STORE: Final = logging.getLogger("policyeval.store")

# Or else Python would print warnings of whoever has not set up any logging.
logging.getLogger("policyeval").addHandler(logging.NullHandler())


class Logged:
    """Writes each decision to a logger: `DEBUG` if it was answered, `WARNING` if it was refused."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    @property
    def wants_answers(self) -> bool:
        """Whether answers are written now."""
        return self._logger.isEnabledFor(logging.DEBUG)

    def answered(self, seen: Answered) -> None:
        """Write what was answered."""
        if self.wants_answers:
            self._logger.debug("decided by %s", seen.programme, extra=answer_fields(seen))

    def refused(self, seen: Refused) -> None:
        """Write that facts or a question were refused: the codes, no value."""
        self._logger.warning(
            "refused by %s: %s",
            seen.programme,
            ", ".join(seen.codes),
            extra={
                "programme": seen.programme,
                "codes": list(seen.codes),
                "duration_s": seen.seconds,
            },
        )


def answer_fields(seen: Answered) -> dict[str, object]:
    """Give the fields of a line about an answer."""
    return {
        "programme": seen.programme,
        "versions": list(seen.versions),
        "asked_on": seen.asked_on.isoformat(),
        "verdicts": {name: verdict for name, _, verdict in seen.answers},
        "explored": sorted(seen.explored),
        "duration_s": seen.seconds,
    }


class JsonLines(logging.Formatter):
    """Writes each record as an object of JSON on one line: time, level, logger, event, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update((name, value) for name, value in record.__dict__.items() if name not in _USUAL)
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


_USUAL: Final = frozenset(
    (*logging.LogRecord("", 0, "", 0, "", (), None).__dict__, "message", "asctime", "taskName")
)
"""What every record has; the rest are fields."""

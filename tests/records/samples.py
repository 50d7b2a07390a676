"""Records to write, without any policies: what an evaluation's `to_record` gives, made by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from policyeval.records import DecisionLog, read_log
from policyeval.records.files import Files


def record(value: object = 18500, programme: str = "made-up", **more: object) -> bytes:
    """Give the record of an evaluation with one answer."""
    data = {
        "format": 1,
        "programme": programme,
        "asked_on": "2024-07-01",
        "known_on": None,
        "made_by": [
            {
                "version": "2024-01-01",
                "digest": "0",
                "engine": "policyeval",
                "language": "FEEL",
            }
        ],
        "answers": {"amount": {"verdict": None, "value": value, "reasons": []}},
        **more,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


RECORD = record()
FACTS = {"amount": 18500, "paid_on": "2024-01-31", "option": "referral"}


class Unsynced(Files):
    """The system, without waiting for the disk: for tests in which no power is cut."""

    def sync(self, descriptor: int) -> None:
        """Do not wait."""


UNSYNCED = Unsynced()


def clock() -> Iterator[datetime]:
    """Give moments, a second apart."""
    moment = datetime(2024, 7, 1, 9, 30, tzinfo=UTC)
    while True:
        yield moment
        moment += timedelta(seconds=1)


def write_log(path: Path, count: int = 8, **more: object) -> DecisionLog:
    """Write a log with so many records, and close it."""
    moments = clock()
    with DecisionLog(path, clock=lambda: next(moments), files=UNSYNCED) as log:
        for number in range(1, count + 1):
            log.append(record(number), {**FACTS, **more}, id=f"tx-{number}")
    return log


def ids(path: Path) -> list[str | None]:
    """Give what the records of a log are called."""
    return [each.id for each in read_log(path)]

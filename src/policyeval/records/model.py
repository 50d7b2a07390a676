"""The records of a log of decisions: one evaluation each, with the facts it was made from.

A record is one line of a file (`schema/log.schema.json`). Each line holds the hash of the one before
it, so that the last hash stands for all that was written; see `policyeval.records.lines`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

FORMAT = 1
"""The version of the format of a line, in `format`."""

BEGINNING = "0" * 64
"""What stands for the hash before the first line of all."""


class Head(NamedTuple):
    """The last line of a log, which stands for all before it.

    Attributes:
        seq: The number of the last record; 0 where there is none.
        hash: The hash of the last line, 64 hexadecimal digits.
    """

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Receipt(NamedTuple):
    """What is given for a record that was written.

    Attributes:
        seq: Its number.
        hash: The hash of its line.
        durable: Whether it was written through to the disk, so that it also survives a power cut.
    """

    seq: int
    hash: str
    durable: bool


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What answered: a version of the programme, as it was applied.

    Attributes:
        version: Its name; None where none governs.
        digest: Of its file.
        engine: What computed.
        language: The language of its formulas.
        readings: Those that are adopted, and the option of each.
        overlays: Those that it was asked with and knows.
    """

    version: str | None
    digest: str | None
    engine: str
    language: str
    readings: Mapping[str, str]
    overlays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, so that it can be asked again.

    Attributes:
        programme: Its name.
        asked_on: The day the question was asked on.
        known_on: The moment whose knowledge of versions counted; None: all that were on record.
        overlays: Those that were switched on: as the record says, or else those that had an effect.
        decisions: The questions that were answered, in their order.
        made_by: What answered them.
    """

    programme: str
    asked_on: date
    known_on: date | datetime | None
    overlays: tuple[str, ...]
    decisions: tuple[str, ...]
    made_by: tuple[MadeBy, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One evaluation, as it was recorded.

    Attributes:
        seq: Its number, from 1, without gaps, also over several files.
        id: What the caller called it.
        recorded_at: When, in UTC.
        facts: Name to value of those that were stored; plain data of JSON, with numbers as decimals.
            `PolicySet.evaluate` takes them as they are.
        hashed: Name to salted hash, 64 hexadecimal digits, of those of which no more was kept.
        dropped: The names of those of which nothing else was kept.
        evaluation: What `Evaluation.to_record` gave, on one line: equal to
            `one_line(evaluation.to_record())` of the same evaluation.
        hash: Of its line.
        line: Its number in the file, from 1.
        salt: Which salt was used, as `Kept.key_id` names it; None if nothing was hashed.
        nonce: What was mixed in, so that equal values have different hashes; 32 hexadecimal digits.
        request: What was asked.
        data: The evaluation as data of JSON, with numbers as decimals.
    """

    seq: int
    id: str | None
    recorded_at: datetime
    facts: Mapping[str, object]
    hashed: Mapping[str, str]
    dropped: tuple[str, ...]
    evaluation: bytes
    hash: str
    line: int
    salt: str | None = None
    nonce: str | None = None
    request: Request = field(kw_only=True)
    data: Mapping[str, object] = field(kw_only=True, repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether every fact was stored, so that the evaluation can be made again."""
        return not self.hashed and not self.dropped

"""A made-up programme about fees, in versions that differ by what a test gives; and logs about it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from policyeval.evaluator.policies import PolicySet, load_policies
from policyeval.policy.library import ProgrammeVersions
from policyeval.records.keeping import Kept
from policyeval.records.model import Record
from policyeval.records.reading import read_log
from policyeval.records.writing import DecisionLog

NAME = "example-fees"

PROGRAMME = """\
format: 1
programme: {name}
title: {{en: Fees, sv: Avgifter, de: Gebühren}}
zone: Europe/Stockholm
{currency}
parties:
  vendor: {{en: the vendor, sv: säljaren, de: der Anbieter}}
  partner: {{en: the partner, sv: partnern, de: der Partner}}
governed_by:
  clause: "1"
  ambiguity: G1
  question: {{en: Which day decides?, sv: Vilken dag avgör?, de: Welcher Tag entscheidet?}}
  options:
    order:
      day: ordered_on
      gist: {{en: the order, sv: beställningen, de: die Bestellung}}
  adopted:
    option: order
    by: authors
    on: 2024-01-01
    because: {{en: It says so., sv: Det står så., de: Es steht dort.}}
"""

VERSION = """\
format: 1
programme: {name}
version: "{version}"
in_force: {{{in_force}}}
known_from: {known_from}
source: {{file: fees.txt, language: en, sha256: {sha}}}
clauses:
  "1":
    lines: [1]
    kind: constitutive
    gist: {{en: What it is about., sv: Vad det gäller., de: Worum es geht.}}
  "4.2":
    lines: [2]
    kind: payment
    gist: {{en: The rate., sv: Satsen., de: Der Satz.}}
  "4.10":
    lines: [3]
    kind: deadline
    gist: {{en: In time., sv: I tid., de: Rechtzeitig.}}
  "5.1":
    lines: [4]
    kind: exclusion
    gist: {{en: No law firms., sv: Inga advokatbyråer., de: Keine Kanzleien.}}
parameters:
  rate:
    value: {rate}
    clause: "4.2"
    label: {{en: rate, sv: sats, de: Satz}}
  days:
    value: duration("P{days}D")
    clause: "4.10"
    label: {{en: time, sv: tid, de: Frist}}
facts:
  ordered_on:
    type: date
    label: {{en: day of the order, sv: dagen för beställningen, de: Tag der Bestellung}}
  paid_on:
    type: date
    event: true
    label: {{en: day of the payment, sv: dagen för betalningen, de: Tag der Zahlung}}
  amount:
    type: number
    label: {{en: amount, sv: belopp, de: Betrag}}
  is_law_firm:
    type: boolean
    presume: false
    label: {{en: law firm, sv: advokatbyrå, de: Kanzlei}}
{facts}readings:
  last_day:
    clause: "4.10"
    ambiguity: A1
    question: {{en: Is the last day in time?, sv: Är sista dagen i tid?, de: Ist der letzte Tag rechtzeitig?}}
    options:
      included: {{gist: {{en: it is, sv: ja, de: ja}}, favours: partner}}
      excluded: {{gist: {{en: it is not, sv: nej, de: nein}}, favours: vendor}}
{adopted}decisions:
  last_day_to_pay:
    type: date
    question: {{en: "Until when?", sv: "Till när?", de: "Bis wann?"}}
    clause: "4.10"
    value: ordered_on + days
  fee_payable:
    type: boolean
    question: {{en: Is the fee paid?, sv: Betalas avgiften?, de: Wird die Gebühr gezahlt?}}
    clause: "1"
    requires:
      - id: in_time
        clause: "4.10"
        that: {{by: last_day, included: paid_on <= last_day_to_pay, excluded: paid_on < last_day_to_pay}}
        because: {{en: Too late., sv: För sent., de: Zu spät.}}
    excluded_if:
      - id: law_firm
        clause: "5.1"
        when: is_law_firm
        because: {{en: A law firm., sv: En advokatbyrå., de: Eine Kanzlei.}}
  fee_amount:
    type: number
    format: money
    question: {{en: How much is the fee?, sv: Hur stor är avgiften?, de: Wie hoch ist die Gebühr?}}
    clause: "4.2"
    value: {fee}
{decisions}overlays:
  working-day:
    title: {{en: A working day, sv: En vardag, de: Ein Werktag}}
    calendar: SE
    moves: [last_day_to_pay]
"""

ADOPTED = """\
    adopted: {option: included, by: authors, on: 2024-01-01, because: {en: So., sv: Så., de: So.}}
"""


@dataclass(frozen=True)
class Made:
    """A version: its days, and what it says."""

    version: str
    first: str = "2024-01-01"
    known: str = "2023-12-01T10:00:00"
    rate: str = "0.10"
    days: int = 30
    open_reading: bool = False
    fee: str = "amount * rate"
    facts: str = ""
    decisions: str = ""
    until: str = ""

    def text(self, name: str = NAME) -> str:
        return VERSION.format(
            name=name,
            version=self.version,
            in_force=f"from: {self.first}" + (f", until: {self.until}" if self.until else ""),
            known_from=self.known,
            sha="0" * 64,
            rate=self.rate,
            days=self.days,
            facts=self.facts,
            adopted="" if self.open_reading else ADOPTED,
            fee=self.fee,
            decisions=self.decisions,
        )


OLD = Made("2024-01-01")
NEW = Made("2025-01-01", "2025-01-01", "2024-12-01T10:00:00", rate="0.12")
"""In force from 2025."""

CORRECTED = Made("2024-01-01-b", "2024-01-01", "2025-06-01T10:00:00", rate="0.125", days=60)
"""What was in force from the first day, as it is known since June 2025."""


def write(folder: Path, *versions: Made, name: str = NAME, currency: str = "SEK") -> Path:
    """Write a folder of policies with these versions of the programme, and no others."""
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    for each in own.glob("*.yaml"):
        each.unlink()
    stated = f"currency: {currency}" if currency else ""
    (own / "programme.yaml").write_text(PROGRAMME.format(name=name, currency=stated), "utf-8")
    for made in versions:
        (own / f"{made.version}.yaml").write_text(made.text(name), "utf-8")
    return folder


_READ: dict[tuple[tuple[str, str], ...], PolicySet] = {}


def policies_in(folder: Path) -> PolicySet:
    """Read a folder of policies; what was read before in any folder is taken from there."""
    key = tuple(
        (f"{each.parent.name}/{each.name}", each.read_text("utf-8"))
        for each in sorted(folder.rglob("*.yaml"))
    )
    if key not in _READ:
        _READ[key] = load_policies(folder)
    return _READ[key]


FACTS: Mapping[str, object] = {
    "ordered_on": "2024-03-01",
    "paid_on": "2024-03-20",
    "amount": "1000.50",
    "is_law_firm": False,
}


@dataclass
class Log:
    """A log that is written by a folder of policies as it is at the time."""

    path: Path
    policies: Path
    keep: Kept = field(default_factory=Kept)
    now: datetime = datetime(2024, 9, 1, 12, tzinfo=UTC)

    def add(
        self,
        id: str | None = None,  # noqa: A002  # as in a record
        *,
        asked_on: date = date(2024, 8, 1),
        known_on: date | datetime | None = None,
        overlays: Sequence[str] = (),
        decisions: Sequence[str] | None = None,
        programme: str = NAME,
        **changed: object,
    ) -> "Log":
        """Answer a transaction and record it; facts that are given as `...` are left out."""
        facts = {k: v for k, v in {**FACTS, **changed}.items() if v is not ...}
        evaluation = policies_in(self.policies).evaluate(
            programme,
            facts,
            asked_on=asked_on,
            known_on=known_on,
            overlays=overlays,
            decisions=decisions,
        )
        self.write(evaluation.to_record(), facts, id, overlays)
        return self

    def write(
        self,
        evaluation: bytes,
        facts: Mapping[str, object],
        id: str | None = None,  # noqa: A002  # as in a record
        overlays: Sequence[str] = (),
    ) -> None:
        """Record an evaluation as it is given."""
        with DecisionLog(self.path, sync="never", keep=self.keep, clock=lambda: self.now) as log:
            log.append(evaluation, dict(facts), id=id, overlays=overlays)

    def records(self) -> Iterator[Record]:
        return read_log(self.path)


def find_in(folder: Path) -> Callable[[str], ProgrammeVersions | None]:
    """Give what finds programmes in a folder as it is now."""
    return policies_in(folder).library.programmes.get

"""What the names of a policy are called, and how their values read, in the words of its reader."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from policyeval.evaluation import formatting
from policyeval.feel.values import (
    Function,
    Range,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.feel.writing import shown
from policyeval.messages import language_of, message, visible
from policyeval.policy.model import ASKED_ON, Decision, Fact, Field, Reading, Text, ValidPolicy
from policyeval.policy.never import NEVER

_PLACE: Final = re.compile(r"(\w+)\[([0-9]+)\](?:\.(\w+))?")
_WRAPPED: Final = re.compile(r"(happened|never)\((\w+)\)")
_BLANKS: Final = re.compile(r"[ \t\r\n]+")

_LONGEST_TEXT = 200
_MOST_ITEMS = 10
_DEEPEST = 6

_QUOTES: Final = {"sv": "”{}”", "de": "„{}“", "en": "“{}”"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a policy in one language; without a policy a name is called by itself.

    Attributes:
        language: `en`, `sv` or `de`.
    """

    policy: ValidPolicy | None
    language: str

    # ------------------------------------------------------------ names

    def label(self, name: str) -> str:
        """Give what a fact, an entry of one, a parameter, a decision or a reading is called."""
        if name == ASKED_ON:
            return message("the day asked on").text(self.language)
        if wrapped := _WRAPPED.fullmatch(name):
            return self.label(wrapped[2])
        if place := _PLACE.fullmatch(name):
            return self._label_of_place(place)
        text = self._text_of(name)
        return f"`{visible(name)}`" if text is None else self.text(text)

    def _label_of_place(self, place: re.Match[str]) -> str:
        entry = self._entry(place[1], place[3]) if place[3] else None
        text = message("{label}, entry {number}", label=self.label(place[1]), number=place[2])
        whole = text.text(self.language)
        if place[3] is None:
            return whole
        return titled(whole, self.text(entry.label) if entry else f"`{visible(place[3])}`")

    def _text_of(self, name: str) -> Text | None:
        if self.policy is None:
            return None
        policy = self.policy.policy
        if name in policy.facts:
            return policy.facts[name].label
        if name in policy.parameters:
            return policy.parameters[name].label
        if (reading := self.reading(name)) is not None:
            return reading.question
        decision = policy.decisions.get(name)
        return None if decision is None else decision.label or decision.question

    def fact(self, name: str) -> Fact | None:
        """Give the declaration of a fact, or of an entry: `acceptances[2].authorised`."""
        if self.policy is None:
            return None
        place = _PLACE.fullmatch(name)
        if place and place[3]:
            return self._entry(place[1], place[3])
        return self.policy.policy.facts.get(name)

    def _entry(self, name: str, entry: str) -> Fact | None:
        fact = self.policy.policy.facts.get(name) if self.policy else None
        return fact.entries.get(entry) if fact else None

    def decision(self, name: str) -> Decision | None:
        """Give a decision by its name."""
        return self.policy.policy.decisions.get(name) if self.policy else None

    def reading(self, name: str) -> Reading | None:
        """Give a reading by its name; the one of the governing day is the programme's."""
        if self.policy is None:
            return None
        governing = self.policy.programme.governed_by.reading
        found = self.policy.policy.readings.get(name)
        return governing if found is None and governing.name == name else found

    def party(self, name: str) -> str:
        """Give what a party of the programme is called."""
        text = self.policy.programme.parties.get(name) if self.policy else None
        return f"`{visible(name)}`" if text is None else self.text(text)

    def clauses(self, ids: Iterable[str]) -> str:
        """Name clauses: `punkt 4.5a`, `Ziffern 4.1 und 4.5a`; nothing if there are none."""
        numbers = [visible(each) for each in ids]
        if not numbers:
            return ""
        if len(numbers) == 1:
            return message("clause {number}", number=numbers[0]).text(self.language)
        every = formatting.listed(numbers, self.language)
        return message("clauses {numbers}", numbers=every).text(self.language)

    def gist(self, clause: str) -> Text | None:
        """Give what a clause says, in the policy's own words."""
        found = self.policy.policy.clauses.get(clause) if self.policy else None
        return None if found is None else found.gist

    # ------------------------------------------------------------ texts

    def text(self, text: Text, values: Mapping[str, object] | None = None) -> str:
        """Give a text with its fields filled; one that has no value reads as unknown."""
        parts = text.parts.get(self.language) or text.parts.get("en")
        if parts is None:
            parts = next(iter(text.parts.values()), ())
        written = (
            part if isinstance(part, str) else self._field(part, values or {}) for part in parts
        )
        return visible(_BLANKS.sub(" ", "".join(written)).strip(" "))

    def _field(self, field: Field, values: Mapping[str, object]) -> str:
        if field.name not in values:
            return message("(unknown)").text(self.language)
        return self.value(field.name, values[field.name], field.format)

    # ------------------------------------------------------------ values

    def value(
        self, name: str, value: object, form: str | None = None, *, quoted: bool = False
    ) -> str:
        """Write the value of a name.

        Args:
            name: What it is the value of; its declaration gives labels of values and formats.
            value: A value of the language, or `NEVER`.
            form: `long`, `money`, `percent`, or None: as the decision is declared.
            quoted: Whether a text that is not one of a few stands in quotation marks.
        """
        fact = self.fact(name)
        decision = self.decision(name)
        if form in {None, "long"} and decision is not None and decision.format is not None:
            form = decision.format
        if (wrapped := _WRAPPED.fullmatch(name)) and isinstance(value, bool):
            return self._event(wrapped[1], value)
        if isinstance(value, str) and fact is not None and fact.one_of is not None:
            return self._one_of(fact, value)
        if value is None and fact is not None and fact.kind == "act":
            return message("no decision").text(self.language)
        return self._plain(value, form, quoted, fact, 0)

    def _event(self, word: str, value: bool) -> str:
        if word == "never":
            text = message("never occurs") if value else message("may occur")
        else:
            text = message("has occurred") if value else message("has not occurred")
        return text.text(self.language)

    def _one_of(self, fact: Fact, value: str) -> str:
        label = fact.value_labels.get(value)
        return f"`{_one_line(value)}`" if label is None else self.text(label)

    def _plain(
        self, value: object, form: str | None, quoted: bool, fact: Fact | None, depth: int
    ) -> str:
        language = self.language
        long = form == "long"
        match value:
            case None:
                return message("none").text(language)
            case bool():
                return (message("yes") if value else message("no")).text(language)
            case str():
                text = _one_line(value)
                return _QUOTES[language_of(language)].replace("{}", text) if quoted else text
            case Decimal():
                return self._number(value, form)
            case datetime() | WideDateTime():
                return formatting.moment(value, language, self._zone, long=long)
            case date() | WideDate():
                return formatting.day(value, language, long=long)
            case Time():
                return formatting.time_of_day(value, language)
            case timedelta() | WideDuration() | YearsMonthsDuration():
                return formatting.duration(value, language)
            case list():
                return self._list(value, form, quoted, fact, depth)
            case dict():
                return self._context(value, quoted, fact, depth)
            case Range() | Function():
                return visible(shown(value))
            case _ if value is NEVER:
                return message("never occurs").text(language)
            case _:
                return _one_line(str(value))

    def _number(self, value: Decimal, form: str | None) -> str:
        if form == "money":
            currency = self.policy.programme.currency if self.policy else None
            return formatting.money(value, currency, self.language)
        if form == "percent":
            return formatting.percent(value, self.language)
        return formatting.number(value, self.language)

    def _list(
        self, items: list[Value], form: str | None, quoted: bool, fact: Fact | None, depth: int
    ) -> str:
        if not items:
            return message("no entries").text(self.language)
        if depth >= _DEEPEST:
            return "…"
        texts = [self._plain(each, form, quoted, fact, depth + 1) for each in items[:_MOST_ITEMS]]
        if len(items) > _MOST_ITEMS:
            more = formatting.number(Decimal(len(items) - _MOST_ITEMS), self.language)
            texts.append(message("{count} more", count=more).text(self.language))
        return formatting.listed(texts, self.language)

    def _context(
        self, entries: dict[str, Value], quoted: bool, fact: Fact | None, depth: int
    ) -> str:
        if depth >= _DEEPEST:
            return "…"
        return f"({', '.join(self._entries(entries, quoted, fact, depth))})"

    def _entries(
        self, entries: dict[str, Value], quoted: bool, fact: Fact | None, depth: int
    ) -> Iterator[str]:
        for name, value in entries.items():
            entry = fact.entries.get(name) if fact else None
            label = f"`{_one_line(name)}`" if entry is None else self.text(entry.label)
            if isinstance(value, str) and entry is not None and entry.one_of is not None:
                text = self._one_of(entry, value)
            else:
                text = self._plain(value, None, quoted, entry, depth + 1)
            yield f"{label}: {text}"

    @property
    def _zone(self) -> str | None:
        return self.policy.programme.zone if self.policy else None


def words(policy: ValidPolicy | None, language: str) -> Words:
    """Give the words of a policy in the language of a tag such as `sv`; English if there are none."""
    return Words(policy, language_of(language))


def titled(title: str, text: str) -> str:
    """Put a text after what it is about: after a colon, or after a question as it stands."""
    return f"{title}{'' if title.endswith('?') else ':'} {text}"


def _one_line(text: str) -> str:
    line = visible(_BLANKS.sub(" ", text).strip(" "))
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"

"""What a caller asked for and cannot have: its errors, in the reader's language."""

from collections.abc import Collection
from datetime import date, datetime

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.errors import FactsError, NoApplicablePolicyError
from policyeval.messages import Message, message
from policyeval.source import Source, Span


def no_such(kind: str, name: object, known: Collection[str]) -> NoApplicablePolicyError:
    """Give the error for a name that nothing has.

    Args:
        kind: `programme`, `version`, `decision` or `overlay`.
        name: What was asked for.
        known: The names there are.
    """
    written = name if isinstance(name, str) else repr(name)
    help_ = did_you_mean(written, known) or _there_are(known)
    text = {
        "programme": message("there is no programme `{name}`", name=written),
        "version": message("there is no version `{name}`", name=written),
        "decision": message("there is no decision `{name}`", name=written),
        "overlay": message("there is no overlay `{name}`", name=written),
    }[kind]
    return NoApplicablePolicyError([_asked("registry.unknown", written, text, help_)])


def no_version(programme: str, day: object, known: Collection[str]) -> NoApplicablePolicyError:
    """Give the error for a day on which no version governs."""
    text = message("no version of `{programme}` governs on {day}", programme=programme, day=day)
    return NoApplicablePolicyError(
        [_asked("registry.no-version", programme, text, _there_are(known))]
    )


def checked_day(name: str, day: object) -> date:
    """Give a day of the question itself.

    Raises:
        FactsError: It is none.
    """
    if type(day) is not date:
        raise _bad_day(name, day)
    return day


def checked_moment(name: str, moment: object) -> date | datetime | None:
    """Give a day or a moment of the question itself, or None where none is given.

    Raises:
        FactsError: It is neither.
    """
    if moment is None or type(moment) is datetime:
        return moment
    return checked_day(name, moment)


def names_in(given: Collection[str]) -> tuple[str, ...]:
    """Give names as they are; a single one may be given by itself."""
    return (given,) if isinstance(given, str) else tuple(given)


def _bad_day(name: str, given: object) -> FactsError:
    written = f"{name}: {given!r}" if given is not None else name
    text = message("`{name}` must be a day", name=name)
    if given is None:
        text = message("`{name}` is missing: evaluation reads no clock", name=name)
    help_ = message("give a date, such as {example}", example="datetime.date(2024, 7, 1)")
    return FactsError([_asked("input.asked-on", written, text, help_)])


def _there_are(known: Collection[str]) -> Message | None:
    names = ", ".join(f"`{each}`" for each in known)
    return message("there are {names}", names=names) if names else None


def _asked(code: str, written: str, text: Message, help_: Message | None) -> Diagnostic:
    source = Source(written[:200])
    place = message("question")
    return Diagnostic(code, text, Span(0, len(source.text)), source, help_, place=place)

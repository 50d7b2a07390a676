"""How names, days, digests and their like are written: what `format` means in our schemas.

Each check gives the complaint, or None. JSON Schema's own patterns say much the same to an editor,
but not in words.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from policyeval.diagnostics import did_you_mean
from policyeval.feel.temporal.making import problem_of_clock, problem_of_day
from policyeval.feel.temporal.zones import zone_names
from policyeval.messages import Message, message
from policyeval.policy.ids import is_programme_id, is_version_id

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
LONGEST_NAME: Final = 64

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SLUG = re.compile(r"[a-z][a-z0-9_-]*")
_AMBIGUITY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(
    r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,6})?(?:Z|[-+](?:0[0-9]|1[0-4]):[0-5][0-9])?"
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Ways to write a day elsewhere: year first with other signs or none, and day first with points.
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


class Complaint(NamedTuple):
    """What is wrong with a text, and what to do about it."""

    text: Message
    help: Message | None = None


def complaint(format_: str, text: str) -> Complaint | None:
    """Say what is wrong with a text of a format; nothing if it is right, or no such format known."""
    check = _CHECKS.get(format_)
    return check(text) if check else None


def day(text: str) -> date | None:
    """Give the day that a text says, or None if it is not written as one."""
    return None if _day(text) else date.fromisoformat(text)


def moment(text: str) -> datetime | None:
    """Give the moment that a text says; it has an offset if the text has. A day is its first one."""
    return None if _moment(text) else datetime.fromisoformat(text)


def instant(text: str) -> datetime | None:
    """Give the moment that a text says, or None if it is not written as one; a day is none."""
    return None if _instant(text) else datetime.fromisoformat(text)


# ------------------------------------------------------------------------------- days


def _day(text: str) -> Complaint | None:
    match = _DAY.fullmatch(text)
    if match is None:
        meant = _meant_day(text)
        return Complaint(
            message("`{text}` is not written the way a day is here", text=_short(text)),
            message("write `{text}`", text=meant)
            if meant
            else message("a day is written year, month, day, as in `{example}`", example=_A_DAY),
        )
    why = problem_of_day(*map(int, match.groups()))
    return _year(text) if why is None else Complaint(why)


def _moment(text: str) -> Complaint | None:
    return _day(text) if _DAY.fullmatch(text) else _instant(text)


def _instant(text: str) -> Complaint | None:
    match = _CLOCK.fullmatch(text, 10) if _DAY.fullmatch(text[:10]) else None
    if match is None:
        return Complaint(
            message("`{text}` is not written the way a moment is here", text=_short(text)),
            message("write `{text}`", text=meant)
            if (meant := _meant_moment(text))
            else message("a moment is written as in `{example}`", example="2024-01-31T09:30:00"),
        )
    why = problem_of_clock(*map(int, match.groups()))
    return _day(text[:10]) if why is None else Complaint(why)


_A_DAY = "2024-01-31"


def _year(text: str) -> Complaint | None:
    if FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    return Complaint(
        message(
            "the year of `{text}` is not between {first} and {last}",
            text=text,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    )


def _meant_day(text: str) -> str | None:
    """Give the day that was probably meant by one in another notation."""
    text = unicodedata.normalize("NFKC", text).strip()[:40]
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day_ = match[1], match[3], match[4]
    elif match := _DAY_FIRST.fullmatch(text):
        day_, month, year = match.groups()
    else:
        return None
    found = f"{year}-{month.zfill(2)}-{day_.zfill(2)}"
    return None if _day(found) else found


def _meant_moment(text: str) -> str | None:
    """Give the moment that was probably meant by one with a blank, or without its seconds."""
    match = _ALMOST.fullmatch(text.strip())
    if match is None:
        return None
    found = f"{match[1]}T{match[2]}:{match[3] or '00'}{match[4] or ''}"
    return found if found != text and _CLOCK.fullmatch(found, 10) and not _instant(found) else None


_ALMOST = re.compile(
    r"([0-9-]{10})[ Tt]+([0-9]{2}:[0-9]{2})(?::([0-9]{2}))? ?(Z|[-+][0-9]{2}:[0-9]{2})?"
)


# ------------------------------------------------------------------------------- names


def _name(text: str) -> Complaint | None:
    rule = message("a name has small letters from a to z, digits and `_`, and begins with a letter")
    return _of(_NAME, text, rule, "_")


def _slug(text: str) -> Complaint | None:
    rule = message(
        "this name has small letters from a to z, digits, `-` and `_`, and begins with a letter"
    )
    return _of(_SLUG, text, rule, "-")


def _ambiguity(text: str) -> Complaint | None:
    rule = message("the id of an ambiguity begins with a letter, as in `A2`")
    return _of(_AMBIGUITY, text, rule, "-")


def _programme(text: str) -> Complaint | None:
    if is_programme_id(text):
        return None
    if re.fullmatch(r"[a-z][a-z0-9_.-]{0,63}", text):
        return Complaint(_no_name(text), _TAKEN)
    rule = message(
        "the name of a programme has at most {limit} small letters from a to z, digits, `_`, `.` and "
        "`-`, and begins with a letter",
        limit=LONGEST_NAME,
    )
    meant = _meant_name(text, "-")
    return Complaint(_no_name(text), message("write `{text}`", text=meant) if meant else rule)


def _version(text: str) -> Complaint | None:
    if is_version_id(text):
        return None
    if re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,63}", text):
        return Complaint(_no_name(text), _TAKEN)
    rule = message(
        "the name of a version has at most {limit} small letters from a to z, digits, `_`, `.` and `-`",
        limit=LONGEST_NAME,
    )
    return Complaint(_no_name(text), rule)


_TAKEN: Final = message("other files or devices have this name, or it ends in a point")


def _of(pattern: re.Pattern[str], text: str, rule: Message, joint: str) -> Complaint | None:
    if len(text) > LONGEST_NAME:
        return Complaint(message("the name has more than {limit} characters", limit=LONGEST_NAME))
    if pattern.fullmatch(text):
        return None
    meant = _meant_name(text, joint)
    fits = meant is not None and pattern.fullmatch(meant)
    return Complaint(_no_name(text), message("write `{text}`", text=meant) if fits else rule)


def _no_name(text: str) -> Message:
    return message("`{text}` cannot be a name here", text=_short(text))


def _meant_name(text: str, joint: str) -> str | None:
    """Give a name that is written as names are: without accents, capitals and blanks."""
    if len(text) > LONGEST_NAME:
        return None
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", joint, unicodedata.normalize("NFKD", text.strip()))
    plain = "".join(each for each in apart if not unicodedata.combining(each)).lower()
    found = re.sub(r"[\s_-]+", joint, plain)
    return found if _SLUG.fullmatch(found) and found != text else None


# ------------------------------------------------------------------------------- the rest


def _digest(text: str) -> Complaint | None:
    if _DIGEST.fullmatch(text):
        return None
    meant = text.strip().lower().removeprefix("sha256:").removeprefix("0x")
    help_ = (
        message("write `{text}`", text=meant)
        if _DIGEST.fullmatch(meant)
        else message("it has 64 digits from 0 to 9 and a to f")
    )
    return Complaint(message("this is no digest of SHA-256"), help_)


def _clause(text: str) -> Complaint | None:
    if 0 < len(text) <= LONGEST_NAME and text == text.strip() and "\n" not in text:
        return None
    return Complaint(
        message("`{text}` cannot be the id of a clause", text=_short(text)),
        message("an id is the number in the text, as in `4.5a`"),
    )


def _words(text: str) -> Complaint | None:
    if text.strip() and len(text) <= 200:
        return None
    if text.strip():
        return Complaint(message("the text has more than {limit} characters", limit=200))
    return Complaint(message("nothing is written here"))


def _language(text: str) -> Complaint | None:
    if re.fullmatch(r"[a-z]{2,3}", text):
        return None
    return Complaint(
        message("`{text}` is no language", text=_short(text)),
        message("a language is written with its two letters, as in `sv`"),
    )


def _currency(text: str) -> Complaint | None:
    if re.fullmatch(r"[A-Z]{3}", text):
        return None
    upper = text.strip().upper()
    help_ = (
        message("write `{text}`", text=upper)
        if re.fullmatch(r"[A-Z]{3}", upper)
        else message("a currency is written with its three letters, as in `SEK`")
    )
    return Complaint(message("`{text}` is no currency", text=_short(text)), help_)


def _zone(text: str) -> Complaint | None:
    if text in zone_names():
        return None
    return Complaint(
        message("there is no time zone `{zone}`", zone=_short(text)),
        did_you_mean(text[:LONGEST_NAME], sorted(zone_names()))
        or message("a zone is named as in `Europe/Stockholm`"),
    )


def _file(text: str) -> Complaint | None:
    if re.fullmatch(r"[^/\\:\x00-\x1f]{1,255}", text) and text.strip(". "):
        return None
    return Complaint(
        message("`{text}` is not the name of a file", text=_short(text)),
        message("write its name alone, without the folder"),
    )


def _short(text: str) -> str:
    text = re.sub(r"\s", " ", text[:61])
    return text if len(text) <= 60 else f"{text[:60]}…"


_CHECKS: Final[Mapping[str, Callable[[str], Complaint | None]]] = MappingProxyType(
    {
        "ambiguity": _ambiguity,
        "clause-id": _clause,
        "currency": _currency,
        "date": _day,
        "file": _file,
        "instant": _instant,
        "language": _language,
        "moment": _moment,
        "name": _name,
        "programme": _programme,
        "sha256": _digest,
        "slug": _slug,
        "version": _version,
        "words": _words,
        "zone": _zone,
    }
)

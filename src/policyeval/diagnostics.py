"""Problems found in a text: their codes, and how they are shown.

A diagnostic says what is wrong (message), where (a span of a source), and what to do about it
(help). It is rendered with the line it is about and a caret, in the reader's language:

    rules.feel:1:12: error: unknown name `fee_rte`  [feel.unknown-name]
        1 | fee_base * fee_rte
          |            ^^^^^^^
       help: did you mean `fee_rate`?
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from policyeval.messages import Message, message, visible
from policyeval.source import Source, Span

Severity = Literal["error", "warning"]

# Every code there is, with the sentence that says what it is about. A code is declared here once
# and is never used again for another problem. `text.*` is about the characters of a text, `yaml.*`
# about a file as a whole, `feel.*` about an expression's text, `eval.*` about what happened when it
# ran, `input.*` about the values it was given.
CODES: dict[str, Message] = {
    "text.bidi": message("the text has characters that change the direction of writing"),
    "text.bidi-in-quote": message(
        "a quoted text has characters that change the direction of writing"
    ),
    "text.encoding": message("the text has characters that are no Unicode characters"),
    "text.invisible": message("the text has characters that cannot be seen"),
    "text.invisible-in-quote": message("a quoted text has characters that cannot be seen"),
    "text.script": message("a name mixes writing systems"),
    "yaml.alias-not-allowed": message("a value is not written out but taken from another place"),
    "yaml.duplicate-key": message("a key is given twice"),
    "yaml.empty": message("the file holds nothing"),
    "yaml.encoding": message("the file is not encoded as UTF-8"),
    "yaml.key": message("a key is missing or is no text"),
    "yaml.line-separator": message("a line ends in a way that only some programs know"),
    "yaml.merge-not-allowed": message("entries are taken over from another place"),
    "yaml.number-format": message(
        "a number is written in a way that is read differently elsewhere"
    ),
    "yaml.number-too-long": message("a number in the file has too many digits"),
    "yaml.one-document": message("the file holds more than one document"),
    "yaml.syntax": message("the file is not written as YAML asks"),
    "yaml.tab": message("there is a tab where spaces belong"),
    "yaml.tag-not-allowed": message("a value has a tag"),
    "yaml.too-big": message("the file, or a key in it, is too long"),
    "yaml.too-deep": message("the file is nested too deeply"),
    "yaml.too-many-problems": message("the file has more problems than are shown"),
    "yaml.type": message("a value of the file is of another kind than is wanted there"),
    "schema.choice": message("entries cannot stand together, or one of several is needed"),
    "schema.enum": message("a value is none of those that can stand there"),
    "schema.format": message("a name, a day or the like is written in another way than it must be"),
    "schema.missing-language": message("a text is missing in one of the languages"),
    "schema.name": message("a name or an id is taken, or means something else already"),
    "schema.required": message("an entry is missing"),
    "schema.type": message("a value is of another kind than is wanted there"),
    "schema.unknown-key": message("a key has no meaning in its place"),
    "registry.bad-id": message("a programme or a version has a name that cannot be one"),
    "registry.dates": message("the days on which a version is in force contradict each other"),
    "registry.changing": message("the files of a folder change all the time while they are read"),
    "registry.not-accepted": message("a program that uses policies does not accept new ones"),
    "registry.capture": message("a capture of a source cannot be read"),
    "registry.digest-changed": message("a version that was published has been changed"),
    "registry.gap": message("there are days between versions on which none is in force"),
    "registry.ignored-file": message("a file is not read, for its name or its place"),
    "registry.lock-file": message("the record of published versions is damaged"),
    "registry.locked-missing": message("a version that was published is missing"),
    "registry.missing": message("a programme, or a file that it needs, is missing"),
    "registry.not-a-file": message(
        "something stands where a file is wanted, or a file cannot be used"
    ),
    "registry.no-version": message("no version of a programme governs on a day"),
    "registry.not-installed": message("something needs a library that is not installed"),
    "registry.not-locked": message("a version is not recorded as published"),
    "registry.overlap": message(
        "two versions are in force from the same day, and nothing says which governs"
    ),
    "registry.published": message(
        "what was published is changed or removed, or a new version was known before it"
    ),
    "registry.unknown": message("something is asked for that does not exist"),
    "registry.wrong-name": message("a file calls itself otherwise than it is named"),
    "fmt.refused": message("a file cannot be written otherwise without a change of what it says"),
    "cases.asked-on": message("a golden case does not say on which day it is asked"),
    "cases.failed": message("a golden case comes out otherwise than it says"),
    "cases.duplicate-id": message("two golden cases have the same name"),
    "cases.unknown": message("a golden case names something that does not exist"),
    "policy.clause-not-used": message("nothing cites a clause of the source"),
    "policy.cycle": message("parameters, decisions or acts need each other"),
    "policy.no-clause": message("a rule cites no clause"),
    "policy.not-constant": message("a parameter depends on the transaction"),
    "policy.options": message("the options of a reading are not those that are needed"),
    "policy.overlay": message("an overlay moves something that is no day"),
    "policy.text": message("a text for readers cannot be shown as it is written"),
    "policy.unknown-clause": message("a clause is cited that does not exist"),
    "policy.unknown-party": message("a party is named that the programme does not have"),
    "policy.unknown-reading": message("a reading is named that does not exist"),
    "policy.unknown-value": message("a fact is compared with a text that it never is"),
    "policy.unused": message("something is declared that nothing uses"),
    "feel.arguments": message("a function is called with the wrong arguments"),
    "feel.cycle": message("something is defined in terms of itself"),
    "feel.duplicate-name": message("a name is given twice"),
    "feel.literal": message("a date, time or duration is written in a way that is none"),
    "feel.no-effect": message("something is written that changes nothing"),
    "feel.name-characters": message("a name has characters that look like others"),
    "feel.not-in-profile": message("the expression uses something that policies leave out"),
    "feel.null": message("a value that may be missing is used as if it were there"),
    "feel.number-range": message("a number has too many digits or is out of range"),
    "feel.regex": message("a regular expression cannot be used"),
    "feel.syntax": message("the expression is not written as the language asks"),
    "feel.table": message("a decision table is not put together as it should be"),
    "feel.too-deep": message("the expression is nested too deeply"),
    "feel.too-long": message("the expression is too long"),
    "feel.type": message("a value of one kind is used where another is wanted"),
    "feel.unknown-function": message("a function is called that does not exist"),
    "feel.unknown-member": message("a value has no entry of that name"),
    "feel.unknown-name": message("a name is used that does not exist"),
    "feel.unknown-type": message("a type is named that does not exist"),
    "log.damaged": message("a log of decisions is not as it was written"),
    "log.unavailable": message("a log of decisions cannot be written or read"),
    "eval.arguments": message("a function was called with arguments that it does not take"),
    "eval.calendar": message("the working days of a year or country are not known"),
    "eval.cost": message("the evaluation would take too many steps"),
    "eval.date-range": message("a date is outside the years that can be computed with"),
    "eval.division-by-zero": message("a number was divided by zero"),
    "eval.domain": message("a function has no result for the value it was given"),
    "eval.hit-policy": message("the rules of a decision table contradict its hit policy"),
    "eval.index": message("a list has no item at that position"),
    "eval.literal": message("a text could not be read as the value it should be"),
    "eval.member": message("a value has no entry of that name"),
    "eval.null": message("a value was missing"),
    "eval.number-range": message("a number is too large to be computed with"),
    "eval.regex": message("a regular expression could not be used"),
    "eval.size": message("a text or a list became too large"),
    "eval.too-deep": message("values or calls are nested too deeply"),
    "eval.type": message("a value of one kind was used where another is wanted"),
    "eval.unknown-name": message("a name had no value"),
    "eval.zone": message("times with and without a zone were compared"),
    "input.asked-on": message("the day that a question is asked on is missing or is none"),
    "input.between": message("the bounds of a value that is not known are none"),
    "input.date": message("a day is none, or is not written as one"),
    "input.duplicate-name": message("a name is given twice among the facts"),
    "input.float": message("a number is given in a binary form that is not exact"),
    "input.future-event": message("something is said to have happened after the day asked on"),
    "input.inconsistent": message("the facts contradict each other"),
    "input.json": message("the input is not well-formed JSON"),
    "input.null": message("a fact is given as missing that is never missing"),
    "input.number": message("a number is none, or is not written as one"),
    "input.number-digits": message("a number among the facts has too many digits after the point"),
    "input.number-range": message("a number among the facts is too large"),
    "input.one-of": message("a text is none of those that a fact can be"),
    "input.time": message("a date and time is none, or does not say which moment is meant"),
    "input.too-long": message("the facts, or one of them, are too long"),
    "input.too-many-problems": message("the facts have more problems than are shown"),
    "input.type": message("a fact is of another kind than is declared"),
    "input.unknown-fact": message("a fact is given that is not declared"),
    "input.unknown-key": message("a fact has an entry that means nothing there"),
    "input.value": message("an input value is of no kind that the language knows"),
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem, at one place.

    Attributes:
        code: A key of `CODES`.
        message: What is wrong; lower case, no full stop.
        span: Where, as offsets into `source.text`.
        source: The text it is about.
        help: What to do about it, if something can be said.
        severity: Whether the text cannot be used (`error`) or can (`warning`).
        place: What the source is in words, shown in place of its name (`rule 3, input 2`).
    """

    code: str
    message: Message
    span: Span
    source: Source
    help: Message | None = None
    severity: Severity = "error"
    place: Message | None = None


def did_you_mean(name: str, candidates: Iterable[str], nearness: float = 0.7) -> Message | None:
    """Suggest the known name that is nearest to a mistyped one, or nothing if none is near.

    `nearness` is how alike two names must be, from 0 to 1.
    """
    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(candidate.casefold(), candidate)
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=nearness)
    return message("did you mean `{name}`?", name=folded[close[0]]) if close else None


def render(diagnostic: Diagnostic, language: str = "en") -> str:
    """Show a problem with its place, its line and a caret, in `sv`, `de` or `en`."""
    source = diagnostic.source
    start = source.position(min(diagnostic.span.start, len(source.text)))
    severity = {"error": message("error"), "warning": message("warning")}[diagnostic.severity]
    name = source.name or message("<expression>").text(language)
    if diagnostic.place is not None:
        name = diagnostic.place.text(language)
    lines = [
        f"{visible(name)}:{start.line}:{start.column}: {severity.text(language)}: "
        f"{diagnostic.message.text(language)}  [{diagnostic.code}]"
    ]
    lines += _excerpt(source, diagnostic.span)
    if diagnostic.help is not None:
        lines.append(f"   {message('help').text(language)}: {diagnostic.help.text(language)}")
    return "\n".join(lines)


# A line longer than this is shown in part, around the caret.
_WIDTH = 100


def _excerpt(source: Source, span: Span) -> list[str]:
    start = source.position(min(span.start, len(source.text)))
    text = source.line(start.line)
    first = start.column - 1
    last = max(first + 1, min(len(text), first + (span.end - span.start)))
    cut_left = max(0, first - _WIDTH // 2) if len(text) > _WIDTH else 0
    cut_right = min(len(text), cut_left + _WIDTH)
    before = ("…" if cut_left else "") + _shown(text[cut_left:first])
    marked = _shown(text[first : min(last, cut_right)])
    after = _shown(text[min(last, cut_right) : cut_right]) + ("…" if cut_right < len(text) else "")
    number = f"{start.line:>5}"
    caret = " " * _columns(before) + "^" * max(1, _columns(marked))
    return [f"{number} | {before}{marked}{after}".rstrip(), f"{'':>5} | {caret}"]


def _shown(text: str) -> str:
    return visible(text.replace("\t", " "))


def _columns(text: str) -> int:
    """Give the width of a text on a terminal: wide East Asian characters take two columns."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )

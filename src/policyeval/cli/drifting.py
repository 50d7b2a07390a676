"""What drift was found, written for people, for programs, and for GitHub."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from policyeval.analysis.drift.captures import Compared
from policyeval.analysis.drift.model import ClauseDrift, NewPassage, Passage, State
from policyeval.analysis.drift.resting import Resting, resting
from policyeval.analysis.redline import Piece
from policyeval.cases.model import Case
from policyeval.cli.findings import annotation
from policyeval.evaluation.naming import Words
from policyeval.messages import Message, message, visible
from policyeval.policy.addresses import written
from policyeval.policy.elements import Element, Kind
from policyeval.policy.files import shown
from policyeval.policy.model import ValidPolicy
from policyeval.source import Source, Span

_STATES: tuple[State, ...] = ("unchanged", "moved", "changed", "gone", "not-recorded")


@dataclass(frozen=True)
class Report:
    """What is told of one capture.

    Attributes:
        cases: The golden cases of the programme.
        name: What the capture is called.
    """

    valid: ValidPolicy
    compared: Compared
    cases: Sequence[Case]
    name: str
    language: str
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", Words(self.valid, self.language))

    @cached_property
    def different(self) -> tuple[ClauseDrift, ...]:
        """The clauses that are not as they were."""
        return self.compared.drift.of("changed", "gone", "moved")

    def rests_on(self, clauses: Sequence[str]) -> Resting:
        """Tell what rests on clauses."""
        return resting(self.valid, self.cases, clauses)

    def say(self, text: Message) -> str:
        """Give a text of ours."""
        return text.text(self.language)


def write(report: Report, form: str) -> str:
    """Write a report as `text`, `json` or `github`; for GitHub it is empty if nothing changed."""
    match form:
        case "json":
            return json.dumps(_data(report), indent=2, ensure_ascii=False)
        case "github":
            return "\n".join(_annotations(report))
        case _:
            return "\n".join(_lines(report))


# ------------------------------------------------------------------------------- text


def _lines(report: Report) -> Iterator[str]:
    drift = report.compared.drift
    yield report.say(
        message(
            "`{programme}`, version {version}, against `{file}`",
            programme=drift.programme,
            version=drift.version,
            file=report.name,
        )
    )
    counts = {state: len(drift.of(state)) for state in _STATES}
    yield report.say(
        message(
            "clauses unchanged: {unchanged}, moved: {moved}, changed: {changed}, gone: {gone}; new "
            "passages: {new}",
            unchanged=counts["unchanged"],
            moved=counts["moved"],
            changed=counts["changed"],
            gone=counts["gone"],
            new=len(drift.new) + (drift.more if drift.new else 0),
        )
    )
    if unknown := drift.of("not-recorded"):
        yield report.say(
            message(
                "not compared, because no hash is recorded: {clauses}",
                clauses=report.words.clauses([each.clause for each in unknown]),
            )
        )
    for each in report.different:
        yield ""
        yield from _clause(report, each)
    if drift.new:
        yield from ("", f"{report.say(message('new passages'))}:")
        yield from (_passage(report, each) for each in drift.new)
    if drift.gone:
        yield from ("", f"{report.say(message('gone, of no clause'))}:")
        yield from (f"  - {visible(each.text)}" for each in drift.gone)
    if drift.uncertain and drift.changed:
        head = message("of no clause; whether it is new cannot be told without the old text")
        yield from ("", f"{report.say(head)}:")
        yield from (_passage(report, each) for each in drift.uncertain)
    if drift.of("changed", "gone") and report.cases:
        rests = report.rests_on([each.clause for each in drift.of("changed", "gone")])
        yield ""
        yield report.say(
            message(
                "golden cases whose answers may be others: {count} of {all}",
                count=len(rests.cases),
                all=len(report.cases),
            )
        )
    if drift.more:
        yield ""
        yield report.say(message("further passages, not shown: {count}", count=drift.more))
    if report.compared.left_aside:
        yield ""
        yield report.say(
            message(
                "words around the main part of the page, left aside: {count}",
                count=report.compared.left_aside,
            )
        )


def _clause(report: Report, found: ClauseDrift) -> Iterator[str]:
    head = f"{report.words.clauses((found.clause,))}: {report.say(_state(found))}"
    if found.now is not None:
        head += f" ({report.say(_where(found.now))})"
    yield head
    clause = report.valid.policy.clauses[found.clause]
    yield f"  {report.say(message('gist'))}: {report.words.text(clause.gist)}"
    if found.state == "moved" and found.moved:
        yield f"  {report.say(_after(report, found.after))}"
    if found.redline:
        yield f"  {report.say(message('difference'))}: {visible(marked(found.redline))}"
    elif found.state == "changed" and found.now is not None:
        text = message("in its place now: {text}", text=found.now.text)
        yield f"  {report.say(text)}"
        if found.together:
            others = report.words.clauses(found.together)
            yield f"  {report.say(message('or in that of {clauses}', clauses=others))}"
    elif found.state == "gone" and found.before:
        yield f"  {report.say(message('it said: {text}', text=found.before))}"
    if found.state != "moved":
        yield from _resting(report, report.rests_on((found.clause,)))


def _state(found: ClauseDrift) -> Message:
    if found.state == "moved" and found.number:
        if found.moved:
            return message("moved, now with the number {number}", number=found.number)
        return message("the same words, now with the number {number}", number=found.number)
    if found.state == "changed" and found.moved:
        return message("moved and changed")
    return {
        "unchanged": message("unchanged"),
        "moved": message("moved"),
        "changed": message("changed"),
        "gone": message("not there any more"),
        "not-recorded": message("not recorded"),
    }[found.state]


def _where(passage: Passage) -> Message:
    first, last = passage.lines
    if first == last:
        return message("line {number}", number=first)
    return message("lines {first}–{last}", first=first, last=last)


def _after(report: Report, clause: str | None) -> Message:
    if clause is None:
        return message("it now stands before all others")
    return message("it now stands after {clause}", clause=report.words.clauses((clause,)))


def _resting(report: Report, rests: Resting) -> Iterator[str]:
    if not rests.direct:
        yield f"  {report.say(message('nothing rests on it'))}"
        return
    yield f"  {report.say(message('rests on it'))}:"
    yield from (f"    - {_part(report, each)}" for each in rests.direct)
    if rests.indirect:
        yield f"  {report.say(message('uses that'))}:"
        yield from (f"    - {_part(report, each)}" for each in rests.indirect)
    if rests.questions:
        questions = (f"`{each}`" for each in rests.questions)
        text = message("answers that may be others: {names}", names=", ".join(questions))
        yield f"  {report.say(text)}"
    if rests.named:
        text = message("golden cases that name it: {names}", names=", ".join(rests.named))
        yield f"  {report.say(text)}"


def _part(report: Report, part: Element) -> str:
    source, line = _place(report.valid, part)
    kind = report.say(_kind(part.kind))
    return f"{kind} `{visible(written(part.address))}` ({shown(Path(source.name or ''))}:{line})"


def _kind(kind: Kind) -> Message:
    return {
        "clause": message("clause"),
        "parameter": message("parameter"),
        "fact": message("fact"),
        "entry": message("fact"),
        "reading": message("reading"),
        "option": message("option of a reading"),
        "decision": message("decision"),
        "coverage": message("scope of a decision"),
        "requirement": message("requirement"),
        "exclusion": message("exclusion"),
        "remark": message("remark"),
        "table": message("table"),
        "row": message("row of a table"),
        "consistency": message("condition of every transaction"),
        "overlay": message("statutory rule"),
    }[kind]


def _passage(report: Report, found: NewPassage) -> str:
    where = report.say(_after_which(report, found))
    return f"  - {where}, {report.say(_where(found.passage))}: {visible(found.passage.text)}"


def _after_which(report: Report, found: NewPassage) -> Message:
    if found.after is not None:
        return message("after {clause}", clause=report.words.clauses((found.after,)))
    if found.before is not None:
        return message("before {clause}", clause=report.words.clauses((found.before,)))
    return message("in a text without any of the clauses")


def marked(pieces: Sequence[Piece]) -> str:
    """Write a redline in plain text: `[-gone-]` and `{+new+}`."""
    marks = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(f"{marks[each.kind][0]}{each.text}{marks[each.kind][1]}" for each in pieces)


# ------------------------------------------------------------------------------- GitHub


def _annotations(report: Report) -> Iterator[str]:
    policy = report.valid.policy
    kinds = {"changed": "error", "gone": "error", "moved": "warning"}
    for each in report.different:
        title = f"{report.words.clauses((each.clause,))}: {report.say(_state(each))}"
        text = "\n".join(line.strip() for line in list(_clause(report, each))[1:])
        place = _position(policy.source, policy.clauses[each.clause].span)
        yield annotation(kinds[each.state], place, title, text)
    for passage in report.compared.drift.new:
        beside = passage.after or passage.before
        span = policy.clauses[beside].span if beside else Span(0, 0)
        text = _passage(report, passage).removeprefix("  - ")
        title = report.say(message("new passages"))
        yield annotation("warning", _position(policy.source, span), title, text)
    for gone in report.compared.drift.gone:
        title = report.say(message("gone, of no clause"))
        yield annotation("warning", _position(policy.source, Span(0, 0)), title, visible(gone.text))


def _position(source: Source, span: Span) -> tuple[str, int, int]:
    found = source.position(min(span.start, len(source.text)))
    return source.name or "", found.line, found.column


def _place(valid: ValidPolicy, part: Element) -> tuple[Source, int]:
    source = valid.policy.source
    if part.address == ("governed_by",):
        source = valid.programme.source
    return source, source.position(min(part.span.start, len(source.text))).line


# ------------------------------------------------------------------------------- JSON


def _data(report: Report) -> Mapping[str, object]:
    drift = report.compared.drift
    every = report.rests_on([each.clause for each in drift.of("changed", "gone")])
    return {
        "programme": drift.programme,
        "version": drift.version,
        "capture": report.name,
        "kind": report.compared.kind,
        "compared": drift.basis,
        "changed": drift.changed,
        "clauses": [_clause_data(report, each) for each in drift.clauses],
        "new": [_passage_data(each) for each in drift.new],
        "uncertain": [_passage_data(each) for each in drift.uncertain],
        "gone": [{"text": each.text, "line": each.line} for each in drift.gone],
        "not_shown": drift.more,
        "left_aside": report.compared.left_aside,
        "questions": list(every.questions),
        "cases": list(every.cases),
        "named_by": list(every.named),
    }


def _clause_data(report: Report, found: ClauseDrift) -> Mapping[str, object]:
    data: dict[str, object] = {
        "clause": found.clause,
        "state": found.state,
        "was": {
            "lines": list(found.was.lines),
            "sentences": None if found.was.sentences is None else list(found.was.sentences),
        },
        "now": None if found.now is None else _text_data(found.now),
        "moved": found.moved,
        "number": found.number,
        "after": found.after,
        "line": _position(
            report.valid.policy.source, report.valid.policy.clauses[found.clause].span
        )[1],
    }
    if found.state in {"unchanged", "not-recorded"}:
        return data
    rests = report.rests_on((found.clause,))
    return {
        **data,
        "before": found.before,
        "redline": [[each.kind, each.text] for each in found.redline],
        "together_with": list(found.together),
        "direct": [_part_data(report, each) for each in rests.direct],
        "indirect": [_part_data(report, each) for each in rests.indirect],
        "questions": list(rests.questions),
        "cases": list(rests.cases),
        "named_by": list(rests.named),
    }


def _passage_data(found: NewPassage) -> Mapping[str, object]:
    return {**_text_data(found.passage), "after": found.after, "before": found.before}


def _text_data(passage: Passage) -> Mapping[str, object]:
    return {"text": passage.text, "lines": list(passage.lines)}


def _part_data(report: Report, part: Element) -> Mapping[str, object]:
    source, line = _place(report.valid, part)
    return {
        "address": written(part.address),
        "kind": part.kind,
        "file": source.name,
        "line": line,
    }

"""An answer explained, as lawyers and logs read it: verdict, why, what is open, and on what basis."""

from collections.abc import Iterator, Mapping, Sequence

from policyeval.evaluation.formatting import listed
from policyeval.evaluation.layout import BLANK, Line, plain
from policyeval.evaluation.naming import Words, titled, words
from policyeval.evaluation.parts import (
    Answered,
    OpenPoint,
    Outcome,
    Provenance,
    Reason,
    RemarkMade,
    Verdict,
)
from policyeval.evaluation.wording import (
    headline,
    in_parentheses,
    outcome_text,
    point_text,
    question_text,
    sentence,
    standing,
)
from policyeval.feel.values import Value
from policyeval.messages import Message, language_of, message, visible
from policyeval.policy.model import Text, ValidPolicy

_DIGEST_SHOWN = 12

_INCOMPLETE = message(
    "so much is open that not every possibility was gone through; the points named are those that may "
    "matter"
)


def explanation(
    answers: Sequence[Answered],
    language: str,
    *,
    title: Text | None = None,
    notes: Sequence[Message] = (),
    presumed: Mapping[str, Value] | None = None,
) -> str:
    """Explain answers in plain text, in `en`, `sv` or `de`, with what they rest on at the end."""
    return plain(explanation_lines(answers, language, title=title, notes=notes, presumed=presumed))


def explanation_lines(
    answers: Sequence[Answered],
    language: str,
    *,
    title: Text | None = None,
    notes: Sequence[Message] = (),
    presumed: Mapping[str, Value] | None = None,
) -> Iterator[Line]:
    """Give the lines of an explanation, each with its role."""
    before: Line | None = None
    for line in _lines(answers, language, title, notes, presumed or {}):
        if before is not None:
            yield before
        before = line
    if before is not None and before.role != "blank":
        yield before


def _lines(
    answers: Sequence[Answered],
    language: str,
    title: Text | None,
    notes: Sequence[Message],
    presumed: Mapping[str, Value],
) -> Iterator[Line]:
    policies = tuple({id(each.policy): each.policy for each in answers}.values())
    if title is not None or notes:
        yield from _opening(title, notes, language)
        yield BLANK
    for answer in answers:
        yield from render_decision(answer, language)
        yield BLANK
    yield from _presumed(presumed, policies, language)
    yield from _readings(answers, language)
    yield from _overlays(answers, language)
    yield from _basis(answers, language)


def _opening(title: Text | None, notes: Sequence[Message], language: str) -> Iterator[Line]:
    if title is not None:
        yield Line("title", words(None, language).text(title))
    for note in notes:
        yield Line("note", sentence(note.text(language_of(language))))


# ---------------------------------------------------------------------- one decision


def render_decision(answer: Answered, language: str) -> Iterator[Line]:
    """Give the lines for one decision: question, headline, reasons, open points, remarks."""
    in_words = words(answer.policy, language)
    yield Line("question", question_text(answer, in_words))
    yield Line("headline", headline(answer, in_words), 1)
    if answer.reasons:
        yield from _heading(message("reasons"), in_words, 1)
        if answer.provenance.version is None:
            yield Line("item", sentence(_nothing_said(answer).text(in_words.language)), 1)
        for reason in answer.reasons:
            yield from _reason(reason, answer.decision, in_words)
    elif answer.verdict is Verdict.NOT_COVERED:
        yield from _heading(message("reasons"), in_words, 1)
        yield Line("item", sentence(_nothing_said(answer).text(in_words.language)), 1)
    if answer.open_points:
        yield from _heading(message("still open"), in_words, 1)
        for point in answer.open_points:
            yield from _point(point, answer.decision, in_words)
    if not answer.complete:
        yield BLANK
        yield Line("note", sentence(_INCOMPLETE.text(in_words.language)), 1)
    if answer.further_points:
        yield from _heading(message("matters only in some courses of events"), in_words, 1)
        for point in answer.further_points:
            yield from _point(point, answer.decision, in_words)
    if answer.remarks:
        yield from _heading(message("remarks"), in_words, 1)
        for remark in answer.remarks:
            yield Line("item", _remark(remark, in_words), 1)


def _nothing_said(answer: Answered) -> Message:
    """Say why a question is not covered where no rule says so."""
    if answer.provenance.version is None:
        return message("no version of the terms governs in this case")
    return message("the version of the terms that governs does not deal with this question")


def _heading(text: Message, in_words: Words, depth: int) -> Iterator[Line]:
    yield BLANK
    yield Line("heading", f"{sentence(text.text(in_words.language))}:", depth)


def _reason(reason: Reason, decision: str, in_words: Words) -> Iterator[Line]:
    language = in_words.language
    clauses = in_words.clauses(reason.clauses)
    stands = standing(reason)
    how = "" if stands is None else stands.text(language)
    head = in_parentheses(clauses, how) if clauses else how
    text = reason.text_in(language)
    if reason.decision != decision:
        label = in_words.label(reason.decision)
        text = titled(label, text) if text else label
    if not text:
        text = f"`{reason.rule}`"
    yield Line("item", sentence(f"{head}: {text}" if head else text), 1)
    for each in reason.deciding_in(language):
        yield Line("detail", each, 2)


def _point(point: OpenPoint, decision: str, in_words: Words) -> Iterator[Line]:
    own = in_words if point.policy is None else words(point.policy, in_words.language)
    yield Line("item", sentence(point_text(point, own)), 1)
    for option, outcome in point.gives.items():
        yield Line("item", _option(point, option, outcome, decision, own), 2)


def _option(point: OpenPoint, option: str, outcome: Outcome, decision: str, in_words: Words) -> str:
    language = in_words.language
    means = point.option_in(option, language).rstrip(".")
    comes_to = outcome_text(decision, outcome, in_words)
    if point.kind == "reading" and means != f"`{option}`":
        means = f"{means} (`{option}`)"
    text = f"{means} → {comes_to}"
    party = point.favours.get(option)
    if party is None:
        return sentence(text)
    favoured = message("{outcome} (favours: {party})", outcome=text, party=in_words.party(party))
    return sentence(favoured.text(language))


def _remark(remark: RemarkMade, in_words: Words) -> str:
    clauses = in_words.clauses(remark.clauses)
    text = remark.text_in(in_words.language) or f"`{remark.rule}`"
    return sentence(f"{clauses}: {text}" if clauses else text)


# ---------------------------------------------------------------------- what it rests on


def _presumed(
    presumed: Mapping[str, Value], policies: Sequence[ValidPolicy | None], language: str
) -> Iterator[Line]:
    if not presumed:
        return
    lines = []
    for name, value in presumed.items():
        every = [words(each, language) for each in policies]
        declared = [each for each in every if each.fact(name) is not None]
        in_words = (declared or every or [words(None, language)])[0]
        label, shown = in_words.label(name), in_words.value(name, value, "long", quoted=True)
        text = titled(label, shown)
        lines.append(sentence(text if label == f"`{name}`" else f"{text} (`{name}`)"))
    yield from _section(message("presumed, since not stated"), lines, language)


def _readings(answers: Sequence[Answered], language: str) -> Iterator[Line]:
    """Say the readings that bear on the clauses of the answers in full, the others by their ids."""
    full: dict[str, str] = {}
    others: dict[str, str] = {}
    for answer in answers:
        in_words = words(answer.policy, language)
        bearing = _clauses(answer)
        for name, option in answer.provenance.readings.items():
            reading = in_words.reading(name)
            if reading is None or bearing.intersection(reading.clauses):
                full[name] = _adopted(name, option, in_words)
            else:
                others[name] = visible(reading.ambiguity)
    lines = list(full.values())
    without = dict.fromkeys(others[name] for name in others if name not in full)
    if without:
        every = listed(list(without), language)
        lines.append(message("also in force: {ids}", ids=every).text(language))
    yield from _section(message("readings applied"), lines, language)


def _clauses(answer: Answered) -> frozenset[str]:
    """Give the clauses that an answer rests on, or that leave it open."""
    said: list[tuple[str, ...]] = [each.clauses for each in answer.reasons]
    said += [each.clauses for each in answer.remarks]
    said += [each.clauses for each in (*answer.open_points, *answer.further_points)]
    return frozenset(clause for clauses in said for clause in clauses)


def _adopted(name: str, option: str, in_words: Words) -> str:
    reading = in_words.reading(name)
    if reading is None:
        return f"`{name}`: `{option}`"
    found = reading.options.get(option)
    means = f"`{option}`" if found is None else in_words.text(found.gist)
    head = in_parentheses(reading.ambiguity, in_words.clauses(reading.clauses))
    return f"{head}: {in_words.text(reading.question)} – {means}"


def _overlays(answers: Sequence[Answered], language: str) -> Iterator[Line]:
    lines = []
    for answer in answers:
        in_words = words(answer.policy, language)
        overlays = answer.policy.policy.overlays if answer.policy else {}
        for name in answer.provenance.overlays:
            known = overlays.get(name)
            lines.append(
                f"`{name}`" if known is None else f"{in_words.text(known.title)} (`{name}`)"
            )
    yield from _section(message("statutory rules applied on request"), lines, language)


def _basis(answers: Sequence[Answered], language: str) -> Iterator[Line]:
    """Name each version that answers, with its decisions if there are several; then day and engine."""
    chosen = language_of(language)
    versions: dict[str, list[str]] = {}
    for answer in answers:
        versions.setdefault(_version(answer.provenance, chosen), []).append(answer.decision)
    lines = [
        each if len(versions) == 1 else f"{each}: {listed([f'`{name}`' for name in names], chosen)}"
        for each, names in versions.items()
    ]
    lines += [sentence(_days(each.provenance, chosen)) for each in answers]
    lines += [f"{each.provenance.engine}, {each.provenance.language}" for each in answers]
    yield from _section(message("basis"), lines, chosen)


def _version(provenance: Provenance, language: str) -> str:
    programme = provenance.programme
    if provenance.version is None:
        text = message("{programme}, no version governs", programme=programme)
    elif provenance.digest is None:
        text = message(
            "{programme}, version {version}", programme=programme, version=provenance.version
        )
    else:
        text = message(
            "{programme}, version {version}, SHA-256 {digest}…",
            programme=programme,
            version=provenance.version,
            digest=provenance.digest[:_DIGEST_SHOWN],
        )
    return text.text(language)


def _days(provenance: Provenance, language: str) -> str:
    in_words = words(None, language)
    asked = in_words.value("", provenance.asked_on, "long")
    if provenance.known_on is None:
        text = message("asked on {day}, with every version on record", day=asked)
    else:
        known = in_words.value("", provenance.known_on, "long")
        text = message("asked on {day}, as known on {known}", day=asked, known=known)
    return text.text(language)


def _section(heading: Message, lines: Sequence[str], language: str) -> Iterator[Line]:
    """Give a heading and its items, each once; nothing where there are none."""
    if not lines:
        return
    chosen = language_of(language)
    yield Line("heading", f"{sentence(heading.text(chosen))}:")
    for line in dict.fromkeys(lines):
        yield Line("item", line)
    yield BLANK

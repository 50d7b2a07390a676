"""The words for verdicts, outcomes and open points, in Swedish, German and English."""

from policyeval.evaluation.naming import Words, titled
from policyeval.evaluation.parts import Answered, OpenPoint, Outcome, Reason, Verdict
from policyeval.evaluation.phrases import phrase_text
from policyeval.messages import Message, message
from policyeval.policy.never import NEVER

__all__ = [
    "headline",
    "in_parentheses",
    "outcome_text",
    "phrase_text",
    "point_text",
    "question_text",
    "sentence",
    "standing",
    "verdict_text",
]


def sentence(text: str) -> str:
    """Let a text begin with a capital letter."""
    return text[:1].upper() + text[1:]


def verdict_text(verdict: Verdict) -> Message:
    """Give the words for a verdict."""
    match verdict:
        case Verdict.YES:
            return message("yes")
        case Verdict.NO:
            return message("no")
        case Verdict.UNKNOWN:
            return message("cannot be decided: facts are missing")
        case Verdict.OPEN:
            return message("open question of interpretation")
        case Verdict.DISCRETION:
            return message("a matter of discretion: no decision is recorded")
        case Verdict.PENDING:
            return message("not yet decided")
        case Verdict.NOT_COVERED:
            return message("not covered by the terms")


def headline(answer: Answered, words: Words) -> str:
    """Give the answer in a line: the verdict in words, or the value."""
    if answer.verdict is None:
        text = _value(answer.decision, answer.value, words)
        return text if isinstance(answer.value, str) else sentence(text)
    if answer.verdict is Verdict.PENDING:
        return sentence(_pending(answer, words))
    return sentence(verdict_text(answer.verdict).text(words.language))


def _value(decision: str, value: object, words: Words) -> str:
    if value is NEVER:
        return message("no day: the event never occurs").text(words.language)
    return words.value(decision, value, "long")


def _pending(answer: Answered, words: Words) -> str:
    if answer.until is None:
        text = message("not yet decided: the deciding event may still occur")
    else:
        text = message(
            "not yet decided: the deciding event may still occur, up to and including {day}",
            day=words.value("", answer.until, "long"),
        )
    return text.text(words.language)


def outcome_text(decision: str, outcome: Outcome, words: Words) -> str:
    """Say what a decision comes to in some of the possible worlds."""
    if outcome.verdict is None:
        return _value(decision, outcome.value, words)
    return verdict_text(outcome.verdict).text(words.language)


def question_text(answer: Answered, words: Words) -> str:
    """Give the question of a decision, or what the decision is called."""
    decision = words.decision(answer.decision)
    text = None if decision is None else decision.question or decision.label
    return f"`{answer.decision}`" if text is None else words.text(text)


def standing(reason: Reason) -> Message | None:
    """Say how a rule stands: met, not met, applies, does not apply; None for a value."""
    match reason.kind, reason.holds:
        case "requirement", True:
            return message("condition met")
        case "requirement", False:
            return message("condition not met")
        case "requirement", _:
            return message("condition possibly not met")
        case "exclusion", True:
            return message("exclusion applies")
        case "exclusion", False:
            return message("exclusion does not apply")
        case "exclusion", _:
            return message("exclusion possibly applies")
        case "coverage", False:
            return message("outside the scope")
        case "coverage", True:
            return message("within the scope")
        case "row", _:
            return message("row `{rule}` of the table", rule=reason.rule)
        case _:
            return None


def in_parentheses(outside: str, *inside: str) -> str:
    """Add in parentheses what there is to add."""
    given = ", ".join(each for each in inside if each)
    return f"{outside} ({given})" if given else outside


def point_text(point: OpenPoint, words: Words) -> str:
    """Say what is open, and whose it is to settle or until when."""
    label = point.label_in(words.language)
    name = f"`{point.name}`"
    clauses = words.clauses(point.clauses)
    match point.kind:
        case "fact":
            head = message("missing fact").text(words.language)
            body = _named(label, name)
        case "reading":
            asked = message("question of interpretation").text(words.language)
            head = in_parentheses(asked, point.ambiguity or "", clauses)
            body = label
        case "act":
            party = words.party(point.by) if point.by else ""
            awaited = message("decision not recorded").text(words.language)
            head = in_parentheses(awaited, party, clauses)
            body = _named(label, name)
        case "event":
            head = message("event that may still occur").text(words.language)
            body = _named(label, name)
    text = titled(head, body)
    if point.until is None:
        return text
    day = words.value("", point.until, "long")
    return message("{event}, in time up to and including {day}", event=text, day=day).text(
        words.language
    )


def _named(label: str, name: str) -> str:
    return label if label == name else f"{label} ({name})"

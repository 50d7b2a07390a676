"""What a node is taken for: a text, a number, true or false, a list, entries.

Each function gives the value, or None after it has reported why there is none.
"""

from decimal import Decimal

from policyeval.messages import Message, message
from policyeval.policy.problems import Problems
from policyeval.policy.yaml import numbers
from policyeval.policy.yaml.nodes import Mapping, Node, Scalar, Sequence, is_null
from policyeval.source import Span

_TRUTHS = {"true": True, "false": False}
# What other formats, and YAML before 1.2, take for true and false.
_MEANT = {
    **dict.fromkeys(("y", "yes", "on", "1", "ja", "j", "true", "wahr", "sant"), "true"),
    **dict.fromkeys(("n", "no", "off", "0", "nej", "nein", "false", "falsch", "falskt"), "false"),
}


def scalar(node: Node, problems: Problems) -> Scalar | None:
    """Take a node for one value of any kind, such as an expression; null is one, nothing is not."""
    if isinstance(node, Scalar) and (node.text or node.style != "plain"):
        return node
    _refuse(node, problems, message("a value"), None)
    return None


def text(node: Node, problems: Problems) -> str | None:
    """Take a node for a text; `no`, `12` and `2024-01-31` are texts where one is wanted."""
    if isinstance(node, Scalar) and not is_null(node):
        return node.text
    quote = isinstance(node, Scalar) and node.text != ""
    help_ = message("if the word itself is meant, put it in quotation marks") if quote else None
    _refuse(node, problems, message("a text"), help_)
    return None


def boolean(node: Node, problems: Problems) -> bool | None:
    """Take a node for true or false, written so and in no other way."""
    if isinstance(node, Scalar) and node.style == "plain" and node.text in _TRUTHS:
        return _TRUTHS[node.text]
    meant = _MEANT.get(node.text.strip().casefold()) if isinstance(node, Scalar) else None
    help_ = (
        message("write `{value}`, without quotation marks", value=meant)
        if meant
        else message("write `true` or `false`")
    )
    _refuse(node, problems, message("`true` or `false`"), help_)
    return None


def decimal_number(node: Node, problems: Problems) -> Decimal | None:
    """Take a node for a number; every digit that is written counts."""
    written = _number(node, problems, message("a number"))
    return None if written is None else numbers.exact(written)


def integer(node: Node, problems: Problems) -> int | None:
    """Take a node for a whole number."""
    written = _number(node, problems, message("a whole number"))
    if written is None:
        return None
    whole, point, fraction = written.partition(".")
    if not point:
        return int(whole)
    help_ = message("write `{number}`", number=whole) if not fraction.strip("0") else None
    problems.report(
        "yaml.number-format",
        message("`{text}` is not written the way a whole number is here", text=written),
        node.span,
        help_,
    )
    return None


def mapping(node: Node, problems: Problems) -> Mapping | None:
    """Take a node for entries with keys."""
    if isinstance(node, Mapping):
        return node
    help_ = message("an entry is written `key: value`, with a space after the colon")
    _refuse(node, problems, message("a block of entries with keys"), help_)
    return None


def sequence(node: Node, problems: Problems) -> Sequence | None:
    """Take a node for a list."""
    if isinstance(node, Sequence):
        return node
    help_ = message("write each item on a line of its own, as in `- item`")
    _refuse(node, problems, message("a list"), help_)
    return None


def _number(node: Node, problems: Problems, wanted: Message) -> str | None:
    """Give the text of a number that is written as one."""
    if not isinstance(node, Scalar) or is_null(node):
        _refuse(node, problems, wanted, None)
        return None
    if numbers.is_too_long(node.text):
        problems.report(
            "yaml.number-too-long",
            message("the number has more than {limit} digits", limit=numbers.DIGITS),
            node.span,
            message("no amount, rate or count needs so many; shorten it"),
        )
        return None
    if node.style != "plain":
        proper = numbers.is_number(node.text)
        help_ = message("write it without quotation marks") if proper else None
        _refuse(node, problems, wanted, help_)
        return None
    if numbers.is_number(node.text):
        return node.text
    if not numbers.looks_like_one(node.text):
        _refuse(node, problems, wanted, None)
        return None
    problems.report(
        "yaml.number-format",
        message("`{text}` is not written the way a number is here", text=node.text),
        node.span,
        numbers.proposal(node.text),
    )
    return None


def _refuse(node: Node, problems: Problems, wanted: Message, help_: Message | None) -> None:
    span = Span(node.span.start, max(node.span.end, node.span.start + 1))
    problems.report(
        "yaml.type",
        message("{wanted} is wanted here, not {given}", wanted=wanted, given=_kind(node)),
        span,
        help_,
    )


def _kind(node: Node) -> Message:
    match node:
        case Mapping():
            return message("a block of entries with keys")
        case Sequence():
            return message("a list")
        case Scalar() if is_null(node) and not node.text:
            return message("an empty place")
        case Scalar(style="plain"):
            return message("`{text}`", text=_beginning(node.text))
        case Scalar():
            return message("a text in quotation marks")


def _beginning(written: str) -> str:
    return written if len(written) <= 40 else f"{written[:40]}…"

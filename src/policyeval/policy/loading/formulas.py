"""Formulas: expressions, tests in tables, and choices among them."""

from collections.abc import Callable

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.errors import ExpressionError
from policyeval.feel import parser, syntax
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.characters import normal
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading.events import HAPPENED, with_event_names
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import Choice, Formula, Slot
from policyeval.policy.problems import SHOWN
from policyeval.policy.schema import words
from policyeval.policy.yaml import Mapping, Node, Scalar
from policyeval.source import Source

# After so many that cannot be read no further formula of the file is looked at: it is refused anyway.
_MOST_MISREAD = 1_000

BY = "by"
"""The key of a choice that names the reading; no option can have this name."""


def slot(reader: Reader, node: Node, key: Scalar | None = None) -> Slot | None:
    """Read an expression or a choice; `key` is the key that it stands under."""
    return choice(reader, node, key) if isinstance(node, Mapping) else formula(reader, node)


def formula(reader: Reader, node: Node) -> Formula | None:
    """Read an expression."""
    return _read(reader, node, tests=False)


def tests(reader: Reader, node: Node) -> Formula | None:
    """Read the unary tests of a table's cell."""
    return _read(reader, node, tests=True)


def choice(reader: Reader, node: Mapping, key: Scalar | None = None) -> Choice | None:
    """Read `{by: reading, option: …}`."""
    by = reader.needed(node, BY, key)
    reading = None if by is None else reader.string(by.value, "name")
    options: dict[str, Slot] = {}
    complete = True
    for each in node.entries:
        if each is by:
            continue
        named = reader.written(each.key, "name")
        found = slot(reader, each.value, each.key)
        if named and found is not None:
            options[normal(each.key.text)] = found
        else:
            complete = False
    if by is None or reading is None or not complete:
        return None
    return Choice(reading, options, span=by.value.span)


def _read(reader: Reader, node: Node, *, tests: bool) -> Formula | None:
    if not isinstance(node, Scalar) or (node.style == "plain" and not node.text):
        wanted = message("a test") if tests else message("an expression")
        words.wrong_kind(reader.shape, node, wanted, None)
        return None
    if reader.misread > _MOST_MISREAD:
        return None
    source = Source(node.text, reader.source.name)
    read = parser.parse_unary_tests if tests else parser.parse
    try:
        tree = read(source, () if source.text.isascii() else reader.names)
    except ExpressionError as error:
        _tell(reader, node, *_explained(reader, source, read, error))
        return None

    def refuse(call: syntax.Call) -> None:
        _tell(reader, node, _no_event(reader, source, call))

    with_names = with_event_names(tree, reader.events, reader.members, refuse)
    for each in syntax.walk(with_names):
        if isinstance(each, syntax.Call) and isinstance(each.function, syntax.Name):
            name = each.function.name
            if name in BUILTINS and name not in reader.called:
                reader.called[name] = yaml.place(node, each.function.span)
    return Formula(node.text, with_names, node, reader.source)


def _explained(
    reader: Reader, source: Source, read: Callable[..., object], error: ExpressionError
) -> tuple[Diagnostic, ...]:
    """Give the problems of an expression once more, with an eye on the names there are.

    Our names need not be known for reading: they are single words. Of very many problems few are shown.
    """
    reader.misread += 1
    if reader.misread > SHOWN:
        return error.diagnostics
    try:
        read(source, reader.names, reader.members)
    except ExpressionError as better:
        return better.diagnostics
    return error.diagnostics


def _tell(reader: Reader, node: Scalar, *found: Diagnostic) -> None:
    reader.problems.add(yaml.located(each, node, reader.source) for each in found)


def _no_event(reader: Reader, source: Source, call: syntax.Call) -> Diagnostic:
    events = reader.events or ()
    help_ = message("the events: {names}", names=words.quoted(sorted(events))) if events else None
    if len(call.arguments) == 1:
        value = call.arguments[0].value
        if isinstance(value, syntax.Name):
            return Diagnostic(
                "feel.arguments",
                message("`{name}` is no event", name=value.name),
                value.span,
                source,
                did_you_mean(value.name, sorted(events)) or help_,
            )
    return Diagnostic(
        "feel.arguments",
        message("`{name}` takes the name of an event and nothing else", name=HAPPENED),
        call.span,
        source,
        help_,
    )

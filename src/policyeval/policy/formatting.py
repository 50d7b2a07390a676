"""The files of a programme in the one canonical layout, their expressions included."""

import re
from collections.abc import Collection, Iterator, Mapping

from policyeval.errors import ExpressionError
from policyeval.feel import parser, syntax
from policyeval.feel.unparser import unparse
from policyeval.policy import yaml
from policyeval.policy.editing.canonical import canonical
from policyeval.policy.elements import elements, formulas_of
from policyeval.policy.loading import salvaged
from policyeval.policy.loading.programmes import programme_of
from policyeval.policy.model import ASKED_ON, Formula, Policy
from policyeval.policy.problems import Problems
from policyeval.policy.schema import Kind
from policyeval.policy.yaml import Document
from policyeval.source import Source, Span

# A text is passed over as a whole, so that what looks like a comment in it is none.
_COMMENT = re.compile(r'"(?:\\.|[^"\\])*+"?|(//|/\*)', re.DOTALL)


def formatted(raw: bytes, name: str, kind: Kind) -> bytes:
    """Give a file in the canonical layout.

    An expression that cannot be read, or that has a comment, keeps its text.

    Args:
        raw: The file; it need not be valid, only well-formed.
        name: What problems call it.
        kind: What it is.

    Raises:
        PolicyError: It is not well-formed, or cannot be laid out without saying something else.
    """
    document = yaml.read(raw, name)
    return canonical(document, dict(_canonical_texts(document, kind)))


def canonical_text(
    text: str,
    *,
    tests: bool = False,
    names: Collection[str] = (),
    members: Collection[str] = (),
) -> str | None:
    """Give the canonical text of an expression, or None if its own has to stay.

    Args:
        text: The expression.
        tests: Whether it is the unary tests of a table's cell.
        names: The variables that it may use.
        members: The names of entries that contexts among them have.
    """
    if any(match[1] for match in _COMMENT.finditer(text)):
        return None
    read = parser.parse_unary_tests if tests else parser.parse
    try:
        tree = read(Source(text), names, members)
        written = unparse(tree)
        return written if read(Source(written), names, members) == tree else None
    except ExpressionError:
        return None


def _canonical_texts(document: Document, kind: Kind) -> Iterator[tuple[Span, str]]:
    """Give the canonical texts of the expressions of a file, with their places."""
    found: Iterator[Formula] = iter(())
    names: Collection[str] = (ASKED_ON,)
    members: Collection[str] = ()
    if kind == "policy":
        read = salvaged(document)
        if read is not None:
            policy, _ = read
            names = (ASKED_ON, *policy.facts, *policy.parameters, *policy.decisions)
            members = {name for fact in policy.facts.values() for name in fact.entries}
            found = _formulas(policy)
    elif kind == "programme":
        found = _of_programme(document)
    for each in found:
        tests = isinstance(each.tree, syntax.UnaryTests)
        text = canonical_text(each.text, tests=tests, names=names, members=members)
        if text is not None:
            yield each.scalar.span, text


def _formulas(policy: Policy) -> Iterator[Formula]:
    for element in elements(policy):
        for _, formula in formulas_of(element.slots):
            yield formula


def _of_programme(document: Document) -> Iterator[Formula]:
    programme = programme_of(document, Problems(document.source))
    if programme is not None:
        days: Mapping[str, Formula] = programme.governed_by.days
        yield from days.values()
        yield from programme.governed_by.decisions.values()

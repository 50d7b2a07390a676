"""What a check collects, and the questions that every part of it asks of an operand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.feel import syntax, types
from policyeval.feel.checker.order import circle
from policyeval.feel.types import Type, type_text
from policyeval.messages import Message, message
from policyeval.source import Source, Span

Mode = Literal["lenient", "strict"]

BROKEN = types.AnyType()
"""The type of what has a problem already; compared by identity, otherwise like Any."""


@dataclass(frozen=True)
class Checked:
    """What the checker found out.

    Attributes:
        types: The type of each node, by `id(node)`; see `type_of`.
        diagnostics: Every problem, in the order of the text.
    """

    types: Mapping[int, Type]
    diagnostics: tuple[Diagnostic, ...]

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "Checked is about the nodes of one tree in memory: copy the tree and check it again"
        )

    def type_of(self, node: syntax.Node) -> Type:
        """Give the type of a node of the checked tree; Any where nothing is known."""
        return self.types.get(id(node), types.ANY)


class Problems:
    """The types and problems found so far."""

    def __init__(self, source: Source, strict: bool) -> None:
        self.source = source
        self.strict = strict
        self.types: dict[int, Type] = {}
        self.problems: list[Diagnostic] = []
        self.remarks: list[Diagnostic] = []
        self.entries: list[tuple[Sequence[syntax.ContextEntry], str]] = []
        self._broken: set[int] = set()

    def problem(
        self,
        code: str,
        span: Span,
        text: Message,
        help_: Message | None = None,
        *,
        strict_only: bool = False,
    ) -> Type:
        """Record a problem, and give the type of what has one."""
        if strict_only and not self.strict:
            return BROKEN
        severity: Literal["error", "warning"] = "error" if self.strict else "warning"
        self.problems.append(Diagnostic(code, text, span, self.source, help_, severity))
        return BROKEN

    def remark(self, code: str, span: Span, text: Message, help_: Message | None = None) -> None:
        """Record something doubtful: a warning in either mode, which breaks nothing."""
        self.remarks.append(Diagnostic(code, text, span, self.source, help_, "warning"))

    def undefined(
        self,
        node: syntax.Node,
        name: str,
        known: Iterable[str],
        *,
        function: bool = False,
        meant: Message | None = None,
        sure: Message | None = None,
    ) -> Type:
        """Say that a name has no meaning here, and why, if it has one further down.

        `meant` is what was probably meant, judging by what stands beside it; `sure` is what was
        meant whatever other names there are.
        """
        for entries, current in reversed(self.entries):
            if all(each.key != name for each in entries):
                continue
            way = circle(entries, current, name)
            if way is not None:
                return self.problem(
                    "feel.cycle",
                    node.span,
                    message(
                        "`{name}` is defined in terms of itself: {way}",
                        name=current,
                        way=" → ".join(way),
                    ),
                    message("an entry can use those above it only"),
                )
            further_down = message(
                "`{name}` is defined further down; an entry can use those above it only", name=name
            )
            return self._unknown(node, name, further_down, function=function)
        if sure is not None:
            return self._unknown(node, name, sure, function=function)
        near = did_you_mean(name, known) if meant is None else did_you_mean(name, known, 0.85)
        return self._unknown(node, name, near or meant, function=function)

    def _unknown(
        self, node: syntax.Node, name: str, help_: Message | None, *, function: bool
    ) -> Type:
        if function:
            text = message("unknown function `{name}`", name=name)
            return self.problem("feel.unknown-function", node.span, text, help_)
        text = message("unknown name `{name}`", name=name)
        return self.problem("feel.unknown-name", node.span, text, help_)

    def partial(self, type_: Type) -> Type:
        """Give the type of an operation that may fail while it runs: null then, in lenient mode."""
        return type_ if self.strict else types.optional(type_)

    def is_broken(self, node: syntax.Node, type_: Type) -> bool:
        """Tell whether something was said about a node, or about what it stands for, already."""
        return type_ is BROKEN or id(node) in self._broken

    def known(self, node: syntax.Node, type_: Type, *, null: bool = False) -> Type | None:
        """Give the type of an operand without null; None if it cannot be used (and that was said)."""
        if self.is_broken(node, type_):
            return None
        if isinstance(type_, types.AnyType):
            self.problem(
                "feel.type",
                node.span,
                message("the type of this value is not known"),
                message("declare its type, or ask for it first with `instance of`"),
                strict_only=True,
            )
            return None
        if isinstance(type_, types.NullType):
            if not null:
                self.problem("feel.null", node.span, message("null has no use here"))
            return None
        if isinstance(type_, types.Optional):
            if not null:
                self.problem(
                    "feel.null",
                    node.span,
                    message("this value may be missing"),
                    _ask_first(node, self.source),
                    strict_only=True,
                )
                if self.strict:
                    return None
            return type_.base
        return type_

    def want(
        self,
        node: syntax.Node,
        given: Type,
        wanted: Type,
        *,
        null: bool = False,
        help_: Message | None = None,
    ) -> bool:
        """Check that an operand is of a type; say so if it is not."""
        base = self.known(node, given, null=null)
        if base is None or types.conforms(base, wanted):
            return base is not None
        self.problem(
            "feel.type",
            node.span,
            message(
                "a `{wanted}` is wanted here, not a `{given}`",
                wanted=type_text(wanted),
                given=type_text(base),
            ),
            help_,
        )
        return False


def _ask_first(node: syntax.Node, source: Source) -> Message:
    text = source.text[node.span.start : node.span.end]
    if isinstance(node, syntax.Name | syntax.Path):
        return message(
            "ask first: `{value} != null and …`, or use `if {value} = null then …`", value=text
        )
    return message("ask first whether it is null")


def too_deep(span: Span, source: Source) -> Diagnostic:
    """Say that a tree is deeper than the stack allows, whatever the limits are."""
    return Diagnostic(
        "feel.too-deep",
        message("the expression is nested too deeply"),
        span,
        source,
        message("give parts of it names in a context, or make them rules of their own"),
    )


def differ(left: Type, right: Type) -> Message:
    """Say that two types do not compare."""
    return message(
        "a `{left}` cannot be compared with a `{right}`",
        left=type_text(left),
        right=type_text(right),
    )


def no_order(given: Type) -> Message:
    """Say that a type has no order."""
    return message("one `{type}` is neither less nor greater than another", type=type_text(given))


def no_steps(given: Type) -> Message:
    """Say that a type is no list."""
    return message("a `{type}` cannot be gone through item by item", type=type_text(given))

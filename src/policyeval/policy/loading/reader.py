"""What one file is read with: its problems, its languages, and the kinds of value that nodes are taken for.

That a file has the shape of its schema is checked before; what is said here of a wrong shape is kept
apart and only told if the check has said nothing. So the loader can be given any tree at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from policyeval.feel.characters import normal
from policyeval.messages import Message, message
from policyeval.policy import yaml
from policyeval.policy.problems import Problems
from policyeval.policy.schema import formats, words
from policyeval.policy.yaml import Entry, Mapping, Node, Scalar, is_null
from policyeval.policy.yaml.numbers import is_number
from policyeval.source import Source, Span


@dataclass(slots=True)
class Reader:
    """Reads one file.

    Attributes:
        languages: Those that every text must have.
        names: The variables that formulas may use.
        events: Those of them that are events; None if they are not known.
        members: Names of entries that contexts among the variables have.
        misread: Formulas that could not be read.
        called: The built-in functions that formulas call, each with the place of a call.
        shape: What is wrong with the shape of the file.
    """

    problems: Problems
    languages: tuple[str, ...]
    names: frozenset[str] = frozenset()
    events: frozenset[str] | None = None
    members: frozenset[str] = frozenset()
    misread: int = 0
    called: dict[str, Span] = field(default_factory=dict)
    shape: Problems = field(init=False)

    def __post_init__(self) -> None:
        self.shape = Problems(self.problems.source)

    @property
    def source(self) -> Source:
        """The file."""
        return self.problems.source

    def tell_shape(self) -> None:
        """Report what is wrong with the shape, if nothing else was found to be wrong."""
        if not self.problems.fatal:
            self.problems.add(self.shape.found)

    # ------------------------------------------------------------ entries and lists

    def mapping(self, node: Node) -> Mapping | None:
        """Take a node for entries with keys."""
        if isinstance(node, Mapping):
            return node
        self._refuse(node, message("a block of entries with keys"))
        return None

    def items(self, node: Node) -> Sequence[Node]:
        """Take a node for a list."""
        if isinstance(node, yaml.Sequence):
            return node.items
        self._refuse(node, message("a list"))
        return ()

    def section(self, parent: Mapping, key: str) -> Iterator[Entry]:
        """Give the entries that stand under a key, if it is there."""
        entry = yaml.find(parent, key)
        given = self.mapping(entry.value) if entry else None
        if given is not None:
            yield from given.entries

    def needed(self, parent: Mapping, key: str, above: Scalar | None = None) -> Entry | None:
        """Give an entry that has to be there; `above` is the key that its parent stands under."""
        entry = yaml.find(parent, key)
        if entry is None:
            words.missing(self.shape, parent, above, [key])
        return entry

    # ------------------------------------------------------------ values

    def string(self, node: Node, format_: str = "") -> str | None:
        """Take a node for a text that is written in a certain way."""
        if not isinstance(node, Scalar) or is_null(node):
            self._refuse(node, message("a text"))
            return None
        text = normal(node.text)
        return text if self.written(node, format_, text) else None

    def strings(self, node: Node, format_: str = "") -> tuple[str, ...]:
        """Take a node for a text, or for a list of them."""
        items = node.items if isinstance(node, yaml.Sequence) else (node,)
        found = (self.string(each, format_) for each in items)
        return tuple(each for each in found if each is not None)

    def written(self, node: Scalar, format_: str, text: str | None = None) -> bool:
        """Tell whether a key or a value is written as its format asks, and report if it is not."""
        found = formats.complaint(format_, normal(node.text) if text is None else text)
        if found is not None:
            words.badly_written(self.problems, words.place_of(node), found)
        return found is None

    def word(self, node: Node, allowed: Sequence[str]) -> str | None:
        """Take a node for one of a few words."""
        if isinstance(node, Scalar) and node.text in allowed:
            return node.text
        words.not_one_of(self.shape, node, allowed)
        return None

    def day(self, node: Node) -> date | None:
        """Take a node for a day."""
        text = self.string(node, "date")
        return None if text is None else formats.day(text)

    def moment(self, node: Node) -> datetime | None:
        """Take a node for a moment, or for a day, which is its first moment."""
        text = self.string(node, "moment")
        return None if text is None else formats.moment(text)

    def integers(self, node: Node) -> tuple[int, ...]:
        """Take a node for a whole number, or for a list of them."""
        found = []
        for each in node.items if isinstance(node, yaml.Sequence) else (node,):
            text = each.text if isinstance(each, Scalar) and each.style == "plain" else ""
            if is_number(text) and "." not in text and int(text) >= 1:
                found.append(int(text))
            else:
                self._refuse(each, message("a whole number"))
        return tuple(found)

    # ------------------------------------------------------------ entries of a mapping

    def needed_string(
        self, parent: Mapping, key: str, format_: str, above: Scalar | None = None
    ) -> str | None:
        """Read a text that has to be there."""
        entry = self.needed(parent, key, above)
        return None if entry is None else self.string(entry.value, format_)

    def clauses(self, parent: Mapping) -> tuple[str, ...]:
        """Read what `clause` says: one id, several, or nothing."""
        entry = yaml.find(parent, "clause")
        return () if entry is None else self.strings(entry.value, "clause-id")

    def _refuse(self, node: Node, wanted: Message) -> None:
        words.wrong_kind(self.shape, node, wanted, None)

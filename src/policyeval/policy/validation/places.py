"""Where in a policy file a part of it stands; looked up only when something is said about it.

The records of a policy know where they begin, but not where each clause or option is named in them.
For that the file is read again, once and on demand.
"""

from functools import cached_property

from policyeval.errors import PolicyError
from policyeval.policy.yaml import Entry, Mapping, Node, Scalar, Sequence, find, read
from policyeval.source import Source, Span

Path = tuple[str | int, ...]
"""The keys, and the positions in lists, that lead to a part of a file."""


class Places:
    """The places of one file.

    Each question has an answer: where a part cannot be found, that of the nearest one around it.
    """

    def __init__(self, source: Source) -> None:
        self.source = source

    def value(self, path: Path) -> Span:
        """Give the place of what stands at a path."""
        return self._follow(path)[0]

    def key(self, path: Path) -> Span:
        """Give the place of the last key of a path."""
        return self._follow(path)[1]

    def item(self, path: Path, text: str) -> Span:
        """Give the place of a text that stands at a path, alone or in a list."""
        node = self._follow(path)[2]
        if isinstance(node, Sequence):
            for each in node.items:
                if isinstance(each, Scalar) and each.text == text:
                    return each.span
        return self.value(path)

    def within(self, span: Span, key: str) -> Span:
        """Give the place of an entry of the mapping that stands somewhere."""
        entry = self._entry(span, key)
        return span if entry is None else entry.value.span

    def option(self, by: Span, name: str) -> Span:
        """Give the place of an option's name in a choice; `by` is where its reading is named."""
        entry = self._entry(by, name)
        return by if entry is None else entry.key.span

    def _entry(self, span: Span, key: str) -> Entry | None:
        mapping = self._mappings.get(span)
        return find(mapping, key) if mapping is not None else None

    def _follow(self, path: Path) -> tuple[Span, Span, Node | None]:
        node = self._root
        if node is None:
            return Span(0, 0), Span(0, 0), None
        value = key = node.span
        for step in path:
            match node:
                case Mapping() if isinstance(step, str):
                    entry = find(node, step)
                    if entry is None:
                        break
                    node, key = entry.value, entry.key.span
                    value = node.span if node.span.end > node.span.start else key
                case Sequence(items) if isinstance(step, int) and step < len(items):
                    node = items[step]
                    value = key = node.span
                case _:
                    break
        return value, key, node

    @cached_property
    def _root(self) -> Node | None:
        try:
            return read(self.source.text.encode("utf-8", "replace"), self.source.name or "").root
        except PolicyError:  # a record that was not read from a file
            return None

    @cached_property
    def _mappings(self) -> dict[Span, Mapping]:
        """Every mapping, by its own place and by that of its entry `by`, which names a reading."""
        found: dict[Span, Mapping] = {}
        pending = [self._root] if self._root is not None else []
        while pending:
            node = pending.pop()
            match node:
                case Mapping(entries):
                    found[node.span] = node
                    by = find(node, "by")
                    if by is not None:
                        found[by.value.span] = node
                    pending += [each.value for each in entries]
                case Sequence(items):
                    pending += items
                case Scalar():
                    pass
        return found

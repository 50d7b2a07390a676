"""The only module that knows the YAML library: from a text to events, one at a time.

The library's loaders guess values and build without bounds; its parser does neither if events are
taken from it one by one and it is left alone as soon as they go too deep (its C part ends the whole
process at 50,000 brackets, but reads no more than a thousand characters ahead).
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import yaml

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader]
try:
    from yaml import CSafeLoader

    _LOADER = CSafeLoader
except ImportError:  # a PyYAML without its C part: the same events, more slowly
    _LOADER = yaml.SafeLoader

Kind = Literal["document", "mapping", "sequence", "scalar", "alias", "end"]


class Event(NamedTuple):
    """One step of the parser.

    Attributes:
        kind: `end` closes a mapping or a sequence.
        mark: What a scalar begins with: `'`, `"`, `|`, `>`, or nothing.
        anchor: The name after `&` or `*`.
        tag: What is said after `!`, in the parser's words.
        flow: Whether a mapping or a sequence has brackets.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    mark: str = ""
    anchor: str | None = None
    tag: str | None = None
    flow: bool = False


class Complaint(NamedTuple):
    """Why the parser cannot go on, in its own words, which no reader sees.

    Attributes:
        at: Where it stopped.
        since: Where what it was reading began, if it says so.
    """

    problem: str
    context: str
    at: int
    since: int


def events(text: str, offset: int) -> Iterator[Event | Complaint]:
    """Read a text from an offset on; the last thing given may be a complaint.

    The text must have no character that YAML excludes, and none that the library takes for a line
    end where an editor does not.
    """
    rest = text[offset:]
    at = offset
    try:
        for each in yaml.parse(rest, Loader=_LOADER):
            event = _event(each, offset)
            if event is not None:
                at = event.end
                yield event
    except yaml.MarkedYAMLError as error:
        here = error.problem_mark.index + offset if error.problem_mark else at
        since = error.context_mark.index + offset if error.context_mark else here
        yield Complaint(str(error.problem), str(error.context), here, since)
    except (yaml.YAMLError, ValueError, OverflowError):
        # ValueError: an escape that stands for no character, in the part written in Python.
        yield Complaint("", "", at, at)


_MARKS: Final = frozenset("'\"|>")


def _event(each: yaml.Event, offset: int) -> Event | None:
    first, last = each.start_mark, each.end_mark
    assert first is not None
    assert last is not None
    start, end = first.index + offset, last.index + offset
    if isinstance(each, yaml.ScalarEvent):
        mark = each.style if each.style in _MARKS else ""
        return Event("scalar", start, end, each.value, mark, each.anchor, each.tag)
    if isinstance(each, yaml.CollectionStartEvent):
        kind: Kind = "mapping" if isinstance(each, yaml.MappingStartEvent) else "sequence"
        return Event(kind, start, end, "", "", each.anchor, each.tag, bool(each.flow_style))
    if isinstance(each, yaml.CollectionEndEvent):
        return Event("end", start, end)
    if isinstance(each, yaml.AliasEvent):
        return Event("alias", start, end, anchor=each.anchor)
    if isinstance(each, yaml.DocumentStartEvent):
        return Event("document", start, end)
    return None

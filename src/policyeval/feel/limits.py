"""How long and how deep an expression may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a text, so that whatever walks its tree needs bounded time and bounded depth.

    Attributes:
        length: Characters (code points) in the text.
        depth: How deeply expressions may be nested. A name or a plain literal has depth 0;
            everything else is one deeper than the deepest expression it consists of, so
            `1 + 2 + 3` has depth 2, `not(not(x))` has 2, while `a or b or c` has 1: a chain of `and`
            or `or` is one node. Entries, arguments, iterations and tests add nothing, so the
            tree itself is at most twice as high. Round brackets that only group make no node;
            they may be nested as deeply again.
        nodes: Nodes in the tree.
    """

    length: int = 8192
    depth: int = 64
    nodes: int = 2000


DEFAULT_LIMITS = Limits()

"""Trees of made-up files, and the many ways to lay the same tree out."""

from collections.abc import Callable, Iterator
from random import Random

from hypothesis import strategies as st

Tree = str | list["Tree"] | dict[str, "Tree"]

WORDS = ("a", "first_invoice", "x > 1", "100", "null", "2024-01-31", "no", "sv", "it's", "4.5a")
TEXTS = (
    *WORDS,
    "",
    "A text with # no comment, {a field} and a colon: here",
    'duration("P120D")',
    'product in ("software", "training") and not(x)',
    "one two three four five six seven eight nine ten",
    "a\nb",
    "ends with a line\n",
    "a\n ",
    "a  b\n  c\n\n\n",
    "\n\nx",
    "\n",
    "two\n\nparts\n",
    " begins with a blank",
    "- x",
    "# x",
    "'quoted'",
    "åäö ß – “…”",
    "back\\slash",
    "tab\there",
)
KEYS = ("clauses", "4.5a", "value", "that", "gist", "sv", "de", "en", "a b", "on", "10")

leaves = st.sampled_from(TEXTS)
trees: st.SearchStrategy[Tree] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=14,
)
files: st.SearchStrategy[dict[str, Tree]] = st.dictionaries(
    st.sampled_from(KEYS), trees, min_size=1, max_size=4
)

Choose = Callable[[int, int], int]
"""Gives a number from one to another, both included."""


class Layout:
    """Writes a tree in a way that is drawn; every choice is made where it is needed."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.comments = 0

    def chance(self, of: int) -> bool:
        """Tell yes once in so many times; no is the simpler answer."""
        return self.choose(0, of - 1) == of - 1

    def comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}: a, {{b}}"

    def end(self) -> str:
        """Give the end of a line."""
        blanks = " " * self.choose(0, 1) * 3
        if self.chance(6):
            return f"{blanks} {self.comment()}\n"
        return f"{blanks}\n"

    def gap(self, indent: int) -> str:
        """Give what may stand between two lines."""
        written = ""
        for _ in range((0, 0, 0, 1, 1, 2)[self.choose(0, 5)]):
            if self.chance(2):
                column = max(0, indent + (0, 0, 0, -2, 2, 4)[self.choose(0, 5)])
                written += f"{' ' * column}{self.comment()}\n"
            else:
                written += " " * self.choose(0, 1) * 2 + "\n"
        return written

    # ------------------------------------------------------------ scalars

    def scalar(self, text: str, *, flow: bool, key: bool = False) -> str:
        choices = ["double"]
        if "\n" not in text and "\t" not in text:
            choices.append("single")
        if plain(text, flow=flow):
            choices = ["plain", *choices]
        how = choices[self.choose(0, len(choices) - 1)]
        if how == "plain":
            return text
        if how == "single":
            return "'" + text.replace("'", "''") + "'"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        if not key and self.chance(4):
            escaped = escaped.replace("a", "\\x61")
        return '"' + escaped.replace("\n", "\\n") + '"'

    def value(self, text: str, indent: int) -> str:
        """Write a scalar in a block of entries or items, with the end of its line."""
        words = text.split(" ")
        if text.strip("\n") and text[0] not in " \t-#" and "\t" not in text and self.chance(3):
            body = text.rstrip("\n")
            ending = {0: "-", 1: ""}.get(len(text) - len(body), "+")
            margin = " " * (indent + self.choose(1, 4))
            if "\n" not in text and all(words) and self.chance(2):
                folded = "".join(margin + each + "\n" for each in words)
                return f">{ending}{self.end()}{folded}"
            lines = "".join(f"{margin}{each}\n" if each else "\n" for each in body.split("\n"))
            return f"|{ending}{self.end()}{lines}"
        if plain(text, flow=False) and len(words) > 2 and "#" not in text and self.chance(3):
            margin = "\n" + " " * (indent + self.choose(1, 4))
            at = self.choose(1, len(words) - 1)
            if ":" not in text:
                return " ".join(words[:at]) + margin + " ".join(words[at:]) + self.end()
        return self.scalar(text, flow=False) + self.end()

    # ------------------------------------------------------------ collections

    def flow(self, tree: Tree, indent: int) -> str:
        if isinstance(tree, str):
            return self.scalar(tree, flow=True)
        blank = " " * self.choose(0, 1)
        inner: list[str] = []
        for each in self.parts(tree, indent):
            broken = self.chance(8)
            inner.append((f"{self.end()}{' ' * (indent + 2)}" if broken else blank) + each)
        left, right = "{}" if isinstance(tree, dict) else "[]"
        return left + ",".join(inner) + blank + right

    def parts(self, tree: Tree, indent: int) -> Iterator[str]:
        if isinstance(tree, dict):
            for key, value in tree.items():
                yield f"{self.scalar(key, flow=True, key=True)}: {self.flow(value, indent)}"
        else:
            for item in tree:
                yield self.flow(item, indent)

    def block(self, tree: Tree, indent: int) -> str:
        """Write a mapping or a list that is not empty, line by line."""
        margin = " " * indent
        written = ""
        step = self.choose(2, 5)
        if isinstance(tree, dict):
            for key, value in tree.items():
                shown = self.scalar(key, flow=False, key=True)
                if isinstance(value, list) and step == 5:
                    step = 0  # a list may stand under its key without more blanks
                written += f"{self.gap(indent)}{margin}{shown}:{self.below(value, indent, step)}"
                step = step or 5
            return written
        for item in tree:
            if isinstance(item, dict | list) and item and self.chance(2):
                inner = self.block(item, indent + 2)
                if inner.startswith(f"{margin}  ") and inner[indent + 2] not in " #":
                    written += f"{self.gap(indent)}{margin}- {inner[indent + 2 :]}"
                    continue
            written += f"{self.gap(indent)}{margin}-{self.below(item, indent, step)}"
        return written

    def below(self, tree: Tree, indent: int, step: int) -> str:
        """Write what stands after a colon or a dash."""
        if isinstance(tree, str):
            return f" {self.value(tree, indent)}"
        if not tree or self.chance(3):
            return f" {self.flow(tree, indent)}{self.end()}"
        return self.end() + self.block(tree, indent + step)


def plain(text: str, *, flow: bool) -> bool:
    """Tell whether a text of these can stand without quotation marks; simpler than the truth."""
    if (
        not text
        or text[0] in " -#'\"{[>|%@`&*!?"
        or any(each in text for each in ("\n", "\t", ": ", " #"))
    ):
        return False
    return not flow or not any(each in text for each in ",[]{}")


def written(tree: dict[str, Tree], choose: Choose) -> bytes:
    """Write a tree in the way that the choices give."""
    layout = Layout(choose)
    text = layout.block(tree, 0) + layout.gap(0)
    if layout.chance(4):
        text = text.replace("\n", "\r\n")
    if layout.chance(4):
        text = text.rstrip("\r\n")
    return (b"\xef\xbb\xbf" if layout.chance(4) else b"") + text.encode()


@st.composite
def laid_out(draw: st.DrawFn) -> bytes:
    """Write a tree in some way; each choice is drawn, so that a failing one becomes simple."""
    return written(draw(files), lambda low, high: draw(st.integers(low, high)))


@st.composite
def large_laid_out(draw: st.DrawFn, trees: st.SearchStrategy[dict[str, Tree]]) -> bytes:
    """Write a large tree in some way, all of whose choices are drawn at once."""
    return written(draw(trees), Random(draw(st.integers(0, 2**32))).randint)

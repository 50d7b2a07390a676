"""What the package's own code must not contain."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "policyeval"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# Built-in functions that turn a text into Python or let it choose an attribute. The compiler makes
# its code objects from `ast` nodes that it built itself, never from text.
BANNED = {"__import__", "compile", "delattr", "eval", "exec", "getattr", "setattr", "vars"}
ALLOWED = {
    ("feel/compiler", "compile"),
    ("feel/compiler", "exec"),
    ("feel/conversion", "getattr"),  # of the fields of Python's own dates and times
    ("feel/syntax", "getattr"),  # of the fields that a node's class declares
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_text_becomes_python_or_chooses_an_attribute(path: Path) -> None:
    called = {
        (_name(path), node.func.id)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {(where, name) for where, name in called if name in BANNED} <= ALLOWED


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.is_relative_to(PACKAGE / "feel")], ids=_name
)
def test_the_language_knows_nothing_of_policies(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("policyeval", "")
    others = re.sub(r"hit[\s_-]?\s*polic(y|ies)", "", text, flags=re.IGNORECASE)
    assert not re.search(r"\bpolic(y|ies)\b", others)

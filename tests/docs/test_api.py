"""Every public name has an example that runs; so do the programs in the pages for those who embed."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from tools.write_api import members, public_names

ROOT = Path(__file__).parents[2]
PAGES = ["docs/api.md", "docs/embedding.md", "docs/facts.md"]

# Of these, every attribute and method has an example, of the others every name.
WHOLE = ["policyeval"]
NAMES = [
    "policyeval.cases",
    "policyeval.facts",
    "policyeval.feel",
    "policyeval.records",
    "policyeval.store",
    "policyeval.streams",
    "policyeval.telemetry",
]


def blocks(page: str) -> list[tuple[int, str]]:
    """Give the programs of a page, each with its first line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, each.start()) + 2, each[1]) for each in found]


def names_in(page: str) -> set[str]:
    """Give the names that the programs of a page use."""
    found: set[str] = set()
    for _, program in blocks(page):
        for node in ast.walk(ast.parse(program)):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                    found.add(name)
                case _:
                    pass
    return found


USED = names_in("docs/api.md")


@pytest.mark.parametrize("module_name", [*WHOLE, *NAMES])
def test_every_public_name_has_an_example(module_name: str) -> None:
    assert sorted({name for name, _ in public_names(module_name)} - USED) == []


@pytest.mark.parametrize("module_name", WHOLE)
def test_everything_that_a_public_class_offers_has_an_example(module_name: str) -> None:
    missing = [
        f"{name}.{member}"
        for name, kind in public_names(module_name)
        if isinstance(kind, type)
        for member, _ in members(kind)
        if member not in USED
    ]
    assert missing == []


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder as an application has it: with policies, and some transactions."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("service")
def test_the_programs_of_a_page_run_and_give_what_their_comments_say(page: str) -> None:
    variables: dict[str, object] = {"__name__": "__main__"}
    for line, program in blocks(page):
        lines = program.splitlines()
        for statement in ast.parse(program).body:
            source = ast.get_source_segment(program, statement)
            assert source is not None
            at = f"{page}:{line + statement.lineno - 1}"
            # In its place in the page, so that an error names the line.
            code = "\n" * (line + statement.lineno - 2) + source
            last = lines[(statement.end_lineno or 1) - 1]
            _, has_comment, said = last.partition("  # ")
            if isinstance(statement, ast.Expr) and has_comment:
                value = eval(compile(code, at, "eval"), variables)
                assert (at, repr(value)) == (at, said.strip())
            else:
                exec(compile(code, at, "exec"), variables)

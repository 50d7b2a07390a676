"""The Python in the documents runs, and gives what the comments beside it say."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "tools/feel_page.md"]


def _programs(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


PROGRAMS = {
    f"{name} {number}": program
    for name in DOCUMENTS
    for number, program in enumerate(_programs(name), 1)
}


def test_the_readme_shows_the_language_in_python() -> None:
    assert "README.md 1" in PROGRAMS


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=list(PROGRAMS))
def test_a_program_in_the_documents_gives_what_its_comments_say(program: str) -> None:
    variables: dict[str, object] = {}
    for statement in ast.parse(program).body:
        source = ast.get_source_segment(program, statement)
        assert source is not None
        line = program.splitlines()[(statement.end_lineno or 1) - 1]
        _, has_comment, said = line.partition("  # ")
        if isinstance(statement, ast.Expr) and has_comment:
            value = eval(compile(source, "<document>", "eval"), variables)
            assert repr(value) == said.strip()
        else:
            exec(compile(source, "<document>", "exec"), variables)


def test_the_links_in_the_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []

"""Runs the Python of a page: each value is what the comment beside it says."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(name: str) -> int:
    """Run every program of a page, one after the other, and give how many values were compared."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    variables: dict[str, object] = {}
    compared = 0
    for program in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        lines = program.splitlines()
        for statement in ast.parse(program).body:
            source = ast.get_source_segment(program, statement)
            assert source is not None
            _, has_comment, said = lines[(statement.end_lineno or 1) - 1].partition("  # ")
            if isinstance(statement, ast.Expr) and has_comment:
                value = eval(compile(source, name, "eval"), variables)
                assert repr(value) == said.strip(), source
                compared += 1
            else:
                exec(compile(source, name, "exec"), variables)
    return compared

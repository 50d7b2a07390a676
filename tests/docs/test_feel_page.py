"""docs/feel.md says what the language does: every row that shows a value is run."""

import re
from pathlib import Path

import pytest

from policyeval import feel

TEMPLATE = Path(__file__).parents[2] / "tools" / "feel_page.md"

# The examples of built-in functions, which the page shows too, run in the tests of their kinds.
ROWS = re.findall(
    r"^\| `([^`]+)` \| `([^`]+)` \|$", TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.parametrize(("expression", "value"), ROWS, ids=[row[0] for row in ROWS])
def test_an_expression_on_the_page_has_the_value_beside_it(expression: str, value: str) -> None:
    given, wanted = feel.evaluate(expression), feel.evaluate(value)
    assert (type(given), given) == (type(wanted), wanted)

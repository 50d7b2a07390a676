"""Every built-in is documented by examples, and the examples hold."""

import pytest

from policyeval import feel
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.builtins.declaration import Builtin, Example
from policyeval.feel.operators import equal
from policyeval.feel.values import Value
from policyeval.feel.writing import kind_of

EXAMPLES = [
    pytest.param(example, id=f"{builtin.name}: {example.expression}")
    for builtin in BUILTINS.values()
    for example in builtin.examples
]

# DMN 1.5, tables 72 to 79, section by section.
SPECIFIED = """
date / date and time / time / number / string / duration / years and months duration
not / substring / string length / upper case / lower case / substring before / substring after
replace / contains / starts with / ends with / matches / split / string join
list contains / count / min / max / sum / mean / all / any / sublist / append / concatenate
insert before / remove / list replace / reverse / index of / union / distinct values
flatten / product / median / stddev / mode / decimal / floor / ceiling
round up / round down / round half up / round half down / abs / modulo / sqrt / log / exp / odd
even / is / before / after / meets / met by / overlaps / overlaps before / overlaps after
finishes / finished by / includes / during / starts / started by / coincides / day of year
day of week / month of year / week of year / sort / get value / get entries / context
context put / context merge / now / today / range
"""


def _value(text: str) -> Value:
    return feel.evaluate(text)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_what_it_says(example: Example) -> None:
    got, wanted = _value(example.expression), _value(example.result)
    assert kind_of(got) == kind_of(wanted)
    assert equal(got, wanted)


def test_all_built_ins_of_the_specification_are_there_and_no_others() -> None:
    wanted = {name.strip() for line in SPECIFIED.splitlines() for name in line.split("/")} - {""}
    assert set(BUILTINS) == wanted


@pytest.mark.parametrize("builtin", BUILTINS.values(), ids=lambda each: each.name)
def test_a_built_in_has_two_examples_and_uses_its_own_name_in_them(builtin: Builtin) -> None:
    clocks = {"now", "today"}
    assert len(builtin.examples) >= (1 if builtin.name in clocks else 2)
    assert any(f"{builtin.name}(" in each.expression for each in builtin.examples)


@pytest.mark.parametrize("builtin", BUILTINS.values(), ids=lambda each: each.name)
def test_only_the_last_parameters_may_be_left_out(builtin: Builtin) -> None:
    for signature in builtin.signatures:
        flags = [each.optional for each in signature.parameters]
        assert flags == sorted(flags)

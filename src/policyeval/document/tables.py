"""Decision tables of the document: the cells in words, the hit policy in a sentence."""

from policyeval.document.page import Lines, Page
from policyeval.feel import syntax
from policyeval.messages import Message, message
from policyeval.policy.model import Choice, Decision, Formula, Slot, Table


def table(page: Page, decision: Decision, given: Table) -> Lines:
    """Write a decision table."""
    yield f"- {page.say(_hit_policy(given))}"
    defaults = [
        _value(page, decision, each.default) for each in given.outputs if each.default is not None
    ]
    if defaults:
        text = message("where no row applies: {value}", value=", ".join(defaults))
        yield f"- {page.say(text)}"
    yield ""
    heads = [_column(page, each.expression) for each in given.inputs]
    heads += [_result(page, decision, each.name) for each in given.outputs]
    heads.append(page.say(message("clause")))
    yield _row(heads)
    yield "|" + "---|" * len(heads)
    for rule in given.rules:
        cells = [
            _tests(page, cell, column.expression)
            for cell, column in zip(rule.when, given.inputs, strict=True)
        ]
        cells += [_value(page, decision, each) for each in rule.then]
        yield _row([*cells, ", ".join(rule.clauses or decision.clauses)])
    yield ""


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _column(page: Page, formula: Formula) -> str:
    return page.phrasing(formula).term(formula.tree)


def _result(page: Page, decision: Decision, name: str | None) -> str:
    """Name a column of results: by the decision, or where there are several by their own names."""
    assert decision.table is not None
    if len(decision.table.outputs) > 1 and name is not None:
        return f"`{name}`"
    return f"*{page.title(decision)}*"


def _value(page: Page, decision: Decision, slot: Slot) -> str:
    if isinstance(slot, Choice):
        reading = page.reading(slot.reading)
        options = (
            f"{page.option(reading, name)} → {_value(page, decision, option)}"
            for name, option in slot.options.items()
            if name in reading.admissible
        )
        return f"{reading.ambiguity}: {'; '.join(options)}"
    if isinstance(slot.tree, syntax.NumberLiteral):
        return page.words.value(decision.name, slot.tree.value)
    said = page.said(slot, value=True)
    return said if isinstance(said, str) else f"`{slot.text}`"


def _tests(page: Page, cell: Formula, column: Formula) -> str:
    tree = cell.tree
    if not isinstance(tree, syntax.UnaryTests) or isinstance(column.tree, syntax.UnaryTests):
        return f"`{cell.text}`"
    if not tree.tests:
        return page.say(message("anything"))
    said = page.phrasing(cell).tests(tree.tests, column.tree)
    return page.say(message("none of: {list}", list=said)) if tree.negated else said


def _hit_policy(given: Table) -> Message:
    match given.hit_policy:
        case "UNIQUE":
            return message("by this table, of which at most one row applies:")
        case "ANY":
            return message("by this table; where several rows apply, they say the same:")
        case "FIRST":
            return message("by this table; the first row that applies counts:")
        case "PRIORITY":
            return message("by this table; of the rows that apply, the best result counts:")
        case "COLLECT":
            return _collected(given.aggregation)
        case "RULE ORDER":
            return message("by this table; every row that applies counts, in their order:")
        case "OUTPUT ORDER":
            return message("by this table; every row that applies counts, the best result first:")


def _collected(aggregation: str | None) -> Message:
    match aggregation:
        case "SUM":
            return message("by this table; the results of the rows that apply are added up:")
        case "MIN":
            return message("by this table; the smallest result of the rows that apply counts:")
        case "MAX":
            return message("by this table; the largest result of the rows that apply counts:")
        case "COUNT":
            return message("by this table; the answer is how many different results apply:")
        case _:
            return message("by this table; every row that applies counts:")

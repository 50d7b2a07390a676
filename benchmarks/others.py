"""The same conditions in other expression languages, as their own documentation would have them.

The texts stand in two tables: `CEL` (for both of its packages) and `ZEN`. Each package is used on
the fastest of its documented ways: compiled once, and called with a dict of the variables. Values
that it does not take as Python has them (dates; decimals) are converted in each call, because each
call brings new ones; that is part of what using the language costs. Functions that the host would
have to write in Python and register are not used: they would be the hand-written ones again.

The packages come with the extra `benchmark`; nothing else needs them.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from benchmarks.cases import Case

Runner = Callable[..., Any]


@dataclass(frozen=True)
class Cannot:
    """A language has no exact way to say it, and why."""

    reason: str


NO_MONTHS = Cannot("durations have no months")
NO_DECIMALS = Cannot("numbers with decimals are binary floats")

# A date is its midnight, in UTC: CEL has points in time only. It cannot take the time off a point
# in time either; but a date is at most `date(x)` exactly if its midnight is at most `x`.
CEL: dict[str, str | Cannot] = {
    "date window, fixed": 'approved_on <= referred_at + duration("4320h")',
    "date window, parameter": "approved_on <= referred_at + approval_window",
    "date window and a flag": (
        "established_on > referred_at + approval_window && !extension_requested"
    ),
    "six months from the first invoice": NO_MONTHS,
    "six months from the request": NO_MONTHS,
    "45 days from the quarter's end": NO_MONTHS,
    "the quarter's last day": NO_MONTHS,
    "accepted by the quarter's end": NO_MONTHS,
    "one of four products": (
        'product in ["blancco_erasure_licence", "blancco_subscription", "data_migration",'
        ' "document_review"]'
    ),
    "one of two, or a flag": (
        'customer_relation in ["existing", "negotiating"] || conflict_of_interest'
    ),
    "number or name is stated": "registration_number != null || company_name != null",
    "in time, if it happened": "approved_on != null && approved_on <= approval_window_ends_on",
    "three-valued and": (
        "registered == false || paid == false ? false"
        " : (registered == null || paid == null ? null : true)"
    ),
    "three-valued or of three": (
        "existing == true || negotiating == true || conflict ? true"
        " : (existing == null || negotiating == null ? null : false)"
    ),
    "not revoked before the due day": "status_revoked_on == null || status_revoked_on > fee_due_on",
    "an amount, rounded half up": NO_DECIMALS,
    "the base after collection": NO_DECIMALS,
    "contacted directly before": (
        "direct_contact_at != null && direct_contact_at < referred_at"
        ' && direct_contact_about == "this_project"'
    ),
    "between two dates": NO_MONTHS,
    "in the same quarter": (
        "customer_paid_on.getFullYear() == invoice_on.getFullYear()"
        " && customer_paid_on.getMonth() / 3 == invoice_on.getMonth() / 3"
    ),
    "one of a log is authorised and in time": (
        "acceptances.exists(each, each.authorised && each.accepted_at <= deadline)"
    ),
}

# A date is its midnight here too. Numbers are decimals (of 28 digits), but come from Python as
# floats and go back as floats: as text they stay exact.
ZEN: dict[str, str | Cannot] = {
    "date window, fixed": "d(approved_on) <= d(referred_at).startOf('day').add(180, 'd')",
    "date window, parameter": (
        "d(approved_on) <= d(referred_at).startOf('day').add(approval_window, 'd')"
    ),
    "date window and a flag": (
        "d(established_on) > d(referred_at).startOf('day').add(approval_window, 'd')"
        " and not extension_requested"
    ),
    "six months from the first invoice": "d(invoice_on) < d(first_invoice_on).add(6, 'M')",
    "six months from the request": (
        "d(fee_invoice_received_on) <= d(fee_invoice_requested_on).add(6, 'M')"
    ),
    # From the month's first day, because the quarter of 31 May would start on an invalid date; for
    # the same reason not `isSame(…, 'quarter')` below.
    "45 days from the quarter's end": (
        "d(customer_paid_on).startOf('month').startOf('quarter').add(3, 'M').sub(1, 'd')"
        ".add(45, 'd').format('%F')"
    ),
    "the quarter's last day": "d(quarter_starts_on).add(3, 'M').sub(1, 'd').format('%F')",
    "accepted by the quarter's end": (
        "d(accepted_at).startOf('day') <= d(quarter_starts_on).add(3, 'M').sub(1, 'd')"
    ),
    "one of four products": (
        "product in ['blancco_erasure_licence', 'blancco_subscription', 'data_migration',"
        " 'document_review']"
    ),
    "one of two, or a flag": (
        "customer_relation in ['existing', 'negotiating'] or conflict_of_interest"
    ),
    "number or name is stated": "registration_number != null or company_name != null",
    "in time, if it happened": (
        "approved_on != null and d(approved_on) <= d(approval_window_ends_on)"
    ),
    "three-valued and": (
        "registered == false or paid == false ? false"
        " : (registered == null or paid == null ? null : true)"
    ),
    "three-valued or of three": (
        "existing == true or negotiating == true or conflict ? true"
        " : (existing == null or negotiating == null ? null : false)"
    ),
    "not revoked before the due day": (
        "status_revoked_on == null or d(status_revoked_on) > d(fee_due_on)"
    ),
    "an amount, rounded half up": "string(round(number(fee_base) * number(fee_rate), 2))",
    "the base after collection": (
        "string(in_collection ? number(secured_amount) - number(collection_costs)"
        " : number(invoice_amount))"
    ),
    "contacted directly before": (
        "direct_contact_at != null and d(direct_contact_at) < d(referred_at)"
        " and direct_contact_about == 'this_project'"
    ),
    "between two dates": (
        "d(invoice_on) >= d(first_invoice_on) and d(invoice_on) < d(first_invoice_on).add(6, 'M')"
    ),
    "in the same quarter": (
        "d(customer_paid_on).year() == d(invoice_on).year()"
        " and d(customer_paid_on).quarter() == d(invoice_on).quarter()"
    ),
    "one of a log is authorised and in time": (
        "some(acceptances, #.authorised and d(#.accepted_at) <= d(deadline))"
    ),
}

# How a value of a FEEL type is handed over: Python in which VALUE is the variable. A type that is
# not named is handed over as it is.
CEL_PYTHON = {
    "boolean": "BoolType(VALUE)",
    "string": "StringType(VALUE)",
    "date": "TimestampType(VALUE.year, VALUE.month, VALUE.day, tzinfo=UTC)",
    "date and time": "TimestampType(VALUE)",
    "days and time duration": "DurationType(VALUE)",
    "list": "json_to_cel(VALUE)",
}
CEL_RUST = {
    "date": "combine(VALUE, MIDNIGHT)",
    "date and time": "VALUE.replace(tzinfo=UTC)",  # quicker than to have a zone added by the package
}
ZEN_RUST = {
    "number": "str(VALUE)",
    "date": "VALUE.isoformat()",
    "date and time": "VALUE.isoformat()",
    "days and time duration": "VALUE.days",
    "list": "[{**each, 'accepted_at': each['accepted_at'].isoformat()} for each in VALUE]",
}
# And how a result comes back, where the engine gives it as text.
ZEN_RESULTS: dict[type, str] = {date: "date.fromisoformat(RESULT)", Decimal: "Decimal(RESULT)"}

# What those pieces of Python refer to, beside celpy's own types.
NAMES = {
    "MIDNIGHT": time(tzinfo=UTC),
    "UTC": UTC,
    "Decimal": Decimal,
    "combine": datetime.combine,
    "date": date,
}


def prepare(name: str, case: Case) -> Runner | str:
    """Give a case as a function of its row's values, or a few words that say why there is none."""
    if find_spec(MODULES[name]) is None:
        return "not installed"
    function = ENGINES[name](case)
    if function is None:
        return "cannot say it"
    return function if _agrees(case, function, _failures(name)) else "differs"


def _agrees(case: Case, function: Runner, failures: tuple[type[Exception], ...]) -> bool:
    try:
        return all(function(*row) == case.by_hand(*row) for row in case.rows)
    except failures:
        return False


def _failures(name: str) -> tuple[type[Exception], ...]:
    """Give what a package raises when an expression has no result for some values."""
    if name == "cel-python":
        import celpy

        return (celpy.CELEvalError,)
    # The last for a date that does not exist: ZEN gives the text `Invalid date`.
    return (RuntimeError, TypeError, ValueError)


def _cel_python(case: Case) -> Runner | None:
    text = CEL[case.name]
    if isinstance(text, Cannot):
        return None
    import celpy
    from celpy import celtypes

    # Four times as quick as the runner that interprets the tree, which is the default.
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    program = environment.program(environment.compile(text))
    names = {"json_to_cel": celpy.json_to_cel, **vars(celtypes)}
    return _function(case, program.evaluate, CEL_PYTHON, {}, names)


def _cel_rust(case: Case) -> Runner | None:
    text = CEL[case.name]
    if isinstance(text, Cannot):
        return None
    import cel

    return _function(case, cel.compile(text).execute, CEL_RUST, {}, {})


def _zen(case: Case) -> Runner | None:
    text = ZEN[case.name]
    if isinstance(text, Cannot):
        return None
    import zen

    return _function(case, zen.compile_expression(text).evaluate, ZEN_RUST, ZEN_RESULTS, {})


def _function(
    case: Case,
    evaluate: Runner,
    conversions: dict[str, str],
    results: dict[type, str],
    names: dict[str, Any],
) -> Runner:
    """Write out the function that a user would: one dict with each variable's value converted.

    A loop over the variables would do, but its time would be counted as the engine's.
    """
    entries = ", ".join(
        f"{name!r}: {_converted(name, type_, conversions)}" for name, type_ in case.types.items()
    )
    gives = inspect.signature(case.by_hand).return_annotation
    result = results.get(gives, "RESULT").replace("RESULT", f"evaluate({{{entries}}})")
    function: Runner = eval(
        f"lambda {', '.join(case.types)}: {result}", {**names, **NAMES, "evaluate": evaluate}
    )
    return function


def _converted(name: str, type_: str, conversions: dict[str, str]) -> str:
    written = conversions.get(type_.rstrip("?").split("<")[0])
    if written is None:
        return name
    value = written.replace("VALUE", name)
    return f"None if {name} is None else {value}" if type_.endswith("?") else value


MODULES = {"cel-python": "celpy", "common-expression-language": "cel", "zen-engine": "zen"}

ENGINES: dict[str, Callable[[Case], Runner | None]] = {
    "cel-python": _cel_python,
    "common-expression-language": _cel_rust,
    "zen-engine": _zen,
}

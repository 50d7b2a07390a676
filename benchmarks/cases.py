"""What is measured: conditions of the two programmes, as FEEL and as somebody would write them in Python.

Each hand-written function gives the same answers as its expression, for every row; `feel.py` checks
that before it measures. It is written the way a careful programmer would: constants and helpers
outside the function, Python's own types, no checks of what the types promise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import product
from typing import Any

CENT = Decimal("0.01")
DAY = timedelta(days=1)
WINDOW = timedelta(days=180)
NET_45 = timedelta(days=45)
# Amounts are computed to 34 digits, whatever the context of the calling thread says.
_NUMBERS = Context(prec=34)
MULTIPLY = _NUMBERS.multiply
SUBTRACT = _NUMBERS.subtract
OUTSIDE = frozenset(
    {"blancco_erasure_licence", "blancco_subscription", "data_migration", "document_review"}
)
PROBLEMATIC = frozenset({"existing", "negotiating"})

_LONG = frozenset({1, 3, 5, 7, 8, 10, 12})


def last_day(year: int, month: int) -> int:
    """Give the number of days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 31 if month in _LONG else 30


def months_later(day: date, months: int) -> date:
    """Move a date by months, to the month's last day where it has no such day."""
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, last_day(year, month)))


@dataclass(frozen=True)
class Case:
    """An expression, the same by hand, and the values both are run with.

    Attributes:
        types: Variable to FEEL type, in the order of the hand-written function's parameters.
        rows: Values of the variables, one tuple for each run.
    """

    name: str
    feel: str
    types: dict[str, str]
    by_hand: Callable[..., Any]
    rows: list[tuple[Any, ...]]


DAYS = [date(2024, 1, 15), date(2024, 2, 29), date(2024, 8, 31), date(2023, 12, 31)]
MOMENTS = [datetime(2023, 12, 4, 9, 30), datetime(2024, 1, 31, 23, 59), datetime(2024, 3, 1)]
BOOLEANS = [True, False]
MAYBE = [True, False, None]


def _approved_in_time(approved_on: date, referred_at: datetime) -> bool:
    return approved_on <= referred_at.date() + WINDOW


def _approved_in_window(approved_on: date, referred_at: datetime, window: timedelta) -> bool:
    return approved_on <= referred_at.date() + window


def _too_late(
    established_on: date, referred_at: datetime, window: timedelta, requested: bool
) -> bool:
    return established_on > referred_at.date() + window and not requested


def _within_six_months(invoice_on: date, first_invoice_on: date) -> bool:
    return invoice_on < months_later(first_invoice_on, 6)


def _invoice_in_time(received_on: date, requested_on: date) -> bool:
    return received_on <= months_later(requested_on, 6)


def _fee_due_on(paid_on: date) -> date:
    month = 3 * ((paid_on.month - 1) // 3) + 3
    return date(paid_on.year, month, last_day(paid_on.year, month)) + NET_45


def _quarter_ends_on(quarter_starts_on: date) -> date:
    return months_later(quarter_starts_on, 3) - DAY


def _accepted_in_quarter(accepted_at: datetime, quarter_starts_on: date) -> bool:
    return accepted_at.date() <= months_later(quarter_starts_on, 3) - DAY


def _outside_programme(product: str) -> bool:
    return product in OUTSIDE


def _may_be_refused(customer_relation: str, conflict_of_interest: bool) -> bool:
    return customer_relation in PROBLEMATIC or conflict_of_interest


def _identified(registration_number: str | None, company_name: str | None) -> bool:
    return registration_number is not None or company_name is not None


def _approved_if_known(approved_on: date | None, window_ends_on: date) -> bool:
    return approved_on is not None and approved_on <= window_ends_on


def _both_hold(registered: bool | None, paid: bool | None) -> bool | None:
    if registered is False or paid is False:
        return False
    if registered is None or paid is None:
        return None
    return True


def _any_holds(existing: bool | None, negotiating: bool | None, conflict: bool) -> bool | None:
    if existing or negotiating or conflict:
        return True
    if existing is None or negotiating is None:
        return None
    return False


def _not_revoked_before(status_revoked_on: date | None, fee_due_on: date) -> bool:
    return status_revoked_on is None or status_revoked_on > fee_due_on


def _fee_amount(fee_base: Decimal, fee_rate: Decimal) -> Decimal:
    return MULTIPLY(fee_base, fee_rate).quantize(CENT, ROUND_HALF_UP)


def _fee_base(
    in_collection: bool, secured: Decimal, costs: Decimal, invoice_amount: Decimal
) -> Decimal:
    return SUBTRACT(secured, costs) if in_collection else invoice_amount


def _contacted_before(
    direct_contact_at: datetime | None, referred_at: datetime, about: str
) -> bool:
    return (
        direct_contact_at is not None
        and direct_contact_at < referred_at
        and about == "this_project"
    )


def _invoice_counts(invoice_on: date, first_invoice_on: date) -> bool:
    return first_invoice_on <= invoice_on < months_later(first_invoice_on, 6)


def _same_quarter(paid_on: date, invoice_on: date) -> bool:
    return (
        paid_on.year == invoice_on.year and (paid_on.month - 1) // 3 == (invoice_on.month - 1) // 3
    )


def _accepted_by_authorised(acceptances: list[dict[str, Any]], deadline: datetime) -> bool:
    for each in acceptances:  # noqa: SIM110 - `any` is three times as slow
        if each["authorised"] and each["accepted_at"] <= deadline:
            return True
    return False


ACCEPTANCES = [
    [],
    [{"authorised": False, "accepted_at": MOMENTS[0]}],
    [
        {"authorised": False, "accepted_at": MOMENTS[0]},
        {"authorised": True, "accepted_at": MOMENTS[1]},
        {"authorised": True, "accepted_at": MOMENTS[2]},
    ],
]

CASES = [
    Case(
        "date window, fixed",
        'approved_on <= date(referred_at) + duration("P180D")',
        {"approved_on": "date", "referred_at": "date and time"},
        _approved_in_time,
        list(product(DAYS, MOMENTS)),
    ),
    Case(
        "date window, parameter",
        "approved_on <= date(referred_at) + approval_window",
        {
            "approved_on": "date",
            "referred_at": "date and time",
            "approval_window": "days and time duration",
        },
        _approved_in_window,
        list(product(DAYS, MOMENTS, [WINDOW])),
    ),
    Case(
        "date window and a flag",
        "established_on > date(referred_at) + approval_window and not(extension_requested)",
        {
            "established_on": "date",
            "referred_at": "date and time",
            "approval_window": "days and time duration",
            "extension_requested": "boolean",
        },
        _too_late,
        list(product(DAYS, MOMENTS, [WINDOW], BOOLEANS)),
    ),
    Case(
        "six months from the first invoice",
        'invoice_on < first_invoice_on + duration("P6M")',
        {"invoice_on": "date", "first_invoice_on": "date"},
        _within_six_months,
        list(product(DAYS, DAYS)),
    ),
    Case(
        "six months from the request",
        'fee_invoice_received_on <= fee_invoice_requested_on + duration("P6M")',
        {"fee_invoice_received_on": "date", "fee_invoice_requested_on": "date"},
        _invoice_in_time,
        list(product(DAYS, DAYS)),
    ),
    Case(
        "45 days from the quarter's end",
        "date(customer_paid_on.year, 3 * floor((customer_paid_on.month - 1) / 3) + 1, 1)"
        ' + duration("P3M") - duration("P1D") + duration("P45D")',
        {"customer_paid_on": "date"},
        _fee_due_on,
        [(day,) for day in DAYS],
    ),
    Case(
        "the quarter's last day",
        'quarter_starts_on + duration("P3M") - duration("P1D")',
        {"quarter_starts_on": "date"},
        _quarter_ends_on,
        [(date(2024, month, 1),) for month in (1, 4, 7, 10)],
    ),
    Case(
        "accepted by the quarter's end",
        'date(accepted_at) <= quarter_starts_on + duration("P3M") - duration("P1D")',
        {"accepted_at": "date and time", "quarter_starts_on": "date"},
        _accepted_in_quarter,
        list(product(MOMENTS, [date(2023, 10, 1), date(2024, 1, 1)])),
    ),
    Case(
        "one of four products",
        'product in ("blancco_erasure_licence", "blancco_subscription", "data_migration",'
        ' "document_review")',
        {"product": "string"},
        _outside_programme,
        [("data_recovery",), ("document_review",), ("other",)],
    ),
    Case(
        "one of two, or a flag",
        'customer_relation in ("existing", "negotiating") or conflict_of_interest',
        {"customer_relation": "string", "conflict_of_interest": "boolean"},
        _may_be_refused,
        list(product(["new", "existing"], BOOLEANS)),
    ),
    Case(
        "number or name is stated",
        "registration_number != null or company_name != null",
        {"registration_number": "string?", "company_name": "string?"},
        _identified,
        list(product(["SE-1", None], ["Bolaget AB", None])),
    ),
    Case(
        "in time, if it happened",
        "approved_on != null and approved_on <= approval_window_ends_on",
        {"approved_on": "date?", "approval_window_ends_on": "date"},
        _approved_if_known,
        list(product([*DAYS, None], DAYS)),
    ),
    Case(
        "three-valued and",
        "registered and paid",
        {"registered": "boolean?", "paid": "boolean?"},
        _both_hold,
        list(product(MAYBE, MAYBE)),
    ),
    Case(
        "three-valued or of three",
        "existing or negotiating or conflict",
        {"existing": "boolean?", "negotiating": "boolean?", "conflict": "boolean"},
        _any_holds,
        list(product(MAYBE, MAYBE, BOOLEANS)),
    ),
    Case(
        "not revoked before the due day",
        "status_revoked_on = null or status_revoked_on > fee_due_on",
        {"status_revoked_on": "date?", "fee_due_on": "date"},
        _not_revoked_before,
        list(product([*DAYS, None], DAYS)),
    ),
    Case(
        "an amount, rounded half up",
        "round half up(fee_base * fee_rate, 2)",
        {"fee_base": "number", "fee_rate": "number"},
        _fee_amount,
        list(product([Decimal("1234.50"), Decimal(99)], [Decimal("0.075"), Decimal("0.1")])),
    ),
    Case(
        "the base after collection",
        "if in_collection then secured_amount - collection_costs else invoice_amount",
        {
            "in_collection": "boolean",
            "secured_amount": "number",
            "collection_costs": "number",
            "invoice_amount": "number",
        },
        _fee_base,
        list(product(BOOLEANS, [Decimal("800.25")], [Decimal(50)], [Decimal("1000.00")])),
    ),
    Case(
        "contacted directly before",
        "direct_contact_at != null and direct_contact_at < referred_at"
        ' and direct_contact_about = "this_project"',
        {
            "direct_contact_at": "date and time?",
            "referred_at": "date and time",
            "direct_contact_about": "string",
        },
        _contacted_before,
        list(product([*MOMENTS, None], MOMENTS, ["this_project", "another_matter"])),
    ),
    Case(
        "between two dates",
        'invoice_on in [first_invoice_on..first_invoice_on + duration("P6M"))',
        {"invoice_on": "date", "first_invoice_on": "date"},
        _invoice_counts,
        list(product(DAYS, DAYS)),
    ),
    Case(
        "in the same quarter",
        "customer_paid_on.year = invoice_on.year and floor((customer_paid_on.month - 1) / 3)"
        " = floor((invoice_on.month - 1) / 3)",
        {"customer_paid_on": "date", "invoice_on": "date"},
        _same_quarter,
        list(product(DAYS, DAYS)),
    ),
    Case(
        "one of a log is authorised and in time",
        "some each in acceptances satisfies each.authorised and each.accepted_at <= deadline",
        {
            "acceptances": "list<context<authorised: boolean, accepted_at: date and time>>",
            "deadline": "date and time",
        },
        _accepted_by_authorised,
        list(product(ACCEPTANCES, MOMENTS)),
    ),
]

"""What decided is shown with labels and values, as it turned out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from policyeval.evaluation.comparisons import Deciding, Valued, deciding_text
from policyeval.evaluation.naming import words
from policyeval.policy.never import NEVER
from tests.evaluation.sample import VALID

ORDERED = Valued("ordered_on", date(2024, 5, 2))
INTRODUCED = Valued("introduced_at", datetime(2024, 2, 1, 8, 0, tzinfo=UTC))
VALUE = Valued("order_value", Decimal("1234.5"))
PRODUCT = Valued("product", "software")
NAME = Valued("company_name", None)


@pytest.mark.parametrize(
    ("parts", "result", "shown"),
    [
        ((Valued("is_reseller", True),), True, "partner is a reseller: yes"),
        (("not(", Valued("is_reseller", False), ")"), True, "partner is a reseller: no"),
        ((VALUE, " > 1000"), True, "order value 1,234.5 > 1,000"),
        ((VALUE, " >= 2000"), False, "order value 1,234.5 < 2,000"),
        ((VALUE, " <= 2000.50"), True, "order value 1,234.5 ≤ 2,000.5"),
        ((VALUE, " = 2000"), False, "order value: 1,234.5, not 2,000"),
        (("2000 != ", VALUE), True, "order value: 1,234.5, not 2,000"),
        ((PRODUCT, ' = "software"'), True, "product: software"),
        ((PRODUCT, ' = "hardware"'), False, "product: software, not equipment"),
        ((PRODUCT, ' != "training"'), True, "product: software, not `training`"),
        ((PRODUCT, ' in ("hardware", "training")'), False, None),
        ((NAME, " != null"), False, "stated company name: none"),
        (("null = ", NAME), True, "stated company name: none"),
        ((Valued("company_name", "A"), ' = "B"'), False, "stated company name: “A”, not “B”"),
        (
            (ORDERED, ' < date("2024-05-01")'),
            False,
            "order placed 2 May 2024 ≥ 1 May 2024",
        ),
        ((ORDERED, ' > @"2024-05-01"'), True, "order placed 2 May 2024 > 1 May 2024"),
        (
            ("date(", INTRODUCED, ') + duration("P90D") > ', ORDERED),
            False,
            "customer introduced 1 February 2024 + 90 days ≤ order placed 2 May 2024",
        ),
        (
            (Valued("ordered_on", NEVER), " > ", Valued("period_ends_on", date(2024, 5, 1))),
            True,
            "order placed (never occurs) > last day of the period 1 May 2024",
        ),
        ((Valued("happened(ordered_on)", True),), True, "order placed: has occurred"),
        ((Valued("happened(ordered_on)", False),), False, "order placed: has not occurred"),
        ((Valued("never(ordered_on)", True),), True, "order placed: never occurs"),
        ((Valued("never(ordered_on)", False),), False, "order placed: may occur"),
        ((Valued("asked_on", date(2024, 6, 1)),), None, "the day asked on: 1 June 2024"),
        ((Valued("bonus_amount", Decimal("0.125")),), None, "How much is the bonus? SEK 0.125"),
        ((Valued("order_window", timedelta(days=1)),), None, "order period: 1 day"),
        ((Valued("extension_decision", None),), None, "decision on the extension: no decision"),
        (
            (Valued("extension_decision", "granted"), ' = "refused"'),
            False,
            "decision on the extension: granted, not refused",
        ),
        (
            (VALUE, " > 1000 and ", Valued("is_reseller", True)),
            True,
            "order value (1,234.5) > 1,000 and partner is a reseller (yes)",
        ),
        (
            (VALUE, " > 2000 or ", Valued("is_reseller", False)),
            False,
            "order value (1,234.5) > 2,000 or partner is a reseller (no): does not hold",
        ),
        (("count(", Valued("visits", []), ") = 0"), True, "count(visits no entries) = 0"),
        (('"\\q', VALUE), None, None),
        (('@"nonsense" = ', VALUE), True, None),
        (("= ", VALUE), None, None),
        ((), None, ""),
    ],
)
def test_what_decided_is_said_in_words(
    parts: tuple[str | Valued, ...], result: bool | None, shown: str | None
) -> None:
    text = deciding_text(Deciding(parts, result), words(VALID, "en"))
    if shown is None:  # odd, but nothing to fail at
        assert text
    else:
        assert text.replace("\xa0", " ") == shown


def test_each_language_has_its_own_labels_and_formats() -> None:
    compared = Deciding((VALUE, " > 1000.5 or ", PRODUCT, ' = "hardware"'), False)
    assert deciding_text(compared, words(VALID, "sv")).replace("\xa0", " ") == (
        "ordervärde (1 234,5) > 1 000,5 eller produkt (programvara) = maskinvara: inte uppfyllt"
    )
    assert deciding_text(compared, words(VALID, "de")) == (
        "Auftragswert (1.234,5) > 1.000,5 oder Produkt (Software) = Hardware: trifft nicht zu"
    )


def test_without_a_policy_names_stand_for_themselves() -> None:
    compared = Deciding((Valued("a", Decimal(3)), " > ", Valued("b", Decimal(2))), True)
    assert deciding_text(compared, words(None, "en")) == "`a` 3 > `b` 2"
    assert compared.written == "a > b"

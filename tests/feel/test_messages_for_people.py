"""What people really write, and what they are told: position, code and help, in every language.

The conditions are in the terms of the two programmes. Each is wrong in a way that lawyers, and those
who come from spreadsheets and word processors, are wrong: brackets, commas, dates, quotation marks,
words of their own language. One mistake gives one message, at the mistake, with the help that a good
colleague would give.
"""

import re

import pytest

from policyeval import feel
from policyeval.diagnostics import Diagnostic, render
from policyeval.errors import ExpressionError

SCOPE = feel.Scope(
    {
        "option": "string",
        "partner_is_law_firm": "boolean",
        "referred_at": "date and time",
        "referred_on": "date",
        "approved_on": "date",
        "status_revoked_on": "date?",
        "registration_number": "string?",
        "invoice_amount": "number",
        "invoice_on": "date",
        "first_invoice_on": "date",
        "fee_rate": "number",
        "fee_base": "number",
        "resumed_job": "boolean",
        "extended_work": "boolean",
        "secured_amount": "number?",
        "collection_costs": "number",
        "customer_relation": "string",
        "product": "string",
        "company_name": "string?",
        "conflict_of_interest": "boolean",
        "invoice_dates": "list<date>",
        "customer_paid_on": "date?",
    }
)


def problems(text: str) -> tuple[Diagnostic, ...]:
    try:
        return feel.compile_expression(text, SCOPE, mode="strict").diagnostics
    except ExpressionError as error:
        return error.diagnostics


# What is written, the code, the column, and the help (None where the message says it all).
WRITTEN: list[tuple[str, str, int, str | None]] = [
    ("(invoice_amount > 100 and resumed_job", "feel.syntax", 1, "put `)` where it should end"),
    (
        "invoice_amount > 100) and resumed_job",
        "feel.syntax",
        21,
        "delete it, or put `(` where it should begin",
    ),
    ("invoice_amount > 100 und resumed_job", "feel.syntax", 22, "write `and`"),
    ("invoice_amount > 100 och resumed_job", "feel.syntax", 22, "write `and`"),
    ("resumed_job eller extended_work", "feel.syntax", 13, "write `or`"),
    ("resumed_job oder extended_work", "feel.syntax", 13, "write `or`"),
    ("om resumed_job då 1 annars 2", "feel.syntax", 1, "write `if`"),
    ("wenn resumed_job dann 1 sonst 2", "feel.syntax", 1, "write `if`"),
    ("if resumed_job dann 1 else 2", "feel.syntax", 16, "write `then`"),
    ("if resumed_job then 1 sonst 2", "feel.syntax", 23, "write `else`"),
    ("option = “referral”", "feel.syntax", 10, 'write `"referral"`'),
    ("option = „referral“", "feel.syntax", 10, 'write `"referral"`'),
    ("option = ‘referral’", "feel.syntax", 10, 'write `"referral"`'),
    ("option = 'referral'", "feel.syntax", 10, 'write `"referral"`'),
    ("option = »referral«", "feel.syntax", 10, 'write `"referral"`'),
    ("option = ”referral”", "feel.syntax", 10, 'write `"referral"`'),
    ("fee_base * 0,25", "feel.syntax", 12, "write a number with a point: `0.25`"),
    (
        "round half up(fee_base * 0,25, 2)",
        "feel.arguments",
        1,
        "write a number with a point: `0.25`",
    ),
    (
        "invoice_amount > 1,000",
        "feel.syntax",
        18,
        "write `1000`, or `1.000` if the comma begins the fraction",
    ),
    ("invoice_amount > 1.000,50", "feel.syntax", 18, "write a number with a point: `1000.50`"),
    ("invoice_amount > 1 000", "feel.syntax", 18, "write `1000`"),
    ("invoice_amount > 1'000", "feel.syntax", 19, "write `1000`"),
    ("invoice_amount > 1_000", "feel.syntax", 18, "write `1000`"),
    ("approved_on <= 31.12.2024", "feel.syntax", 16, 'write `date("2024-12-31")`'),
    ("approved_on <= 2024-12-31", "feel.type", 13, 'write `date("2024-12-31")`'),
    ('approved_on <= "2024-12-31"', "feel.type", 13, 'write `date("2024-12-31")`'),
    ('approved_on <= date("2023-02-30")', "feel.literal", 21, None),
    ('approved_on <= date("31.12.2024")', "feel.literal", 21, "did you mean `2024-12-31`?"),
    ("approved_on <= date(2024-01-31)", "feel.type", 21, 'write `date("2024-01-31")`'),
    ('approved_on <= date("2024-1-31")', "feel.literal", 21, "did you mean `2024-01-31`?"),
    ("approved_on <= 31/12/2024", "feel.type", 13, 'write `date("2024-12-31")`'),
    (
        "fee_base * 25%",
        "feel.syntax",
        14,
        "for per cent divide by 100, for a remainder write `modulo(a, b)`",
    ),
    (
        "fee_base * 25 %",
        "feel.syntax",
        15,
        "for per cent divide by 100, for a remainder write `modulo(a, b)`",
    ),
    ("fee_base * 25 percent", "feel.syntax", 12, "write `0.25`"),
    ("status_revoked_on is null", "feel.syntax", 19, "write `=`"),
    ("status_revoked_on is not null", "feel.syntax", 19, "write `!=`"),
    ("status_revoked_on = nul", "feel.unknown-name", 21, "did you mean `null`?"),
    ("status_revoked_on != Null", "feel.unknown-name", 22, "write `null`"),
    ("status_revoked_on = None", "feel.unknown-name", 21, "write `null`"),
    ("status_revoked_on <> null", "feel.syntax", 19, "write `!=`"),
    ("resumed_job, and extended_work", "feel.syntax", 12, "leave out the comma"),
    ("resumed_job and, extended_work", "feel.syntax", 16, "leave out the comma"),
    (
        "resumed_job and or extended_work",
        "feel.syntax",
        17,
        "`or` stands between two values; one is missing before it",
    ),
    ("resumed_job and not extended_work", "feel.syntax", 17, "write `not(extended_work)`"),
    ("not resumed_job", "feel.syntax", 1, "write `not(resumed_job)`"),
    ("!resumed_job", "feel.syntax", 1, "write `not(…)` for the opposite of a condition"),
    ("resumed_job = ja", "feel.unknown-name", 15, "write `true`"),
    ("resumed_job = True", "feel.unknown-name", 15, "write `true`"),
    ('resumed_job = "true"', "feel.type", 13, "write `true`, without quotation marks"),
    ("invoice_amount > ", "feel.syntax", 17, None),
    ("invoice_amount > 100 and", "feel.syntax", 25, None),
    (
        "if resumed_job then 1",
        "feel.syntax",
        22,
        "an `if` has a `then` and an `else`; write `else null` for no value",
    ),
    ("if resumed_job then 1 else", "feel.syntax", 27, None),
    ("approved_on <= referred_on + 180 days", "feel.syntax", 30, 'write `duration("P180D")`'),
    (
        "approved_on <= referred_on + 180",
        "feel.type",
        28,
        'write a period as a duration: `duration("P180D")`',
    ),
    ("approved_on <= referred_on + P180D", "feel.unknown-name", 30, 'write `duration("P180D")`'),
    ('approved_on <= referred_on + "P180D"', "feel.type", 28, 'write `duration("P180D")`'),
    (
        'approved_on <= referred_on + duration("180 days")',
        "feel.literal",
        39,
        "did you mean `P180D`?",
    ),
    ('approved_on <= referred_on + duration("P6 M")', "feel.literal", 39, "did you mean `P6M`?"),
    ('approved_on <= referred_on + duration("6M")', "feel.literal", 39, "did you mean `P6M`?"),
    (
        'approved_on <= referred_on + duration("PT6M")',
        "feel.no-effect",
        30,
        "`P6M` is six months, `P6D` six days, `PT6M` six minutes",
    ),
    (
        "approved_on <= referred_on + duration(P6M)",
        "feel.unknown-name",
        39,
        'a text is written in quotation marks: `"P6M"`',
    ),
    ('approved_on <= referred_on + duration("p6m")', "feel.literal", 39, "did you mean `P6M`?"),
    ('approved_on <= referred_on + duration("P1Y6D")', "feel.literal", 39, None),
    (
        "approved_on <= referred_on + duration(180)",
        "feel.type",
        39,
        'write a period as a duration: `duration("P180D")` is 180 days',
    ),
    ("approved_on <= referred_on + 6 months", "feel.syntax", 30, 'write `duration("P6M")`'),
    (
        "0 < invoice_amount < 100",
        "feel.type",
        20,
        "write each comparison by itself: `0 < invoice_amount and invoice_amount < 100`",
    ),
    (
        "0 < invoice_amount and < 100",
        "feel.syntax",
        24,
        "say again what is compared: `invoice_amount < …`",
    ),
    (
        "invoice_amount > 100 €",
        "feel.syntax",
        18,
        "write the number alone, without the currency: `100`",
    ),
    (
        "invoice_amount > €100",
        "feel.unknown-name",
        18,
        "write the number alone, without the currency: `100`",
    ),
    (
        "invoice_amount > $100",
        "feel.syntax",
        18,
        "an amount is written as a number alone, without the currency",
    ),
    (
        "invoice_amount > 100 SEK",
        "feel.syntax",
        18,
        "write the number alone, without the currency: `100`",
    ),
    (
        "invoice_amount > SEK 100",
        "feel.syntax",
        18,
        "write the number alone, without the currency: `100`",
    ),
    (
        "invoice_amount > 100kr",
        "feel.syntax",
        18,
        "write the number alone, without the currency: `100`",
    ),
    ("fee_rte * fee_base", "feel.unknown-name", 1, "did you mean `fee_rate`?"),
    ("fee rate * fee_base", "feel.syntax", 5, "did you mean `fee_rate`?"),
    ("Fee_Rate * fee_base", "feel.unknown-name", 1, "did you mean `fee_rate`?"),
    ("fee_base * feerate", "feel.unknown-name", 12, "did you mean `fee_rate`?"),
    (
        "option = referral",
        "feel.unknown-name",
        10,
        'a text is written in quotation marks: `"referral"`',
    ),
    (
        "product in (data_recovery, other)",
        "feel.unknown-name",
        13,
        'a text is written in quotation marks: `"data_recovery"`',
    ),
    (
        'product in ("data_recovery" "other")',
        "feel.syntax",
        29,
        "between two values there must be a comma or an operator",
    ),
    ('product in ["data_recovery", "other"', "feel.syntax", 12, "put `]` where it should end"),
    (
        'product in {"data_recovery", "other"}',
        "feel.syntax",
        28,
        "curly brackets hold entries, `name: value`; a list stands in `[…]`",
    ),
    (
        'product in "data_recovery", "other"',
        "feel.syntax",
        27,
        'put the values in brackets: `x in ("a", "b")`',
    ),
    (
        'product = "data_recovery" or "other"',
        "feel.type",
        30,
        'say again what is compared: `product = "other"`',
    ),
    (
        "product = data recovery",
        "feel.syntax",
        11,
        'a text is written in quotation marks: `"data recovery"`',
    ),
    ('option == "referral"', "feel.syntax", 8, "write `=`"),
    ('option := "referral"', "feel.syntax", 8, "write `=`"),
    ('option equals "referral"', "feel.syntax", 8, "write `=`"),
    ('option = "referral', "feel.syntax", 10, 'put a quotation mark `"` where the text ends'),
    ('option = referral"', "feel.syntax", 18, 'put a quotation mark `"` at both ends of the text'),
    (
        'option = "referral";',
        "feel.syntax",
        20,
        "delete it; nothing stands at the end of an expression",
    ),
    ('OPTION = "referral"', "feel.unknown-name", 1, "did you mean `option`?"),
    ('option = "referral" AND resumed_job', "feel.syntax", 21, "did you mean `and`?"),
    ('option = "referral" And resumed_job', "feel.syntax", 21, "did you mean `and`?"),
    ('option = "referral" && resumed_job', "feel.syntax", 21, "write `and`"),
    ("IF resumed_job THEN 1 ELSE 2", "feel.syntax", 1, "write `if`"),
    (
        "invoice_amount >= 100 and <= 200",
        "feel.syntax",
        27,
        "say again what is compared: `invoice_amount <= …`",
    ),
    ("invoice_amount => 100", "feel.syntax", 16, "write `>=`"),
    ("invoice_amount =< 100", "feel.syntax", 16, "write `<=`"),
    ("invoice_amount ≥ 100", "feel.syntax", 16, "write `>=`"),
    ("invoice_amount between 100 to 200", "feel.syntax", 28, "write `and`"),
    (
        "invoice_amount between 100, 200",
        "feel.syntax",
        27,
        "`between` has two ends: `x between 1 and 10`",
    ),
    (
        "invoice_amount between (100 and 200)",
        "feel.syntax",
        37,
        "`between` has two ends: `x between 1 and 10`",
    ),
    ("invoice_amount in 100..200", "feel.syntax", 19, "write `[100..200]`"),
    ("approved_on in [2024-01-01..2024-03-31]", "feel.type", 16, 'write `date("2024-01-01")`'),
    (
        'approved_on between date("2024-01-01") and date("2024-03-31"',
        "feel.syntax",
        48,
        "put `)` where it should end",
    ),
    (
        "invoice_on.quarter",
        "feel.unknown-member",
        12,
        "there is: `year`, `month`, `day`, `weekday`",
    ),
    ("invoice_on.months", "feel.unknown-member", 12, "did you mean `month`?"),
    ("month(invoice_on)", "feel.unknown-function", 1, "write `invoice_on.month`"),
    (
        "days(approved_on - referred_on)",
        "feel.unknown-function",
        1,
        "write `(approved_on - referred_on).days`",
    ),
    (
        "(approved_on - referred_on) <= 180",
        "feel.type",
        29,
        'write a period as a duration: `duration("P180D")`',
    ),
    (
        "approved_on - referred_on <= 180",
        "feel.type",
        27,
        'write a period as a duration: `duration("P180D")`',
    ),
    (
        'approved_on - referred_at <= duration("P180D")',
        "feel.type",
        13,
        "take the day of the date and time with `date(…)`",
    ),
    (
        "approved_on <= referred_at",
        "feel.type",
        13,
        "take the day of the date and time with `date(…)`",
    ),
    ("round(invoice_amount, 2)", "feel.unknown-function", 1, "write `round half up(n, 2)`"),
    ("round half up(invoice_amount)", "feel.arguments", 1, None),
    ("abs invoice_amount", "feel.syntax", 1, "write `abs(…)`"),
    ("sum(1; 2)", "feel.syntax", 6, "values in a list are separated by commas"),
    ("max(invoice_amount, 0", "feel.syntax", 4, "put `)` where it should end"),
    (
        "min(secured_amount, 100)",
        "feel.null",
        5,
        "ask first: `secured_amount != null and …`, or use `if secured_amount = null then …`",
    ),
    (
        "secured_amount - collection_costs",
        "feel.null",
        1,
        "ask first: `secured_amount != null and …`, or use `if secured_amount = null then …`",
    ),
    (
        "if secured_amount = null then 0 else secured_amount - colection_costs",
        "feel.unknown-name",
        55,
        "did you mean `collection_costs`?",
    ),
    (
        "if secured_amount > 0 then 1 else 2",
        "feel.null",
        4,
        "ask first: `secured_amount != null and …`, or use `if secured_amount = null then …`",
    ),
    ("registration_number = empty", "feel.unknown-name", 23, "write `null`"),
    (
        "string length(registration_number) > 0",
        "feel.null",
        15,
        "ask first: `registration_number != null and …`, or use `if registration_number = null then …`",
    ),
    ('company_name contains "AB"', "feel.syntax", 14, "write `contains(a, b)`"),
    (
        "contains(company_name, AB)",
        "feel.unknown-name",
        24,
        'a text is written in quotation marks: `"AB"`',
    ),
    ("length(option)", "feel.unknown-function", 1, "write `string length(text)`"),
    ("exists(registration_number)", "feel.unknown-function", 1, "write `value != null`"),
    ("isnull(registration_number)", "feel.unknown-function", 1, "write `value = null`"),
    (
        "is null(registration_number)",
        "feel.syntax",
        4,
        "between two values there must be an operator, such as `and`, `=` or `+`",
    ),
    (
        "today() > approved_on",
        "feel.not-in-profile",
        1,
        "use a date that is given, such as `asked_on`",
    ),
    ("approved_on < today", "feel.type", 13, "use a date that is given, such as `asked_on`"),
    (
        "approved_on < now()",
        "feel.not-in-profile",
        15,
        "use a date that is given, such as `asked_on`",
    ),
    (
        "some d in invoice_dates satisfies d > 5",
        "feel.type",
        37,
        'write a day as `date("2024-01-31")`',
    ),
    ("every invoice_dates satisfies > approved_on", "feel.syntax", 21, None),
    ("for d in invoice_dates return d +", "feel.syntax", 34, None),
    ("invoice_dates.first", "feel.unknown-member", 15, None),
    ('count(invoice_dates) > "3"', "feel.type", 22, "write `3`, without quotation marks"),
    ("last(invoice_dates) > approved_on", "feel.unknown-function", 1, "write `list[-1]`"),
    (
        "else if resumed_job then 1",
        "feel.syntax",
        1,
        "an `else` belongs to an `if … then …` before it",
    ),
    (
        "if resumed_job then 1 elseif extended_work then 2 else 3",
        "feel.syntax",
        23,
        "did you mean `else if`?",
    ),
    (
        "if resumed_job then 1; else 2",
        "feel.syntax",
        22,
        "delete it; nothing stands at the end of an expression",
    ),
    ("if (resumed_job) 1 else 2", "feel.syntax", 18, "an `if` has a `then` and an `else`"),
    ("if resumed_job : 1 else 2", "feel.syntax", 16, "an `if` has a `then` and an `else`"),
    ("resumed_job ? 1 : 2", "feel.syntax", 13, "write `if … then … else …`"),
    ("return resumed_job", "feel.syntax", 1, "leave out `return`: an expression is its own result"),
    (
        "let x = 5",
        "feel.syntax",
        5,
        "between two values there must be an operator, such as `and`, `=` or `+`",
    ),
    ("resumed_job => extended_work", "feel.syntax", 13, "write `>=`"),
    ('date("2024-01-31T10:00")', "feel.literal", 6, "did you mean `2024-01-31`?"),
    ('date("2024-01-31") + P6M', "feel.unknown-name", 22, 'write `duration("P6M")`'),
    ("@2024-01-31", "feel.syntax", 1, 'write a date as `@"2024-01-31"`'),
    ('@"31.12.2024"', "feel.literal", 1, "did you mean `2024-12-31`?"),
    ('@"P6 M"', "feel.literal", 1, "did you mean `P6M`?"),
    ('@"180 days"', "feel.literal", 1, "did you mean `P180D`?"),
    ("@“2024-01-31”", "feel.syntax", 1, 'write `@"2024-01-31"`'),
    ('"2024-01-31" + duration("P1D")', "feel.type", 14, 'write `date("2024-01-31")`'),
    ("invoice_amount > 100 -- comment", "feel.unknown-name", 25, None),
    ("# comment", "feel.syntax", 1, "a comment begins with `//`"),
    ('option = "referral" /* nothing', "feel.syntax", 21, "put `*/` where the comment ends"),
    ("fee_base × fee_rate", "feel.syntax", 10, "write `*`"),
    ("fee_base x fee_rate", "feel.syntax", 10, "write `*`"),
    ("fee_base − collection_costs", "feel.syntax", 10, "write `-`"),
    ("fee_base – collection_costs", "feel.syntax", 10, "write `-`"),
    ("(fee_base * fee_rate", "feel.syntax", 1, "put `)` where it should end"),
    ("fee_base * fee_rate)", "feel.syntax", 20, "delete it, or put `(` where it should begin"),
    ("[fee_base * fee_rate)", "feel.syntax", 21, "each bracket is closed by one of its own kind"),
    (
        "{fee_base * fee_rate}",
        "feel.syntax",
        11,
        "curly brackets hold entries, `name: value`; a list stands in `[…]`",
    ),
    (
        "fee_base * (fee_rate + 1]",
        "feel.syntax",
        25,
        "each bracket is closed by one of its own kind",
    ),
    (
        "round half up(fee_base * fee_rate; 2)",
        "feel.syntax",
        34,
        "values in a list are separated by commas",
    ),
    ("§ 4.5", "feel.syntax", 1, None),
    ("fee_base ** ", "feel.syntax", 12, None),
    ("* fee_base", "feel.syntax", 1, "`*` stands between two values; one is missing before it"),
    (
        "and resumed_job",
        "feel.syntax",
        1,
        "`and` stands between two values; one is missing before it",
    ),
    (
        "option in referral, discount",
        "feel.syntax",
        19,
        'put the values in brackets: `x in ("a", "b")`',
    ),
    ("resumed_job is true", "feel.syntax", 13, "write `=`"),
    ("resumed_job = yes", "feel.unknown-name", 15, "write `true`"),
    (
        'option not in ("referral")',
        "feel.syntax",
        8,
        "put the whole condition into the brackets of `not(…)`",
    ),
    ('option not = "referral"', "feel.syntax", 8, "write `!=`"),
    ('not option = "referral"', "feel.syntax", 1, "write `not(…)`"),
    (
        'not(option) = "referral"',
        "feel.type",
        5,
        "put the whole condition into the brackets of `not(…)`",
    ),
    ("unless resumed_job", "feel.syntax", 1, "write `not(resumed_job)`"),
    (
        "resumed_job and (extended_work or conflict_of_interest",
        "feel.syntax",
        17,
        "put `)` where it should end",
    ),
    (
        "resumed_job) or extended_work",
        "feel.syntax",
        12,
        "delete it, or put `(` where it should begin",
    ),
    (
        "invoice_amount > 1.5.3",
        "feel.syntax",
        21,
        "between two values there must be an operator, such as `and`, `=` or `+`",
    ),
    ("invoice_amount > .", "feel.syntax", 18, None),
    ("invoice_amount > -", "feel.syntax", 19, None),
    (
        "invoice_amount > 1e",
        "feel.syntax",
        18,
        "a name begins with a letter; put a space after a number",
    ),
    ("0x1F", "feel.syntax", 1, "a name begins with a letter; put a space after a number"),
    ('"a" + 1', "feel.type", 5, "turn the number into text with `string(…)`"),
    ('"Amount: " + invoice_amount', "feel.type", 12, "turn the number into text with `string(…)`"),
    ("option.referral", "feel.unknown-member", 8, None),
    (
        "fee_base%2",
        "feel.syntax",
        9,
        "for per cent divide by 100, for a remainder write `modulo(a, b)`",
    ),
    ("fee_base mod 2", "feel.syntax", 10, "write `modulo(a, b)`"),
    ("5 days", "feel.syntax", 1, 'write `duration("P5D")`'),
    (
        'approved_on - duration("P180D") - referred_on <= 5',
        "feel.type",
        47,
        'write a period as a duration: `duration("P5D")`',
    ),
    ('years and months duration(approved_on) > duration("P6M")', "feel.arguments", 1, None),
    (
        "years and months duration(referred_on, approved_on) > 6",
        "feel.type",
        53,
        'write a period as a duration: `duration("P6M")`',
    ),
    (
        'duration("P6M") > duration("P180D")',
        "feel.type",
        17,
        'a month has no fixed number of days; move a date and compare dates: `a + duration("P6M") <= b`',
    ),
    ('approved_on <= referred_on + duration("P6M") or', "feel.syntax", 48, None),
    (
        "invoice_amount\u00a0>\u00a0100 and\u00a0resumed_jb",
        "feel.unknown-name",
        26,
        "did you mean `resumed_job`?",
    ),
    ("invoice_\u00adamount > 100", "text.invisible", 9, "delete it, or write the word anew"),
    (
        'option = "refer\u00adral"',
        "text.invisible-in-quote",
        16,
        "write the text anew, if it was copied",
    ),
    (
        'option = "data\u00a0recovery"',
        "text.invisible-in-quote",
        15,
        "write the text anew, if it was copied",
    ),
    ("fee_\u200bbase > 1", "text.invisible", 5, "delete it, or write the word anew"),
    ("invoice_amount > 1\u202f000", "feel.syntax", 18, "write `1000`"),
    ("invoice_amount > 1\u00a0000,50", "feel.syntax", 18, "write a number with a point: `1000.50`"),
    ("f\u0435e_base > 1", "text.script", 1, "these letters are not Latin: `\u0435` (U+0435)"),
    ("round half up(0,25, 2)", "feel.arguments", 1, "write a number with a point: `0.25`"),
    ("invoice_amount < 30 and 1,5", "feel.syntax", 25, "write a number with a point: `1.5`"),
    ("approved_on < @“2024-01-31”", "feel.syntax", 15, 'write `@"2024-01-31"`'),
    ("invoice_amount > 5days", "feel.syntax", 18, 'write `duration("P5D")`'),
    ("max(1.000.000, fee_base)", "feel.syntax", 5, "write `1000000`"),
    ("resumed_job und nicht(extended_work)", "feel.syntax", 13, "write `and`"),
    ("invoice_amount größer als 100", "feel.syntax", 16, "write `>`"),
    ("invoice_amount is greater than 100", "feel.syntax", 16, "write `>`"),
    ("resumed_job ist nicht extended_work", "feel.syntax", 13, "write `!=`"),
]

# Two mistakes, and so two messages.
TWICE = {"product in (data_recovery, other)"}


@pytest.mark.parametrize(
    ("text", "code", "column", "help"), WRITTEN, ids=[text for text, *_ in WRITTEN]
)
def test_a_mistake_gets_one_message_at_its_place_with_help(
    text: str, code: str, column: int, help: str | None
) -> None:
    found = problems(text)
    assert len(found) == (2 if text in TWICE else 1)
    first = found[0]
    told = first.help.text() if first.help else None
    position = first.source.position(first.span.start)
    assert (first.code, position.line, position.column, told) == (code, 1, column, help)


@pytest.mark.parametrize("text", [text for text, *_ in WRITTEN])
def test_what_is_told_is_told_alike_in_every_language(text: str) -> None:
    for each in problems(text):
        lines = {language: render(each, language).split("\n") for language in ("en", "sv", "de")}
        assert len({len(shown) for shown in lines.values()}) == 1
        # The same place, excerpt and caret; other words, which keep what stands in backticks.
        assert len({tuple(shown[1:3]) for shown in lines.values()}) == 1
        places = {tuple(re.findall(r":(\d+):(\d+): ", shown[0])[:1]) for shown in lines.values()}
        assert len(places) == 1
        messages = {language: each.message.text(language) for language in lines}
        assert len(set(messages.values())) == 3
        quoted = [sorted(re.findall(r"`[^`]*`", told)) for told in messages.values()]
        assert quoted[0] == quoted[1] == quoted[2]
        assert not any(told.endswith(".") for told in messages.values())
        if each.help is not None:
            assert len({each.help.text(language) for language in lines}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "status_revoked_on !=null",
        "invoice_amount > 1.000",
        'product in ["data_recovery", "other"]',
        "invoice_amount\u00a0>\u00a0100",
        "\ufeffinvoice_amount > 100",
        "invoice_amount > 100\r\n  and resumed_job\r\n",
        'approved_on <= referred_on + duration("P6M")',
        'approved_on <= referred_on + duration("PT36H")',
        'referred_at <= referred_at + duration("PT6M")',
        'option = "und" or option = "180 days"',
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert not problems(text)


def test_an_unfinished_line_is_marked_where_it_stops_not_where_the_text_does() -> None:
    (problem,) = problems("fee_base > 1\n  and\n\n// to be continued\n")
    position = problem.source.position(problem.span.start)
    assert (position.line, position.column) == (2, 6)


@pytest.mark.parametrize("word", ["und", "och", "UND", "Und", "AND", "&&", "samt"])
def test_and_is_known_in_every_dress(word: str) -> None:
    (problem,) = problems(f"resumed_job {word} extended_work")
    assert problem.help is not None
    assert "`and`" in problem.help.text("sv")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("180 days", "P180D"), ("180 Tage", "P180D"), ("180 dagar", "P180D"), ("1 day", "P1D")),
        *(("6 months", "P6M"), ("6 Monate", "P6M"), ("6 månader", "P6M"), ("2 weeks", "P14D")),
        *(("1 year", "P1Y"), ("3 Jahre", "P3Y"), ("2 år", "P2Y"), ("180d", "P180D")),
        *(("36 hours", "PT36H"), ("36 timmar", "PT36H"), ("90 Minuten", "PT90M")),
    ],
)
def test_a_period_in_words_is_told_as_a_duration(written: str, meant: str) -> None:
    for text in (f"referred_on + {written} > approved_on", f"fee_base = 1 and {written}"):
        (problem,) = problems(text)
        assert problem.help is not None
        assert problem.help.text() == f'write `duration("{meant}")`'
    (problem,) = problems(f'approved_on + duration("{written}") > referred_on')
    assert problem.help is not None
    assert problem.help.text() == f"did you mean `{meant}`?"


@pytest.mark.parametrize("day", ["31.12.2024", "2024.12.31", "2024/12/31", "31/12/2024"])
def test_a_date_in_another_form_is_told_as_a_date(day: str) -> None:
    for text in (f"approved_on <= {day}", f"referred_on < {day} and resumed_job"):
        (problem,) = problems(text)
        assert problem.help is not None
        assert problem.help.text() == 'write `date("2024-12-31")`'


def test_a_date_of_which_day_and_month_cannot_be_told_is_not_guessed() -> None:
    for text in ("approved_on <= 1/2/2024", 'approved_on <= date("1/2/2024")'):
        (problem,) = problems(text)
        assert "2024-02-01" not in render(problem)
        assert "2024-01-02" not in render(problem)

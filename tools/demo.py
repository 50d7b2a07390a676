"""Show what the expression language does, by running its command line as a reader would."""

import os
import shlex
import subprocess
import sys

LAST_DAY_OF_QUARTER = (
    '{paid_on: @"2024-05-17",'
    " quarter_ends_on: date(paid_on.year, 3 * ceiling(paid_on.month / 3), 1)"
    ' + @"P1M" - @"P1D",'
    ' due_on: quarter_ends_on + @"P45D"}.due_on'
)
MISSPELT = (
    '{first_invoice_on: @"2024-02-01", invoice_on: @"2024-07-15",'
    ' counts: invoice_on <= first_invoce_on + @"P6M"}.counts'
)

EXAMPLES: tuple[tuple[str, str, str], ...] = (
    (
        "A customer was referred on 10 January 2024. Until when may the agreement be approved?",
        '@"2024-01-10" + @"P180D"',
        "en",
    ),
    (
        "Approved on 9 July: is that within 180 days?",
        '@"2024-07-09" in [@"2024-01-10" .. @"2024-01-10" + @"P180D"]',
        "en",
    ),
    (
        "The customer paid on 17 May 2024. When are 45 days from the end of that quarter over?",
        LAST_DAY_OF_QUARTER,
        "en",
    ),
    (
        "Six months from 31 August: there is no 31 February, so the month's last day counts.",
        '@"2023-08-31" + @"P6M"',
        "en",
    ),
    (
        "Money is exact: no binary fractions anywhere.",
        "0.1 + 0.2 = 0.3",
        "en",
    ),
    ("A name is misspelt. In English …", MISSPELT, "en"),
    ("… in Swedish …", MISSPELT, "sv"),
    ("… and in German.", MISSPELT, "de"),
)


def main() -> None:
    """Run every example and show the question, the command and the answer."""
    for question, expression, language in EXAMPLES:
        command = ["-m", "policyeval.feel", expression]
        if language != "en":
            command += ["--lang", language]
        print(f"\n# {question}\n$ python {shlex.join(command)}", flush=True)
        subprocess.run(  # noqa: S603 - our own interpreter, our own examples
            [sys.executable, *command],
            check=False,
            stderr=subprocess.STDOUT,
            env={**os.environ, "POLICYEVAL_LANG": "en"},
        )
    print()


if __name__ == "__main__":
    main()

"""Decide the shipped transactions of both programmes, by the command line as a reader would."""

import os
import shlex
import subprocess
import sys

SWEDISH, GERMAN = "ibas-ontrack-partner", "kaspersky-target-notification"

EXAMPLES: tuple[tuple[str, str], ...] = (
    (
        "A referral fee that is not payable, for two reasons (in English)",
        f"decide {SWEDISH} examples/ibas-no.json --asked-on 2025-05-02"
        " --decision referral_fee_payable --lang en",
    ),
    (
        "The same answer in Swedish",
        f"decide {SWEDISH} examples/ibas-no.json --asked-on 2025-05-02"
        " --decision referral_fee_payable --lang sv",
    ),
    (
        "The same answer in German",
        f"decide {SWEDISH} examples/ibas-no.json --asked-on 2025-05-02"
        " --decision referral_fee_payable --lang de",
    ),
    (
        "A question that the terms leave open: how they are read decides (in Swedish)",
        f"decide {SWEDISH} examples/ibas-open.json --asked-on 2025-01-31"
        " --decision referral_fee_payable --lang sv",
    ),
    (
        "A fee that is pending: the partner's invoice may still arrive in time (in Swedish)",
        f"decide {SWEDISH} examples/ibas-pending.json --asked-on 2024-12-15"
        " --decision referral_fee_payable --lang sv",
    ),
    (
        "A rebate that is not calculated (in German)",
        f"decide {GERMAN} examples/kaspersky-no.json --asked-on 2020-07-15"
        " --decision rebate_calculated --lang de",
    ),
    (
        "A rebate that is pending: there is still time (in German)",
        f"decide {GERMAN} examples/kaspersky-pending.json --asked-on 2020-06-20"
        " --decision rebate_calculated --decision acceptance_deadline --lang de",
    ),
    (
        "A rebate that is open, since the notice can be read in two ways (in German)",
        f"decide {GERMAN} examples/kaspersky-open.json --asked-on 2020-10-15"
        " --decision rebate_calculated --lang de",
    ),
)


def main() -> int:
    """Run the examples and print them as a reader would have typed them."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    for title, command in EXAMPLES:
        print(f"\n\n## {title}\n\n$ policyeval {command}\n", flush=True)
        done = subprocess.run(  # noqa: S603 - the commands stand above
            [sys.executable, "-m", "policyeval", *shlex.split(command)],
            env=environment,
            check=False,
        )
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

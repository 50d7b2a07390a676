"""`python -m policyeval` is `policyeval`."""

import sys

from policyeval.cli import main

if __name__ == "__main__":
    sys.exit(main())

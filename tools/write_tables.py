"""Write the tables of the grammar, so that the first evaluation need not wait for lark to make them.

`--check` changes nothing and fails where the file is not what the grammar gives.
"""

import argparse
import sys
from pathlib import Path

from policyeval.feel import grammar

ROOT = Path(__file__).parent.parent


def current() -> str:
    """Give the text that the file must have."""
    text = grammar.text()
    return grammar.written(grammar.built(text), text)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail if outdated")
    check = parser.parse_args().check
    path, text = grammar.SAVED, current()
    name = path.relative_to(ROOT)
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") == text:
        return 0
    if check:
        print(f"{name} is not up to date; run `make docs`", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Keep the Swedish and German catalogues in step with the texts in the code.

`tools/messages.py update` takes every `message("…")` of the package into the `.po` files, drops
texts that are gone, and compiles the `.mo` files that the package reads. New texts come without a
translation; `tools/messages.py check` (run by CI) names them and everything else that is amiss.
Words to use are in docs/terminology.md.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "policyeval"
LANGUAGES = ("sv", "de")
DOMAIN = "policyeval"

# What argparse itself says on the command line; it looks its words up in the same catalogue.
ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "expected one argument",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
    "ambiguous option: %(option)s could match %(matches)s",
    "ignored explicit argument %r",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid %(type)s value: %(value)r",
    "not allowed with argument %s",
    "one of the arguments %s is required",
    "can't open '%(filename)s': %(error)s",
)

# Catalogues say nothing of the moment they were written, so that equal texts make equal files.
_DATE = datetime(2024, 1, 1, tzinfo=UTC)


@cache
def template() -> Catalog:
    """Collect every text of the package, in English, with the files it stands in; once in a process."""
    catalog = Catalog(project=DOMAIN, domain=DOMAIN, creation_date=_DATE, fuzzy=False)
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for text in texts(path):
            catalog.add(text, locations=[(place, 1)])
    for text in ARGPARSE:
        catalog.add(text, locations=[("argparse", 1)])
    return catalog


def texts(path: Path) -> Iterator[str]:
    """Find the first argument of every `message("…")` in a file, in the order of the file.

    Babel's own extractor reads tokens, which on Python 3.11 do not show what is inside an f-string.
    """
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "message"
        and node.args
    ]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
            yield call.args[0].value


def po_path(language: str) -> Path:
    """Give the path of a language's catalogue as translators edit it."""
    return PACKAGE / "locales" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(language: str) -> Path:
    """Give the path of a language's catalogue as the package reads it."""
    return po_path(language).with_suffix(".mo")


def read(language: str) -> Catalog:
    """Read the catalogue of a language, or make an empty one."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated(language: str) -> Catalog:
    """Give the catalogue of a language with exactly the texts that the package has."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.project = DOMAIN
    catalog.version = "1"
    catalog.header_comment = (
        f"# policyeval in {catalog.locale.english_name}." if catalog.locale else ""
    )
    catalog.creation_date = catalog.revision_date = _DATE
    catalog.last_translator = catalog.language_team = "policyeval"
    catalog.msgid_bugs_address = ""
    catalog.fuzzy = False
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """Give the text of a `.po` file, with files but without line numbers, which only make noise."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_by_file=True, include_lineno=False)
    # Which release of the tool wrote a file is of no interest to its readers.
    return re.sub(rb'"Generated-By:.*\n', b"", buffer.getvalue())


def update() -> None:
    """Write the catalogues of every language again, and compile them."""
    for language in LANGUAGES:
        catalog = updated(language)
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        po_path(language).write_bytes(po_bytes(catalog))
        with mo_path(language).open("wb") as file:
            write_mo(file, catalog)
        missing = sum(not each.string for each in entries(catalog))
        print(f"{language}: {len(catalog)} texts, {missing} without a translation")


def entries(catalog: Catalog) -> Iterator[Entry]:
    """Give the texts of a catalogue without its header."""
    return (each for each in catalog if each.id)


def problems(language: str) -> Iterator[str]:
    """Say what is amiss in the catalogue of a language, one sentence each."""
    if not po_path(language).exists() or not mo_path(language).exists():
        yield f"{language}: there is no catalogue; run `make messages`"
        return
    catalog, wanted = read(language), template()
    known = {each.id: each for each in entries(catalog)}
    for each in entries(wanted):
        if each.id not in known:
            yield f"{language}: not in the catalogue; run `make messages`: {each.id!r}"
        elif not known[each.id].string:
            yield f"{language}: not translated: {each.id!r}"
        elif known[each.id].fuzzy:
            yield f"{language}: marked as uncertain (fuzzy): {each.id!r}"
    for text in known.keys() - {each.id for each in entries(wanted)}:
        yield f"{language}: no longer in the code; run `make messages`: {text!r}"
    if catalog.obsolete:
        yield f"{language}: has obsolete entries; run `make messages`"
    with mo_path(language).open("rb") as file:
        compiled = {each.id: each.string for each in entries(read_mo(file))}
    if compiled != {text: each.string for text, each in known.items() if each.string}:
        yield f"{language}: the .mo file is not compiled from the .po file; run `make messages`"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=["update", "check"])
    if parser.parse_args().command == "update":
        update()
        return 0
    found = [problem for language in LANGUAGES for problem in problems(language)]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the documents that are made from the code, so that they cannot say anything else.

docs/feel.md is tools/feel_page.md with the built-in functions, the limits and the deviations put
in. The pages in docs/diagnostics are written by hand, but for the example: the first chunk of the
code's file in tests/diagnostics, with what it really gives. `--check` changes nothing and fails
where a document is not up to date.
"""

import argparse
import inspect
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from policyeval.diagnostics import CODES, render
from policyeval.feel.builtins import KINDS
from policyeval.feel.builtins.declaration import Builtin, Signature
from policyeval.feel.limits import Limits
from policyeval.feel.runtime import Budget
from policyeval.feel.types import type_text
from policyeval.messages import visible
from tools import chunks
from tools.write_api import api_page

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "diagnostics"
DEVIATIONS = ROOT / "tests" / "conformance" / "deviations.toml"


def documents() -> Iterator[tuple[Path, str]]:
    """Give every generated document and the text it must have."""
    yield ROOT / "docs" / "feel.md", feel_page()
    yield ROOT / "docs" / "api.md", api_page()
    yield PAGES / "README.md", overview_of_codes()
    for code in CODES:
        path = PAGES / f"{code}.md"
        if path.exists():
            yield path, with_example(code, path.read_text(encoding="utf-8"))


# ------------------------------------------------------------------------------- docs/feel.md


def feel_page() -> str:
    """Fill in the template of the language's page."""
    parts = {
        "budget": table_of_defaults(Budget),
        "limits": table_of_defaults(Limits),
        "builtins": "\n".join(built_ins()),
        "deviations": "\n".join(deviations()),
        "codes": str(len(CODES)),
    }
    template = (ROOT / "tools" / "feel_page.md").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], template)


def table_of_defaults(settings: type[Budget] | type[Limits]) -> str:
    """Make a table of a class of settings from its defaults and its documentation."""
    text = inspect.cleandoc(settings.__doc__ or "")
    documented = dict(re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", text, re.MULTILINE))
    rows = ["| setting | default | what it bounds |", "|---|---|---|"]
    for field in fields(settings):
        about = " ".join(documented[field.name].split())
        rows.append(f"| `{field.name}` | {field.default:,} | {about} |")
    return "\n".join(rows)


def built_ins() -> Iterator[str]:
    """Describe every built-in function, by kind."""
    yield "| kind | functions |"
    yield "|---|---|"
    for kind, functions in KINDS.items():
        links = ", ".join(f"[{each.name}](#{anchor(each.name)})" for each in functions)
        yield f"| {kind} | {links} |"
    for kind, functions in KINDS.items():
        yield f"\n### {kind.capitalize()} functions"
        for each in functions:
            yield from built_in(each)


def anchor(name: str) -> str:
    """Give the anchor that a heading gets."""
    return re.sub(r"[^\w-]", "", name.lower().replace(" ", "-"))


def built_in(builtin: Builtin) -> Iterator[str]:
    """Describe one built-in function."""
    yield f"\n#### {builtin.name}\n"
    for signature in builtin.signatures:
        yield f"    {signature_text(builtin.name, signature)}"
    summary = builtin.summary.text()
    yield f"\n{summary[0].upper()}{summary[1:]}."
    if not builtin.in_profile:
        yield "\nNot in the strict profile."
    yield "\n| expression | value |\n|---|---|"
    for example in builtin.examples:
        yield f"| {code(example.expression)} | {code(example.result)} |"


def signature_text(name: str, signature: Signature) -> str:
    """Write one way to call a function: `substring(string: string, length?: number): string`."""
    parameters = ", ".join(
        f"{each.name}{'?' if each.optional else ''}: {type_text(each.type)}"
        for each in signature.parameters
    )
    if signature.variadic:
        parameters += ", …"
    result = "" if callable(signature.returns) else f": {type_text(signature.returns)}"
    return f"{name}({parameters}){result}"


def code(text: str) -> str:
    """Set a FEEL text in a cell of a table."""
    escaped = " ".join(text.split("\n")).replace("|", "\\|")
    fence = "``" if "`" in text else "`"
    return f"{fence}{escaped}{fence}"


def deviations() -> Iterator[str]:
    """List where the answers differ from the test suite of the standard, with the reason."""
    found = tomllib.loads(DEVIATIONS.read_text(encoding="utf-8")) if DEVIATIONS.exists() else {}
    entries = [entry for value in found.values() if isinstance(value, list) for entry in value]
    if not entries:
        yield "None."
    for entry in entries:
        yield f"- {' '.join(str(entry['reason']).split())} ({entry['clause']})"


# ------------------------------------------------------------------------------- diagnostics


def overview_of_codes() -> str:
    """List all codes."""
    rows = [
        "# Problems and what to do about them",
        "",
        "Every problem has a code. `text.*` is about the characters of a text, `yaml.*` about a file",
        "of YAML, `feel.*` about an expression as it is written, `eval.*` about what happened when it",
        "was evaluated, and `input.*` about the values that it was given.",
        "",
        "| code | what it is about |",
        "|---|---|",
        *(f"| [{name}]({name}.md) | {about.text()} |" for name, about in CODES.items()),
    ]
    return "\n".join(rows) + "\n"


_EXAMPLE = re.compile(r"(?<=<!-- example -->\n).*?(?=<!-- end of example -->)", re.DOTALL)


def with_example(name: str, page: str) -> str:
    """Put the example of a code, and what it really gives, between the marks on its page."""
    category, _, slug = name.partition(".")
    kind = "yaml" if category in {"policy", "schema", "yaml"} else "feel"
    path = chunks.FOLDER / category / f"{slug}.{kind}"
    if not path.exists():
        return page
    return _EXAMPLE.sub(lambda _: "\n".join(example(chunks.read(path)[0])) + "\n", page)


def example(chunk: chunks.Chunk) -> Iterable[str]:
    """Show an expression or file, what it may refer to, and the problems it gives."""
    settings = [f"`{name}: {type_}`" for name, type_ in chunk.scope.items()]
    if chunk.given not in (None, "{}"):
        settings = [f"`{chunk.given}`"]
    words = [f"with {', '.join(settings)}"] if settings else []
    words += ["in the lenient mode"] if chunk.mode == "lenient" else []
    yield ""
    if words:
        sentence = ", ".join(words)
        yield f"{sentence[0].upper()}{sentence[1:]}:\n"
    yield f"```{chunk.path.suffix[1:]}"
    yield shortened(visible(chunk.text))
    yield "```\n"
    yield "```text"
    yield "\n\n".join(render(each) for each in chunks.problems(chunk))
    yield "```\n"


def shortened(text: str, length: int = 200) -> str:
    """Cut a text that only shows that something is long; a file of short lines is shown as it is."""
    short = all(len(line) <= length // 2 for line in text.split("\n"))
    return text if len(text) <= length or short else f"{text[:length]}…"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail if outdated")
    check = parser.parse_args().check
    outdated = [
        (path, text)
        for path, text in documents()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in outdated:
        if check:
            print(f"{path.relative_to(ROOT)} is not up to date; run `make docs`", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if check and outdated else 0


if __name__ == "__main__":
    sys.exit(main())

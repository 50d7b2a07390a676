r"""Read the files of tests/diagnostics: expressions and files with the problems they must give.

A file holds chunks split by lines of `---`. Each chunk is one expression; what it must give stands
in a FEEL comment on the line where the problem is, with the help if that matters:

    // scope: fee_base: number, fee_rate: number
    fee_base * fee_rte   // error: feel.unknown-name did you mean `fee_rate`?

A chunk without such a comment must give no problem. Comments at its top say how it is read:

* `scope:` the variables and their types (default: none, or what `given` has);
* `given:` a context in FEEL: the expression is also run with these values;
* `mode:` `strict` (the default) or `lenient`;
* `on line N: error: CODE help` an expectation where a comment cannot stand, in an unclosed text, say;
* `escapes`: `\u202e` and its like in the chunk stand for the characters themselves.

In a file `*.yaml` each chunk is a file of YAML, with `#` for its comments; there, in place of the
settings above,

* `read as:` names the kind of value that each value of the outermost entries is taken for: `number`,
  `integer`, `boolean`, `text`;
* `escapes` also gives bytes that are no UTF-8, as `\udce5` for the byte E5.

In `schema/` each chunk is a part of a policy, and what every policy needs is added after it;
`read as: programme` makes it a part of a programme, `read as: whole policy` leaves it as it is. In
`policy/` it is a part of a policy too, which is then also checked; what it leaves out is a small
policy about a referral.

The first chunk of a file is the example on the code's page in docs/diagnostics.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from policyeval import feel
from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError, ExpressionError, PolicyError
from policyeval.feel.checker import Mode
from policyeval.policy import yaml
from policyeval.policy.loading import load_policy, load_programme
from policyeval.policy.model import Programme
from policyeval.policy.problems import Problems
from policyeval.policy.validation import validate

FOLDER = Path(__file__).parent.parent / "tests" / "diagnostics"

_HEADER = re.compile(r"(?://|#) (scope|given|mode|on line|escapes|read as)(?::? (.*))?")
_EXPECTED = re.compile(r"(error|warning): ([a-z]+\.[a-z-]+)(?: (.*))?")
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?")


@dataclass(frozen=True, order=True)
class Expected:
    """One problem that a chunk must give; an empty help says nothing about the help."""

    line: int
    severity: str
    code: str
    help: str = ""


@dataclass(frozen=True)
class Chunk:
    """One expression, or one file of YAML, and what it must give.

    Attributes:
        text: The expression or file, without the comments that say how it is read and what it must give.
        line: Where it begins in its file.
        scope: Name to type, both as text.
        given: A context in FEEL, or None if the expression is not run.
        mode: How an expression is read; or what the values of a file are read as.
    """

    path: Path
    line: int
    text: str
    expected: tuple[Expected, ...]
    scope: dict[str, str]
    given: str | None
    mode: str

    @property
    def name(self) -> str:
        """Name the chunk for a test report."""
        return f"{self.path.parent.name}/{self.path.name}:{self.line}"


def read(path: Path) -> list[Chunk]:
    """Read every chunk of a file."""
    chunks: list[Chunk] = []
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), "---"], 1):
        if line == "---":
            chunks.append(_chunk(path, start, lines))
            start, lines = number + 1, []
        else:
            lines.append(line)
    return chunks


def _chunk(path: Path, start: int, lines: list[str]) -> Chunk:
    headers: list[tuple[str, str]] = []
    while lines and (header := _HEADER.fullmatch(lines[0])):
        headers.append((header[1], header[2] or ""))
        start, lines = start + 1, lines[1:]
    expected, text = [], []
    for number, line in enumerate(lines, 1):
        written, _, comment = line.partition("#" if path.suffix == ".yaml" else "//")
        found = _EXPECTED.fullmatch(comment.strip())
        text.append(written.rstrip() if found else line)
        if found:
            expected.append(Expected(number, found[1], found[2], found[3] or ""))
    for kind, value in headers:
        if kind == "on line":
            place, _, rest = value.partition(": ")
            if found := _EXPECTED.fullmatch(rest):
                expected.append(Expected(int(place), found[1], found[2], found[3] or ""))
    settings = dict(headers)
    whole = "\n".join(text).strip("\n")
    if "escapes" in settings:
        whole = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), whole)
    return Chunk(
        path=path,
        line=start,
        text=whole,
        expected=tuple(sorted(expected)),
        scope=dict(_variables(settings.get("scope", ""))),
        given=settings.get("given"),
        mode=settings.get("mode", settings.get("read as", "strict")),
    )


def _variables(text: str) -> Iterator[tuple[str, str]]:
    """Split `a: number, b: context<c: date, d: string>` at the commas outside of angle brackets."""
    depth, part = 0, ""
    for character in text + ",":
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "," and depth == 0:
            name, colon, type_ = part.partition(":")
            if colon:
                yield name.strip(), type_.strip()
            part = ""
        else:
            part += character


def problems(chunk: Chunk) -> list[Diagnostic]:
    """Give every problem of a chunk: those of its text or, if there are none, those of its run."""
    if chunk.path.parent.name == "schema":
        return loading_problems(chunk)
    if "policy" in chunk.path.parts:
        return checking_problems(chunk)
    if chunk.path.suffix == ".yaml":
        return yaml_problems(chunk)
    mode: Mode = "lenient" if chunk.mode == "lenient" else "strict"
    given = feel.evaluate(chunk.given) if chunk.given is not None else {}
    assert isinstance(given, dict), f"{chunk.name}: `given` is no context"
    try:
        scope = feel.Scope(chunk.scope) if chunk.scope else feel.Scope.of(given)
        compiled = feel.compile_expression(chunk.text, scope, mode=mode)
        if chunk.given is None:
            return list(compiled.diagnostics)
        return list(compiled.run(given).warnings)
    except (ExpressionError, EvaluationError) as error:
        return list(error.diagnostics)


_READERS: dict[str, Callable[[yaml.Node, Problems], object]] = {
    "number": yaml.decimal_number,
    "integer": yaml.integer,
    "boolean": yaml.boolean,
    "text": yaml.text,
}


def yaml_problems(chunk: Chunk) -> list[Diagnostic]:
    """Give every problem of a file of YAML, and of its values if they are read as something."""
    try:
        document = yaml.read(chunk.text.encode("utf-8", "surrogateescape"), "policy.yaml")
    except PolicyError as error:
        return list(error.diagnostics)
    problems = Problems(document.source)
    problems.add(document.warnings)
    read_as = _READERS.get(chunk.mode)
    if read_as is not None and isinstance(document.root, yaml.Mapping):
        for entry in document.root.entries:
            read_as(entry.value, problems)
    return list(problems.found)


_POLICY = """
format: 1
programme: example-referral
version: "2023-11-30"
in_force: {from: 2023-11-30}
known_from: 2023-11-30T09:18:37
source: {file: example-referral.2023-11-30.en.txt, language: en}
clauses: {}
decisions: {}
"""
_PROGRAMME = """
format: 1
programme: example-referral
title: {en: Referrals, sv: Hänvisningar, de: Empfehlungen}
zone: Europe/Stockholm
parties: {vendor: {en: vendor, sv: säljare, de: Anbieter}}
governed_by: {clause: "1", ambiguity: G1, question: {en: Which?, sv: Vilken?, de: Welche?}, \
options: {asked: {day: asked_on, gist: {en: asked on, sv: frågat, de: gefragt}}}}
"""


def whole(chunk: Chunk) -> str:
    """Add to a part of a file what such a file needs."""
    policy = _CHECKED if "policy" in chunk.path.parts else _POLICY
    needed = {"whole policy": "", "programme": _PROGRAMME}.get(chunk.mode, policy)
    given = re.findall(r"^(\w+):", chunk.text, re.MULTILINE)
    lines = [each for each in needed.split("\n") if each.partition(":")[0] not in given]
    return "\n".join([chunk.text, *lines])


def loading_problems(chunk: Chunk) -> list[Diagnostic]:
    """Give every problem that is found where a policy or a programme is loaded."""
    load = load_programme if chunk.mode == "programme" else load_policy
    try:
        load(whole(chunk).encode(), "policy.yaml")
    except PolicyError as error:
        return list(error.diagnostics)
    return []


def _fact(name: str, declared: str) -> str:
    return f'{name}: {{{declared}, clause: "1", label: {{en: {name}, sv: {name}, de: {name}}}}}'


_SMALL = f"""
clauses: {{"1": {{lines: [1], kind: information, gist: {{en: terms, sv: villkor, de: Bedingungen}}}}}}
facts: {{{_fact("partner_is_law_firm", "type: boolean")}, \
{_fact("product", "type: string, one_of: [software, training]")}, \
{_fact("amount", "type: number")}, {_fact("referred_on", "type: date, event: true")}, \
{_fact("approved_on", "type: date, event: true")}}}
decisions: {{amount_asked_about: {{type: number, clause: "1", value: amount, \
question: {{en: How much?, sv: Hur mycket?, de: Wie viel?}}}}}}
"""
_CHECKED = _POLICY.replace("clauses: {}\ndecisions: {}\n", _SMALL.lstrip())
_SHARED = _PROGRAMME.replace(
    "parties: {", "parties: {partner: {en: partner, sv: partner, de: Partner}, "
)


def small_programme() -> Programme:
    """Give the programme that the policies in `policy/` belong to."""
    return load_programme(_SHARED.encode(), "programme.yaml")


def checking_problems(chunk: Chunk) -> list[Diagnostic]:
    """Give every problem of a policy that is found where it is loaded and where it is checked."""
    try:
        policy = load_policy(whole(chunk).encode(), "policy.yaml")
    except PolicyError as error:
        return list(error.diagnostics)
    problems = Problems(policy.source)
    validate(policy, small_programme(), problems)
    return list(problems.found)


def found(chunk: Chunk) -> tuple[Expected, ...]:
    """Give the problems of a chunk in the form in which they are expected."""
    result = []
    for each in problems(chunk):
        line = each.source.position(min(each.span.start, len(each.source.text))).line
        help_ = each.help.text() if each.help else ""
        result.append(Expected(line, each.severity, each.code, help_))
    return tuple(sorted(result))

"""Every text for a reader is written well in English, and exists in Swedish and German."""

import ast
import calendar
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from policyeval.diagnostics import CODES
from policyeval.messages import LANGUAGES, language_of, message, translations
from tools import messages as catalogues

SOURCES = sorted(catalogues.PACKAGE.rglob("*.py"))
TRANSLATED = [language for language in LANGUAGES if language != "en"]

# Words of the implementation, which mean nothing to the reader of a message.
INSIDE = re.compile(
    r"\b(None|NoneType|True|False|str|int|float|bool|Decimal|dict|tuple|timedelta|datetime|"
    r"tokens?|terminals?|nonterminals?|AST|lark|Lark|Python|re2|exceptions?|Exception|traceback|"
    r"\w+Error|stack|recursion)\b"
)
FIELD = re.compile(r"\{([a-z_]+)\}")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdr]|%[sdr]")


def quotations(text: str) -> Counter[str]:
    """Give what stands in backticks, without null: German must quote it, since it means zero."""
    return Counter(each for each in re.findall(r"`[^`]*`", text) if each != "`null`")


@cache
def _calls(path: Path) -> dict[str, list[ast.Call]]:
    """Give the calls in a file, by the name that is called."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: dict[str, list[ast.Call]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.setdefault(node.func.id, []).append(node)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(catalogues.PACKAGE))
def test_the_text_of_a_message_is_written_out_where_it_is_made(path: Path) -> None:
    for call in _calls(path).get("message", []):
        assert call.args, f"{path}:{call.lineno}"
        template = call.args[0]
        assert isinstance(template, ast.Constant), f"{path}:{call.lineno}: not a literal"
        assert isinstance(template.value, str)
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert set(FIELD.findall(template.value)) == given, f"{path}:{call.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(catalogues.PACKAGE))
def test_messages_are_made_by_the_function_that_is_extracted(path: Path) -> None:
    if path.name != "messages.py":
        assert "Message" not in _calls(path)


def _faults(template: str) -> Iterator[str]:
    """Say what is wrong with the English of a message."""
    outside_quotation = re.sub(r"`[^`]*`", "", template)
    if word := INSIDE.search(outside_quotation):
        yield f"says {word[0]!r}, which means nothing to its reader"
    if template.count("`") % 2:
        yield "a backtick has no partner"
    if template != template.strip() or "  " in template or "\n" in template:
        yield "has blanks or line ends that are not seen"
    if template.endswith((".", "!")):
        yield "ends like a sentence"
    first = outside_quotation[:2]
    if template not in calendar.month_name and first != first.lower() and not first.isupper():
        yield "does not start in lower case, or with an acronym"


def test_a_message_speaks_the_language_of_its_reader() -> None:
    # One test for all of the almost two thousand: a test for each takes longer than its check.
    templates = [
        str(each.id)
        for each in catalogues.entries(catalogues.template())
        if each.id not in catalogues.ARGPARSE
    ]
    assert len(templates) > 1_000
    assert [(each, fault) for each in templates for fault in _faults(each)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_of_a_language_is_complete_and_compiled(language: str) -> None:
    assert list(catalogues.problems(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_fields_and_quotations_of_the_original(language: str) -> None:
    wrong = []
    for entry in catalogues.entries(catalogues.read(language)):
        original, translation = str(entry.id), str(entry.string)
        same = (
            set(FIELD.findall(original)) == set(FIELD.findall(translation))
            and Counter(PLACEHOLDER.findall(original)) == Counter(PLACEHOLDER.findall(translation))
            and quotations(original) == quotations(translation)
            and not translation.endswith((".", "!"))
            and original.endswith(" ") == translation.endswith(" ")
            and original.endswith("\n") == translation.endswith("\n")
        )
        if translation and not same:
            wrong.append((original, translation))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_a_code_is_about_reads_differently_in_each_language(language: str) -> None:
    for each in CODES.values():
        assert each.text(language) != each.text("en")


def test_a_message_is_translated_when_it_is_shown() -> None:
    unknown = message("unknown name `{name}`", name="fee_rte")
    assert unknown.text() == "unknown name `fee_rte`"
    assert unknown.text("sv") == "okänt namn `fee_rte`"
    assert unknown.text("de") == "unbekannter Name `fee_rte`"


def test_a_message_within_a_message_is_translated_too() -> None:
    outer = message("{first}: {second}", first=message("error"), second=message("warning"))
    assert outer.text("de") == "Fehler: Warnung"


@pytest.mark.parametrize(
    "value", ["{name}", "{0.__class__}", "%s", "%(name)s", "{", "}", "\\", "`", "{other}"]
)
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert message("unknown name `{name}`", name=value).text() == f"unknown name `{value}`"


def test_a_character_that_hides_or_turns_text_is_shown_by_its_number() -> None:
    shown = message("unknown name `{name}`", name="a\u202eb\u200bc\ud800\x1b").text()
    assert shown == r"unknown name `a\u202eb\u200bc\ud800\u001b`"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("sv", "sv"),
        ("sv_SE.UTF-8", "sv"),
        ("de-CH", "de"),
        ("de_AT", "de"),
        ("en_GB.UTF-8", "en"),
        ("fr_FR", "en"),
        ("C", "en"),
        ("", "en"),
        (None, "en"),
        ("../../x", "en"),
        ("sv_SE@evil", "en"),
        ("sv/../../etc", "en"),
    ],
)
def test_a_language_is_chosen_from_the_list_of_those_there_are(
    tag: str | None, language: str
) -> None:
    assert language_of(tag) == language


def test_a_language_that_is_not_on_the_list_reads_english() -> None:
    assert translations("../../x").gettext("error") == "error"
    assert message("error").text("fr") == "error"

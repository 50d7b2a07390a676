"""Help and mistakes of the command line, in three languages."""

from collections.abc import Callable
from importlib.metadata import version

import pytest

from policyeval.cli import COMMANDS
from policyeval.evaluator.compiled import ENGINE
from policyeval.messages import LANGUAGES
from tests.cli.conftest import Cli

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_explains_itself_with_examples(
    cli: Cli, language: str, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")  # where lines are broken is Python's own matter
    found = [cli("--help", "--lang", language)]
    found += [cli(command, "--help", "--lang", language) for command in COMMANDS]
    assert {each.status for each in found} == {0}
    golden(f"cli/help.{language}.txt", "\n".join(each.out for each in found))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "COMMAND"),
        (["decdie"], "'decdie'"),
        (["decide"], "required: PROGRAMME"),
        (["check", "--format", "xml"], "'xml'"),
        (["check", "a", "b"], "b"),
        (["check", "--strictly"], "--strictly"),
        (["show", "--lang"], "--lang"),
        (["versions", "x", "--lang", "xx"], "there is no language `xx` here; there are en, sv, de"),
        (["versions", "x", "--lang", "../../de"], "there is no language `../../de` here"),
        (["versions", "x", "--lang", "%s%(prog)s"], "there is no language `%s%(prog)s` here"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_command_line_that_cannot_be_used_is_said_with_status_2(
    cli: Cli, arguments: list[str], complaint: str
) -> None:
    found = cli(*arguments)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("usage: policyeval")
    assert complaint in found.err


def test_a_bad_language_is_complained_of_in_the_language_of_the_environment(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYEVAL_LANG", "sv")
    assert "språket `xx` finns inte här" in cli("versions", "x", "--lang", "xx").err


@pytest.mark.parametrize("tag", ["../../x", "sv_SE@evil", "", "xx", "\x00"])
def test_a_bad_language_of_the_environment_is_passed_over(
    cli: Cli, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "\x00" not in tag:
        monkeypatch.setenv("POLICYEVAL_LANG", tag)
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert "show this help message" in cli("--help").out


def test_the_version_is_that_of_the_package(cli: Cli) -> None:
    assert cli("--version").out == f"policyeval {version('policyeval')}\n"
    assert f"policyeval {version('policyeval')}" == ENGINE

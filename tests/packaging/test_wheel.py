"""What is built holds all that is needed to run, and works away from the checkout."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel and a source distribution into a folder."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


def test_the_wheel_holds_the_grammar_its_tables_the_types_and_the_catalogues(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "policyeval/feel/feel.lark",
        "policyeval/feel/feel.tables.json",
        "policyeval/py.typed",
        "policyeval/locales/sv/LC_MESSAGES/policyeval.mo",
        "policyeval/locales/de/LC_MESSAGES/policyeval.mo",
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_source_distribution_keeps_the_grammar_on_top(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"grammar/feel.lark", "LICENSE", "README.md", "docs/feel.md"} <= names
    assert "src/policyeval/feel/feel.lark" not in names


def test_the_wheel_evaluates_an_expression_far_from_the_checkout(
    built: Path, tmp_path: Path
) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import policyeval; assert policyeval.__file__.startswith(sys.argv[1])\n"
        "from policyeval import feel\n"
        'print(feel.evaluate(\'@"2023-08-31" + @"P6M"\'))\n'
        "assert 'lark' not in sys.modules, 'the tables are not those of the grammar'\n"
        "from policyeval.messages import message\n"
        "print(message('error').text('de'))\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", program, str(tmp_path / "site")],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == ["2024-02-29", "Fehler"]


def test_importing_the_language_does_not_load_its_parser() -> None:
    program = (
        "import sys; from policyeval import feel\n"
        "print([name for name in ('lark', 're2', 'yaml', 'babel') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "src",
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "[]"

"""Which files and folders are versions and programmes by their names, and what is said of the others."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.messages import message
from policyeval.policy.files import problem, shown
from policyeval.policy.repository.checks import NAMING

PROGRAMME: Final = "programme.yaml"
CASES: Final = "cases.yaml"
ENDING: Final = ".yaml"
OTHERS: Final = frozenset({PROGRAMME, CASES})
"""Files of a programme's folder that are no versions."""

_ENDINGS: Final = (".yaml", ".yml")


def looks_like_version(name: str) -> bool:
    """Tell whether a file is meant to be read, whatever becomes of it."""
    return name.lower().endswith(_ENDINGS)


def is_version_file(name: str) -> bool:
    """Tell whether a file is read as a version."""
    return name.endswith(ENDING) and name == name.lower() and name not in OTHERS


def misplaced(path: Path) -> Diagnostic:
    """Warn of a file of YAML outside of a programme's folder."""
    text = message("the file is not read, since it is not in the folder of a programme")
    help_ = message("put it into the folder of its programme")
    return replace(problem("registry.ignored-file", text, path, help_), severity="warning")


def misnamed(path: Path) -> Diagnostic:
    """Refuse a file that looks like a version and would not be read for its name."""
    text = message("the file is not read, for its name")
    help_ = message("rename it to `{name}`", name=f"{path.stem.lower()}{ENDING}")
    return problem("registry.ignored-file", text, path, help_)


def bad_id(path: Path) -> Diagnostic:
    """Refuse the name of a programme or of a version."""
    name = shown(Path(path.name.removesuffix(ENDING)[:80]))
    text = message("`{name}` cannot be a name here", name=name)
    return problem("registry.bad-id", text, path, NAMING)

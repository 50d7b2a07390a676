"""Lets pytest run golden cases: a `cases.yaml` beside a `programme.yaml` is a file of tests.

Every run of pytest loads this module wherever policyeval is installed, so it imports nothing but what
pytest has loaded itself; all else waits for the first file of cases. (PYTEST_DONT_REWRITE: its
asserts are no tests.)
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr, TracebackStyle

    from policyeval.cases.model import Case, Cases
    from policyeval.cases.running import Result
    from policyeval.evaluator.policies import PolicySet

_CASES: Final = "cases.yaml"
_BESIDE: Final = "programme.yaml"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CasesFile | None":
    """Take the golden cases of a programme; a `cases.yaml` anywhere else is somebody else's."""
    if file_path.name == _CASES and (file_path.parent / _BESIDE).is_file():
        return CasesFile.from_parent(parent, path=file_path)
    return None


class CasesFile(pytest.File):
    """The golden cases of a programme, whose folder is read once."""

    def collect(self) -> Iterable["CaseItem"]:
        """Give a test for each case.

        Raises:
            PolicyError: The policies or the cases cannot be used; it holds every problem.
        """
        from policyeval.cases.checking import cases_files
        from policyeval.errors import PolicyError
        from policyeval.evaluator.policies import PolicySet
        from policyeval.policy.cache import user_cache
        from policyeval.policy.repository import read_folder

        library = read_folder(_as_seen_from_here(self.path.parent), cache=user_cache())
        library.refuse()
        files, problems = cases_files(library)
        if any(each.severity == "error" for each in problems):
            raise PolicyError(problems)
        policies = PolicySet(library)
        for file in files:
            for case in file.cases:
                yield CaseItem.of(self, policies, file, case)

    def repr_failure(  # type: ignore[override]  # as a collector of pytest has it
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> "str | TerminalRepr":
        """Say what is wrong with the files, in the reader's language."""
        from policyeval.console import chosen_language
        from policyeval.errors import PolicyError

        if isinstance(excinfo.value, PolicyError):
            return excinfo.value.render(chosen_language(()))
        return super().repr_failure(excinfo)


class CaseItem(pytest.Item):
    """One golden case."""

    policies: "PolicySet"
    file: "Cases"
    case: "Case"

    @classmethod
    def of(
        cls, parent: CasesFile, policies: "PolicySet", file: "Cases", case: "Case"
    ) -> "CaseItem":
        """Make the test of a case."""
        item: CaseItem = cls.from_parent(parent, name=case.id)
        item.policies, item.file, item.case = policies, file, case
        return item

    def runtest(self) -> None:
        """Ask what the case asks.

        Raises:
            CaseFailedError: Something came out otherwise than expected.
        """
        from policyeval.cases.running import run_case

        result = run_case(self.policies, self.file.programme, self.case)
        if not result.passed:
            raise CaseFailedError(result)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: "TracebackStyle | None" = None
    ) -> "str | TerminalRepr":
        """Say what was expected and what came out, in the reader's language."""
        from policyeval.cases.wording import failure
        from policyeval.console import chosen_language

        if isinstance(excinfo.value, CaseFailedError):
            return failure(self.file, excinfo.value.result, chosen_language(()))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the file, the line counted from 0, and the headline of a failure."""
        from policyeval.cases.wording import place

        line = place(self.file, self.case.span).line
        return self.path, line - 1, f"{self.file.programme}: {self.name}"


class CaseFailedError(Exception):
    """A case came out otherwise than expected."""

    def __init__(self, result: "Result") -> None:
        super().__init__(result.case.id)
        self.result = result


def _as_seen_from_here(folder: Path) -> Path:
    """Give a folder as a reader would write it: messages begin with it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) and folder != here else folder

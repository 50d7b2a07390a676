"""What was read from a folder of policies: programmes, their versions, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.policy.model import Programme, ValidPolicy
from policyeval.source import Source


@dataclass(frozen=True, slots=True)
class ProgrammeVersions:
    """A programme and its versions, by the day from which they are in force, then as they were known.

    Attributes:
        folder: Where its files are.
    """

    programme: Programme
    versions: tuple[ValidPolicy, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A version's file, whether or not it could be used.

    Attributes:
        digest: SHA-256 of its bytes, in hexadecimal; None if they could not be read.
        source: Its text, or no text if it could not be read.
    """

    programme: str
    version: str
    digest: str | None
    source: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Library:
    """A folder of policies, or the part of it that was asked for.

    Attributes:
        root: The folder that holds the programmes' folders and `policies.lock`.
        programmes: Name to programme; only those without an error.
        diagnostics: Everything that was found, in the order of the files.
        files: Every version's file that there is.
        part: What was asked for: nothing (all), a programme, or a programme and one version of it.
    """

    root: Path
    programmes: Mapping[str, ProgrammeVersions]
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[VersionFile, ...] = ()
    part: tuple[str, ...] = ()

    def refuse(self) -> None:
        """Stop here if a file cannot be used.

        Raises:
            PolicyError: One of the problems is an error; it holds all of them.
        """
        if any(each.severity == "error" for each in self.diagnostics):
            raise PolicyError(self.diagnostics)

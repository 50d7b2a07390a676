"""Where a problem is and which one, as programs are told: file, lines and columns from 1, fingerprint."""

from collections import Counter
from hashlib import sha256
from pathlib import Path, PurePath

from policyeval.diagnostics import Diagnostic


def place(diagnostic: Diagnostic) -> tuple[str, int, int, int, int]:
    """Give file, line and column of a problem's start, and line and column after its end."""
    source = diagnostic.source
    start = source.position(min(diagnostic.span.start, len(source.text)))
    end = source.position(
        min(max(diagnostic.span.end, diagnostic.span.start + 1), len(source.text))
    )
    return source.name or "", start.line, start.column, end.line, end.column


def from_here(file: str) -> str:
    """Name a file from the folder that we run in, if it lies there; otherwise as it is named."""
    here, path = Path.cwd(), PurePath(file)
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else file


class Fingerprints:
    """Names for problems that stay the same when lines above them come and go.

    The code, the file and the text of the line make a name; the same again is counted.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, diagnostic: Diagnostic, file: str) -> str:
        """Name a problem in a file, as that is named in the report."""
        source = diagnostic.source
        start = source.position(min(diagnostic.span.start, len(source.text)))
        parts = (diagnostic.code, file, " ".join(source.line(start.line).split()))
        digest = sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        self._seen[digest] += 1
        return f"{digest[:32]}:{self._seen[digest]}"

"""Reads a PDF from standard input and writes its pages to standard output, as JSON.

It is run as a program of its own: whatever a file does to its reader, only that program ends.
"""

import io
import json
import sys
from typing import Final

MOST_PAGES: Final = 500
_MEMORY: Final = 2 * 1024**3


def main() -> int:
    """Do it; the status is 0, 3 for a file that needs a password, 4 for one with too many pages."""
    _bound_memory()
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return 3
    if len(reader.pages) > MOST_PAGES:
        return 4
    pages = [each.extract_text() for each in reader.pages]
    sys.stdout.buffer.write(json.dumps(pages).encode("ascii"))
    return 0


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return  # this system has no such limits
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    sys.exit(main())

"""What may be the name of a programme or of a version.

A name is looked up among those that were found in a folder and is never joined to a path. It can
still be the name of a file on every system: Windows keeps some names for its devices.
"""

import re
from typing import Final

_PROGRAMME: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}", re.ASCII)
# A version is mostly named by its day, which begins with a digit.
_VERSION: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)
# Files of a programme's folder that are no versions.
_RESERVED: Final = frozenset({"programme", "cases"})


def is_programme_id(name: str) -> bool:
    """Tell whether a programme may be named so."""
    return _PROGRAMME.fullmatch(name) is not None and _is_file_name(name)


def is_version_id(name: str) -> bool:
    """Tell whether a version may be named so; `programme` and `cases` are other files."""
    return _VERSION.fullmatch(name) is not None and _is_file_name(name) and name not in _RESERVED


def _is_file_name(name: str) -> bool:
    return name.partition(".")[0] not in _DEVICES and not name.endswith(".")

"""The lines in which two files differ, as a unified diff."""

from difflib import unified_diff

from policyeval.messages import visible


def unified(old: bytes, new: bytes, old_name: str, new_name: str) -> str:
    """Write the lines in which two files differ, each with three lines around it; nothing if none does."""
    before, after = (_lines(each) for each in (old, new))
    found = unified_diff(before, after, old_name, new_name, lineterm="")
    return "\n".join(visible(each) for each in found)


def _lines(raw: bytes) -> list[str]:
    r"""Give the lines of a file; one that ends with CR LF shows its CR as `\\u000d`."""
    return raw.decode("utf-8", "replace").removesuffix("\n").split("\n")

"""The lines in which two files differ, as a unified diff."""

from difflib import unified_diff

from policyeval.messages import visible


def unified(old: bytes, new: bytes, old_name: str, new_name: str) -> str:
    """Write the lines in which two files differ, each with three lines around it; nothing if none does."""
    before, after = (_lines(each) for each in (old, new))
    found = unified_diff(before, after, old_name, new_name, lineterm="")
    return "\n".join(visible(each) for each in found)


def _lines(raw: bytes) -> list[str]:
    """Give the lines of a file; how they end, and a mark at its very beginning, is not shown."""
    text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return text.removesuffix("\n").split("\n")

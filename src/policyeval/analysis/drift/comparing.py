"""Compares a new text of the source with the clauses of a version."""

from hashlib import sha256
from typing import Final

from policyeval.analysis.drift.by_hash import compare_hashes
from policyeval.analysis.drift.by_text import compare_texts
from policyeval.analysis.drift.model import Drift
from policyeval.analysis.drift.words import LONGEST, words
from policyeval.policy.clause_texts import compare
from policyeval.policy.model import Policy


def drift(policy: Policy, new_text: str, old_text: str | None = None) -> Drift:
    """Tell which clauses are unchanged, moved, changed or gone in a new text, and what is new.

    Layout makes no difference: where lines end, how a word is divided there, quotation marks,
    dashes, the signs before items of a list.

    Args:
        policy: The version.
        new_text: What the source says now, as plain text.
        old_text: What the version was written from (see `stands_for`); without it, only the hashes
            that the policy has recorded are compared.

    Raises:
        ValueError: The new text has more than `words.LONGEST` words.
    """
    if len(new_text.split()) > LONGEST:
        raise ValueError(f"more than {LONGEST} words")
    row = words(new_text)
    return compare_hashes(policy, row) if old_text is None else compare_texts(policy, old_text, row)


def stands_for(policy: Policy, old_text: str) -> tuple[str, ...]:
    """Give the clauses whose recorded hash is not that of what stands in their place in a text.

    There are none if the text is what the version was written from.
    """
    states = compare(policy, old_text)
    return tuple(each.clause for each in states if each.state in _OTHERWISE)


def is_recorded(policy: Policy, raw: bytes) -> bool:
    """Tell whether a file is the one that the version was written from, by its digest."""
    recorded = policy.written_from.sha256
    return recorded is not None and recorded.lower() == sha256(raw).hexdigest()


_OTHERWISE: Final = frozenset({"changed", "lines-missing"})

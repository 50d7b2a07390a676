"""What is kept of each fact: its value, a salted hash of it, or only its name."""

import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from policyeval.records.fact_json import (
    Facts,
    canonical_json,
    composed,
    entries_of,
    object_json,
    value_json,
)
from policyeval.records.lines import text_json, without_tags
from policyeval.records.model import Record

How = Literal["store", "hash", "drop"]

SHORTEST_SALT: Final = 16
"""Bytes; a shorter one can be guessed."""

_NONCE_BYTES: Final = 16
_HOWS: Final = ("store", "hash", "drop")


def _chance() -> bytes:
    return os.urandom(_NONCE_BYTES)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a log keeps of the facts.

    Of a fact that is hashed or dropped the value stands nowhere in the record, unless a decision's own
    value tells it.

    Attributes:
        default: How facts are kept that are not named: `store` (the value), `hash` (enough to show
            later, with the salt, that a value was the one), or `drop` (the name alone).
        facts: Name of a fact to how it is kept.
        salt: A secret of at least 16 random bytes, for hashes. It is never written; whoever has it can
            try values.
        nonce: Gives 16 bytes that differ for each record, so that equal values cannot be seen to be.

    Raises:
        ValueError: There is no such way to keep a fact, or facts are hashed without a good salt.
    """

    default: How = "store"
    facts: Mapping[str, How] = field(default_factory=dict)
    salt: bytes | None = field(default=None, repr=False)
    nonce: Callable[[], bytes] = field(default=_chance, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = {composed(name): how for name, how in self.facts.items()}
        object.__setattr__(self, "facts", named)
        hows = {self.default, *named.values()}
        wrong = sorted(hows - {*_HOWS})
        if wrong:
            raise ValueError(f"facts are kept in one of these ways: {_HOWS}, not {wrong[0]!r}")
        if "hash" in hows and (self.salt is None or len(self.salt) < SHORTEST_SALT):
            raise ValueError(f"hashing facts needs a salt of at least {SHORTEST_SALT} bytes")

    def how(self, name: str) -> How:
        """Tell how a fact is kept."""
        return self.facts.get(composed(name), self.default)

    @property
    def key_id(self) -> str | None:
        """What a record calls the salt by, 16 hexadecimal digits that do not tell it."""
        return None if self.salt is None else key_id(self.salt)


def key_id(salt: bytes) -> str:
    """Give what a record calls a salt by."""
    return hmac.digest(salt, b"policyeval.records: which salt", "sha256").hex()[:16]


def kept_json(facts: Facts, kept: Kept) -> bytes:
    """Write the facts of a record, from `"facts":` on, with what was hashed and what was dropped.

    Raises:
        FactsError: They cannot be written.
    """
    given = entries_of(facts)
    if kept.default == "store" and not kept.facts:
        return without_tags(f'"facts":{object_json(given)}').encode()
    stored: dict[str, object] = {}
    hashed: dict[str, object] = {}
    dropped: list[str] = []
    nonce: bytes | None = None
    for name, value in given.items():
        how = kept.how(name)
        if how == "store":
            stored[name] = value
        elif how == "drop":
            value_json(name, value)  # what is no fact is refused, however it is kept
            dropped.append(name)
        else:
            assert kept.salt is not None, "or else nothing is hashed"
            nonce = kept.nonce() if nonce is None else nonce
            hashed[name] = fact_hash(name, value, kept.salt, nonce)
    text = f'"facts":{object_json(stored)}'
    if nonce is not None:
        made = f'"salt":"{kept.key_id}","nonce":"{nonce.hex()}"'
        text += f',"hashed":{{{made},"facts":{object_json(hashed)}}}'
    if dropped:
        text += f',"dropped":[{",".join(map(text_json, dropped))}]'
    return without_tags(text).encode()


def fact_hash(name: str, value: object, salt: bytes, nonce: bytes) -> str:
    """Give the salted hash of a fact, 64 hexadecimal digits: HMAC-SHA256 over the nonce and the fact.

    Raises:
        FactsError: No fact has such a value.
    """
    return hmac.digest(salt, nonce + canonical_json(name, value), "sha256").hex()


def was_given(record: Record, name: str, value: object, salt: bytes) -> bool:
    """Tell whether a fact had a value, where the record has only its hash.

    Args:
        record: It.
        name: Of the fact, one of `record.hashed`.
        value: What it may have been, as `PolicySet.evaluate` takes it; 18500 and 18500.00 are the same.
        salt: The one that was used.

    Raises:
        KeyError: The record has no hash of that fact.
        ValueError: The record was made with another salt.
        FactsError: No fact has such a value.
    """
    expected = record.hashed[name]
    if record.salt is None or record.nonce is None or record.salt != key_id(salt):
        raise ValueError(f"the record was made with another salt, {record.salt}")
    found = fact_hash(name, value, salt, bytes.fromhex(record.nonce))
    return hmac.compare_digest(found, expected)

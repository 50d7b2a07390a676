"""Facts as a caller gives them: plain values, or a JSON object as text or bytes."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from policyeval.facts import decode_bytes, decoder_of
from policyeval.facts.model import Environment
from policyeval.policy.model import ValidPolicy
from policyeval.source import Source

Facts = Mapping[str, object] | str | bytes | Source
"""Names and plain values (see `policyeval.facts`), or a JSON object as a text or as bytes."""


def environment_of(facts: Facts, version: ValidPolicy, asked_on: date) -> Environment:
    """Decode facts as a version declares them.

    Raises:
        FactsError: They cannot be used; it holds every problem.
    """
    match facts:
        case Source():
            return decoder_of(version).decode_json(facts, asked_on)
        case str():
            return decoder_of(version).decode_json(Source(facts), asked_on)
        case bytes():
            return decode_bytes(facts, None, version, asked_on)
        case MappingProxyType():
            return decoder_of(version).decode(dict(facts), asked_on)
        case _:
            return decoder_of(version).decode(facts, asked_on)

"""Facts as a caller gives them: plain values, or a JSON object as text or bytes."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from policyeval.backends.complete import LEFT_OUT, OPEN, Witnesses
from policyeval.backends.python.inputs import unclear
from policyeval.errors import FactsError
from policyeval.facts import decode_bytes, decoder_of
from policyeval.facts.model import Environment, Open
from policyeval.policy.model import ValidPolicy
from policyeval.source import Source

Facts = Mapping[str, object] | str | bytes | Source
"""Names and plain values (see `policyeval.facts`), or a JSON object as a text or as bytes."""


def environment_of(facts: Facts, version: ValidPolicy, asked_on: date) -> Environment:
    """Decode facts as a version declares them.

    Raises:
        FactsError: They cannot be used; it holds every problem.
    """
    # By the type itself: everything else would ask the object.
    kind, given, decoder = type(facts), cast(Any, facts), decoder_of(version)
    if issubclass(kind, Source):
        return decoder.decode_json(given, asked_on)
    if issubclass(kind, str):
        return decoder.decode_json(Source(str.__str__(given)), asked_on)
    if issubclass(kind, bytes):
        return decode_bytes(bytes.__getitem__(given, slice(None)), None, version, asked_on)
    return decoder.decode(dict(given) if kind is MappingProxyType else given, asked_on)


def values_of(
    environment: Environment, version: ValidPolicy, witnesses: Witnesses
) -> tuple[object, ...] | None:
    """Give decoded facts as worlds are tried with; None if more is known of one than that it is open."""
    unknown = {
        name: _UNKNOWN
        for name, value in environment.values.items()
        if isinstance(value, Open) and value.kind == "fact"
    }
    try:
        open_ = environment_of(unknown, version, environment.asked_on).values
    except FactsError:
        return None
    found: dict[str, object] = {}
    for name, value in environment.values.items():
        if not isinstance(value, Open):
            if unclear(value):
                return None  # an entry of a list is open
            found[name] = value
        elif value.kind != "fact":
            found[name] = None if value.kind == "event" else OPEN
        elif value == open_[name]:
            found[name] = LEFT_OUT
        else:
            return None
    return witnesses.values(found)


_UNKNOWN = {"unknown": True}

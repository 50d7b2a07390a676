"""One transaction's facts: decoded, checked against their declarations, or refused with every problem."""

from policyeval.facts.decoding import (
    Decoder,
    decode,
    decode_bytes,
    decode_json,
    decoder_of,
    read_json_facts,
)
from policyeval.facts.model import (
    NEVER,
    NOT_YET,
    AnyText,
    Between,
    Environment,
    OneOf,
    Open,
    Part,
)

__all__ = [
    "NEVER",
    "NOT_YET",
    "AnyText",
    "Between",
    "Decoder",
    "Environment",
    "OneOf",
    "Open",
    "Part",
    "decode",
    "decode_bytes",
    "decode_json",
    "decoder_of",
    "read_json_facts",
]

"""Answers as msgspec writes them."""

import msgspec


class Said(msgspec.Struct):
    """A verdict or a value, and the rules that a NO is due to; see `answers.Answer`."""

    verdict: str
    value: object = None
    reasons: list[str] = []


_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(answers: dict[str, Said]) -> bytes:
    """Write answers as JSON: an object by question."""
    encoded: bytes = _encoder.encode(answers)
    return encoded


def said(failed: list[str], doubtful: bool = False) -> Said:
    """Give the answer of a question whose rules were gone through."""
    if failed:
        return Said("NO", False, failed)
    return Said("OPEN") if doubtful else Said("YES", True)


def said_value(*found: object) -> Said:
    """Give a value, or that the ways to read the text give several."""
    first = found[0]
    if all(each == first for each in found):
        return Said("VALUE", first)
    return Said("OPEN")

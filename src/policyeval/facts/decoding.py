"""From what a caller gives to the facts of one transaction, checked as their declarations ask."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.errors import FactsError
from policyeval.facts import plain
from policyeval.facts.clock import Clock
from policyeval.facts.model import Environment
from policyeval.facts.objects import LONGEST_NAME, read_declared
from policyeval.facts.placed import Placed, check_size, read_placed
from policyeval.facts.problems import SHOWN, Problems, TooManyProblems, too_many
from policyeval.facts.reading import reader_of
from policyeval.facts.refusal import Refused, cut, few
from policyeval.facts.run import Reader, Run
from policyeval.facts.scalars import FIRST_DAY, LAST_DAY, day
from policyeval.messages import message
from policyeval.policy.model import ASKED_ON, ValidPolicy
from policyeval.source import Source, Span

__all__ = ["Decoder", "decode", "decode_bytes", "decode_json", "read_json_facts"]


class Decoder:
    """Reads the facts of transactions for one policy; make one and keep it.

    It is never changed, and may be used from several threads at once.
    """

    def __init__(self, policy: ValidPolicy) -> None:
        self.policy = policy
        self.clock = Clock(policy.programme.zone)
        facts = policy.policy.facts
        self._readers: Mapping[str, Reader] = {
            name: reader_of(fact, self.clock) for name, fact in facts.items()
        }
        self._growing = frozenset(name for name, fact in facts.items() if fact.kind == "log")

    def decode(self, given: Mapping[str, object], asked_on: date) -> Environment:
        """Read facts given as plain values.

        Args:
            given: Name to value; a dict.
            asked_on: The day the question is asked on.

        Raises:
            FactsError: They do not match their declarations; holds every problem, at most a hundred.
        """
        run = Run(_asked_on(asked_on), self.clock)
        environment = self._environment(given, run)
        if environment is None:
            raise FactsError(_shown([*run.problems.of_values()]))
        return environment

    def decode_json(self, source: Source, asked_on: date) -> Environment:
        """Read facts written as a JSON object; what is taken is the same as for plain values.

        Raises:
            FactsError: The text is no JSON, or the facts do not match their declarations; the
                problems are at their places in the text.
        """
        run = Run(_asked_on(asked_on), self.clock)
        root, problems = read_placed(source)
        environment = self._environment(root.value, run)
        if environment is None or problems:
            raise FactsError(_in_order(root, problems, run.problems, source))
        return environment

    def _environment(self, given: object, run: Run) -> Environment | None:
        """Read facts, or give None if there are problems."""
        try:
            if not plain.is_object(given):
                raise _no_object()
            read = read_declared(given, self._readers, self._unknown, run)
        except Refused as refused:
            run.problems.refuse((), given, refused)
            return None
        except TooManyProblems:
            return None
        if run.problems.found:
            return None
        return Environment(
            asked_on=run.asked_on,
            values={
                name: read[name] if name in read else reader.left_out(name, run)
                for name, reader in self._readers.items()
            },
            given=frozenset(read),
            presumed=run.presumed,
            growing=self._growing,
        )

    def _unknown(self, name: str) -> Refused:
        policy = self.policy.policy
        if name in policy.decisions:
            what = message("`{name}` is not given but computed: it is a decision", name=name)
        elif name in policy.parameters:
            what = message("`{name}` is not given: the terms themselves fix it", name=name)
        elif name in policy.readings:
            what = message("`{name}` is no fact but a question of how the text is read", name=name)
        elif name == ASKED_ON:
            what = message("the day asked on is not given among the facts")
        else:
            near = did_you_mean(name, self._readers) if len(name) <= LONGEST_NAME else None
            return Refused(
                "input.unknown-fact",
                message("unknown fact `{name}`", name=cut(name)),
                near
                or message(
                    "the facts of version `{version}` are `{names}`",
                    version=policy.version,
                    names=few(self._readers),
                ),
            )
        return Refused("input.unknown-fact", what, message("leave it out"))


def _no_object() -> Refused:
    return Refused(
        "input.type",
        message("facts are given as an object: names, and a value for each"),
        message("write `{example}`", example='{"amount": 1234.50, "paid_on": "2024-01-31"}'),
    )


def _asked_on(given: object) -> date:
    try:
        return day(plain.scalar(given))
    except Refused as refused:
        about = Refused("input.asked-on", refused.text, _ASKED_ON_HELP)
        shown = Problems()
        shown.refuse((ASKED_ON,), given, about)
        raise FactsError(
            [replace(each, place=message("question")) for each in shown.of_values()]
        ) from None


_ASKED_ON_HELP: Final = message(
    "say on which day the question is asked, from {low} to {high}", low=FIRST_DAY, high=LAST_DAY
)


def _in_order(
    root: Placed, problems: list[Diagnostic], found: Problems, source: Source
) -> list[Diagnostic]:
    return _shown(sorted([*problems, *found.in_json(root, source)], key=lambda each: each.span))


def _shown(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    if len(diagnostics) <= SHOWN:
        return diagnostics
    return [*diagnostics[:SHOWN], too_many(diagnostics[SHOWN])]


# ---------------------------------------------------------------------- without a decoder at hand

# The latest few decoders, each with its policy, so that an `id` is not mistaken for another's.
_KEPT: Final = 16
_decoders: dict[int, Decoder] = {}


def decoder_of(policy: ValidPolicy) -> Decoder:
    """Give the decoder of a policy; the latest few are kept."""
    kept = _decoders.get(id(policy))
    if kept is not None and kept.policy is policy:
        return kept
    made = Decoder(policy)
    for oldest in [*_decoders][: max(0, len(_decoders) - _KEPT + 1)]:
        _decoders.pop(oldest, None)
    _decoders[id(policy)] = made
    return made


def decode(given: Mapping[str, object], policy: ValidPolicy, asked_on: date) -> Environment:
    """Read facts given as plain values; see `Decoder.decode`.

    Raises:
        FactsError: They do not match their declarations; holds every problem.
    """
    return decoder_of(policy).decode(given, asked_on)


def decode_json(source: Source, policy: ValidPolicy, asked_on: date) -> Environment:
    """Read facts written as a JSON object; see `Decoder.decode_json`.

    Raises:
        FactsError: The text is no JSON, or the facts do not match their declarations.
    """
    return decoder_of(policy).decode_json(source, asked_on)


def decode_bytes(raw: bytes, name: str | None, policy: ValidPolicy, asked_on: date) -> Environment:
    """Read facts from the bytes of a JSON text in UTF-8, with or without a byte order mark.

    Args:
        raw: The bytes.
        name: What a reader knows the text by, such as a file's name.
        policy: What declares the facts.
        asked_on: The day the question is asked on.

    Raises:
        FactsError: They are not UTF-8, are no JSON, or the facts do not match their declarations.
    """
    return decode_json(source_of(raw, name), policy, asked_on)


def source_of(raw: bytes, name: str | None) -> Source:
    """Decode the bytes of a JSON text.

    Raises:
        FactsError: There are too many, or they are not UTF-8.
    """
    check_size(Source("", name), len(raw))
    try:
        return Source(raw.decode().removeprefix("\ufeff"), name)
    except UnicodeDecodeError as error:
        offset = error.start
    source = Source(raw.decode("utf-8", "replace").removeprefix("\ufeff"), name)
    at = len(raw[:offset].decode().removeprefix("\ufeff"))
    what = message(
        "byte `{byte}` (byte offset {offset}) is not UTF-8",
        byte=f"{raw[offset]:02X}",
        offset=offset,
    )
    help_ = message("write the text in UTF-8; it may be in Windows-1252 or Latin-1 now")
    raise FactsError([Diagnostic("input.json", what, Span(at, at + 1), source, help_)])


def read_json_facts(source: Source) -> dict[str, object]:
    """Read facts written as a JSON object into plain values; numbers are exact decimals.

    Raises:
        FactsError: The text is no JSON, or no object.
    """
    root, problems = read_placed(source)
    value = root.value
    if isinstance(value, dict) and not problems:
        return value
    found = Problems()
    if not isinstance(value, dict):
        found.refuse((), value, _no_object())
    raise FactsError(_in_order(root, problems, found, source))

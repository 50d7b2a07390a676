"""What makes the answers of a record: a version, or several, each of which answers some of the questions.

Where the days of two questions pick different versions, or one of them picks none, the record says of each
answer which of them made it. What a version does not have, and what no version governs, has the same answer
for all transactions.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from datetime import date

from policyeval.backends.complete import Result
from policyeval.evaluation.data import compact_text, value_data
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.given import Facts
from policyeval.evaluator.late import Inquiry, late
from policyeval.policy.model import Decision, Fact

Results = tuple[Result, ...]

Told = tuple[Results, tuple[Hashable, ...], int, tuple[object, ...]]
"""What is told of a transaction; see `policyeval.backends.complete.Told`."""

General = Callable[[Facts, date], Evaluation]
"""Evaluates facts in general."""


class ByVersion:
    """A version that has all questions.

    Attributes:
        questions: In the order of the answers.
    """

    __slots__ = ("_inquiry", "questions")

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self.questions = inquiry.own

    def decision(self, name: str) -> tuple[Decision, bool] | None:
        """Give a question as it is declared, and whether remarks may be made beside its answers."""
        return _declared(self._inquiry, name)

    def evaluation(self, results: Results, facts: Facts, asked_on: date) -> Evaluation:
        """Give the evaluation whose answers have these results."""
        return late(self._inquiry, results, facts, asked_on)

    def presumed(self, outside: Collection[str], left_out: tuple[object, ...]) -> Mapping[str, str]:
        """Give what was presumed, as JSON, by name.

        Args:
            outside: Questions that do not apply.
            left_out: What was left out, as it is told.

        Raises:
            TypeError: Entries of a list are not told by their places.
        """
        return _presumed(self._inquiry, outside, left_out)


class ByVersions:
    """Several versions, or none, each for some of the questions.

    Attributes:
        questions: All, in the order of the answers.
    """

    __slots__ = ("_general", "_parts", "_places", "questions")

    def __init__(
        self, questions: tuple[str, ...], parts: Sequence[Inquiry | None], general: General
    ) -> None:
        """Put versions together.

        Args:
            questions: All, in the order of the answers.
            parts: What governs some of the questions each, as it is asked; None where nothing does. If two
                presume something else for a fact, that of the later one is told.
            general: Evaluates facts in general.
        """
        self.questions = questions
        self._parts = parts
        self._general = general
        places = {
            name: (part, place)
            for part, inquiry in enumerate(parts)
            if inquiry is not None
            for place, name in enumerate(inquiry.own)
        }
        self._places = tuple(map(places.get, questions))

    def together(self, told: Sequence[Told | None]) -> Told:
        """Give what is told of all questions, from what each part tells (None: nothing governs it)."""
        results: list[Result] = []
        remarks: list[Hashable] = []
        for found in self._places:
            of = None if found is None else told[found[0]]
            if found is None or of is None:
                results.append(None)
                remarks.append(0)
            else:
                results.append(of[0][found[1]])
                remarks.append((of[1][found[1]], of[2]))  # each version has its own that all have
        left_out = tuple([None if each is None else each[3] for each in told])
        return tuple(results), tuple(remarks), 0, left_out

    def decision(self, name: str) -> tuple[Decision, bool] | None:
        """Give a question as it is declared by what governs it; None: its answer is always the same."""
        for inquiry in self._parts:
            if inquiry is not None and name in inquiry.place_of:
                return _declared(inquiry, name)
        return None

    def evaluation(self, _results: Results, facts: Facts, asked_on: date) -> Evaluation:
        """Give the evaluation of facts; results are found out again."""
        return self._general(facts, asked_on)

    def presumed(self, outside: Collection[str], left_out: tuple[object, ...]) -> Mapping[str, str]:
        """Give what was presumed, as JSON, by name; see `ByVersion.presumed`."""
        texts: dict[str, str] = {}
        for inquiry, each in zip(self._parts, left_out, strict=True):
            if inquiry is not None and isinstance(each, tuple):
                texts |= _presumed(inquiry, outside, each)
        return texts


def _declared(inquiry: Inquiry, name: str) -> tuple[Decision, bool]:
    policy = inquiry.program.terms.policy
    decision = policy.decisions[name]
    return decision, bool(decision.remarks or policy.remarks)


# ------------------------------------------------------------ what was presumed


def _presumed(
    inquiry: Inquiry, outside: Collection[str], left_out: tuple[object, ...]
) -> Mapping[str, str]:
    """Give the facts that were left out, read by one of the questions, and presumed: each as JSON."""
    found = dict(_left_out(inquiry, left_out))
    read = _read(inquiry, outside)
    return {
        name: compact_text(value_data(fact.presume.value))
        for name, (place, fact) in found.items()
        if place in read and fact.presume is not None
    }


def _read(inquiry: Inquiry, outside: Collection[str]) -> frozenset[str]:
    """Give the facts that the answers rest on."""
    reads = inquiry.program.reads
    return frozenset().union(
        *(
            reads.of_coverage(name) if name in outside else reads.of_decision(name)
            for name in inquiry.own
        )
    )


def _left_out(
    inquiry: Inquiry, left_out: tuple[object, ...]
) -> Iterator[tuple[str, tuple[str, Fact]]]:
    """Give the facts that were left out: as they are named, as they are read, and each.

    Raises:
        TypeError: Entries of a list are not told by their places.
    """
    facts = inquiry.program.terms.policy.facts
    whole, *lists = left_out
    for name, fact in _of_bits(facts, whole):
        yield name, (name, fact)
    for of, entries in zip(inquiry.lists, lists, strict=True):
        for index, entry in enumerate(entries if isinstance(entries, tuple) else ()):
            if entry is None:  # it has no entries of its own
                continue
            for name, fact in _of_bits(facts[of].entries, entry):
                yield f"{of}[{index + 1}].{name}", (f"{of}.{name}", fact)


def _of_bits(facts: Mapping[str, Fact], bits: object) -> Iterator[tuple[str, Fact]]:
    if not isinstance(bits, int):
        raise TypeError
    for index, (name, fact) in enumerate(facts.items()):
        if bits >> index & 1:
            yield name, fact

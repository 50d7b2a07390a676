"""Decision diagrams: a condition as the one form that all conditions of the same meaning share.

A diagram asks for one variable after another, always in the same order, and ends in a result: true,
false, null, *fails*, or a term. What asks for nothing new is left out and equal parts exist once, so
that two conditions give the same results for all values of their variables exactly if they are the
same diagram. Failing is a result like the others: `a and b` fails where `a` does, or where `a` is not
false and `b` does, which is why what may fail cannot change places and what cannot fail may.
"""

from collections.abc import Callable, Hashable, Sequence

MOST_VARIABLES = 100
MOST_NODES = 20_000


class TooLargeError(Exception):
    """A condition has more variables, or a diagram more nodes, than are looked at."""


class Diagrams:
    """Diagrams that can be compared with each other: by `==` of the numbers that stand for them."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._tests: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._variables: dict[Hashable, int] = {}
        self._negated: dict[int, int] = {}
        self._joined: dict[tuple[int, int, int], int] = {}
        self._chosen: dict[tuple[int, int, int], int] = {}
        self.true = self.term("true")
        self.false = self.term("false")
        self.null = self.term("null")
        self.fails = self.term("fails")

    def term(self, *parts: Hashable) -> int:
        """Give the number of something that has no parts to be asked for."""
        number = self._numbers.setdefault(("term", *parts), len(self._numbers))
        if len(self._numbers) > MOST_NODES:
            raise TooLargeError
        return number

    def variable(self, key: Hashable, results: Sequence[int]) -> int:
        """Give the diagram that asks for a variable; its values are counted, and each has a result.

        Variables of the same key must have the same values.
        """
        named = (key, len(results))
        index = self._variables.setdefault(named, len(self._variables))
        if index >= MOST_VARIABLES:
            raise TooLargeError
        return self._test(index, tuple(results))

    def _test(self, variable: int, results: tuple[int, ...]) -> int:
        if len(set(results)) == 1:
            return results[0]
        number = self.term("test", variable, results)
        self._tests[number] = (variable, results)
        return number

    def negated(self, condition: int) -> int:
        """Give `not(condition)`."""
        found = self._negated.get(condition)
        if found is None:
            swapped = {self.true: self.false, self.false: self.true}
            found = self._split((condition,), lambda parts: self.negated(parts[0]))
            if found is None:
                found = swapped.get(condition, condition)
            self._negated[condition] = found
        return found

    def both(self, first: int, second: int) -> int:
        """Give `first and second`."""
        return self._join(first, second, self.false)

    def either(self, first: int, second: int) -> int:
        """Give `first or second`."""
        return self._join(first, second, self.true)

    def _join(self, first: int, second: int, decides: int) -> int:
        if first in (decides, self.fails):
            return first
        if first in (self.true, self.false):
            return second
        key = (first, second, decides)
        found = self._joined.get(key)
        if found is None:
            found = self._split(
                (first, second), lambda parts: self._join(parts[0], parts[1], decides)
            )
            if found is None:  # null, and a result
                found = second if second in (decides, self.fails) else self.null
            self._joined[key] = found
        return found

    def choose(self, condition: int, consequence: int, alternative: int) -> int:
        """Give `if condition then consequence else alternative`; null counts as not holding."""
        if condition == self.true:
            return consequence
        if condition == self.fails:
            return condition
        if condition not in self._tests:
            return alternative
        key = (condition, consequence, alternative)
        found = self._chosen.get(key)
        if found is None:
            found = self._split(key, lambda parts: self.choose(parts[0], parts[1], parts[2]))
            assert found is not None, "the condition asks for something"
            self._chosen[key] = found
        return found

    def _split(
        self, diagrams: tuple[int, ...], apply: Callable[[tuple[int, ...]], int]
    ) -> int | None:
        """Apply an operation for each value of the first variable; None if none is asked for."""
        asked = [self._tests[each] for each in diagrams if each in self._tests]
        if not asked:
            return None
        variable, values = min(asked, key=lambda each: each[0])
        results = (
            apply(tuple(self._given(each, variable, value) for each in diagrams))
            for value in range(len(values))
        )
        return self._test(variable, tuple(results))

    def _given(self, diagram: int, variable: int, value: int) -> int:
        test = self._tests.get(diagram)
        return diagram if test is None or test[0] != variable else test[1][value]

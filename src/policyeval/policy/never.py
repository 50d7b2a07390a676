"""The moment of an event that never happens."""

from typing import Final


class Never:
    """The moment of an event that never happens: after every day; computing with it gives it again."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NEVER"

    def __reduce__(self) -> str:
        return "NEVER"

    def __lt__(self, _other: object) -> bool:
        return False

    def __le__(self, other: object) -> bool:
        return other is self

    def __gt__(self, other: object) -> bool:
        return other is not self

    def __ge__(self, _other: object) -> bool:
        return True

    def __add__(self, _other: object) -> "Never":
        return self

    __radd__ = __sub__ = __rsub__ = __add__


NEVER: Final = Never()

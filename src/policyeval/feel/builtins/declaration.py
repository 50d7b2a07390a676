"""How a built-in function is declared: name, parameters, types, documentation, examples, code.

To add one: write a function from values to a value in the module of its kind, declare it in that
module's `BUILTINS`, and give it examples; they run as tests and stand in `docs/feel.md`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policyeval.feel.types import Type
from policyeval.feel.values import Value
from policyeval.messages import Message


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter.

    Attributes:
        name: As the specification has it; a caller may name the argument by it.
        type: What an argument must be. Null is refused unless the type has it.
        optional: Whether it may be left out; only the last ones may.
    """

    name: str
    type: Type
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in.

    Attributes:
        parameters: In order.
        returns: The result's type, or a function from the arguments' types (one for each
            argument given, in the order of the parameters) to it.
        function: Takes the arguments by position (after the `Runtime` if `needs_runtime`), already of
            the parameters' types; those left out are not passed. Gives the result or raises
            `Failure`. Never changes an argument.
        variadic: The last parameter may be given any number of times, also never; its values are
            passed one by one. A call that names its arguments gives it once.
        needs_runtime: The function counts its steps, checks sizes, or calls functions given to it.
    """

    parameters: tuple[Parameter, ...]
    returns: Type | Callable[[Sequence[Type]], Type]
    function: Callable[..., Value]
    variadic: bool = False
    needs_runtime: bool = False

    @property
    def required(self) -> int:
        """How many arguments must be given."""
        needed = sum(not each.optional for each in self.parameters)
        return needed - 1 if self.variadic else needed


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and its value, both in FEEL."""

    expression: str
    result: str


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function.

    Attributes:
        name: In FEEL; may have spaces.
        summary: What it gives, for a reader who writes no programs; written like a message (lower case,
            no full stop).
        signatures: The first that fits the arguments is the one that is called.
        examples: At least one; those that give null show what has no result.
        in_profile: Whether the strict profile has it (`now()` reads a clock, so it has not).
        deterministic: Whether the same arguments always give the same result.
    """

    name: str
    summary: Message
    signatures: tuple[Signature, ...]
    examples: tuple[Example, ...]
    in_profile: bool = True
    deterministic: bool = True

"""Built-ins on numbers (DMN 1.5, table 76)."""

import decimal
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from policyeval.feel import numbers, operators, temporal
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.temporal import AnyDuration
from policyeval.feel.types import (
    BOOLEAN,
    DAYS_AND_TIME_DURATION,
    NUMBER,
    YEARS_AND_MONTHS_DURATION,
)
from policyeval.feel.values import Value, YearsMonthsDuration
from policyeval.feel.writing import shown
from policyeval.messages import message

_TWO = Decimal(2)


def _rounded(rounding: str) -> Callable[..., Decimal]:
    def to_scale(value: Decimal, scale: Decimal | int = 0) -> Decimal:
        # As positions in texts and lists, a scale that is no whole number loses its fraction.
        whole = scale.to_integral_value(ROUND_DOWN) if isinstance(scale, Decimal) else scale
        try:
            return numbers.rounded(value, whole, rounding)
        except ArithmeticError as error:
            raise numbers.failure_of(error) from None

    return to_scale


def _abs_number(value: Decimal) -> Decimal:
    return value.copy_abs()


def _abs_days(value: AnyDuration) -> Value:
    return operators.negate(value) if temporal.nanoseconds(value) < 0 else value


def _abs_months(value: YearsMonthsDuration) -> Value:
    return operators.negate(value) if value.months < 0 else value


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Give what is left of a number when a whole multiple of another is taken off.

    It has the sign of the divisor, and is exact however far apart the two are (it is then rounded
    to 34 digits, as any result).
    """
    if not divisor:
        raise Failure(
            "eval.division-by-zero",
            message("nothing is left of {number} modulo zero", number=shown(dividend)),
        )
    try:
        rest = numbers.CONTEXT.remainder(dividend, divisor)
    except decimal.InvalidOperation:
        # The quotient has more than 34 digits.
        return _modulo_in_integers(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = numbers.add(rest, divisor)
    return rest or numbers.ZERO


def _modulo_in_integers(dividend: Decimal, divisor: Decimal) -> Decimal:
    exponent = min(_exponent(dividend), _exponent(divisor))
    rest = _in_units(dividend, exponent) % _in_units(divisor, exponent)
    exact = Decimal((int(rest < 0), Decimal(abs(rest)).as_tuple().digits, exponent))
    return numbers.CONTEXT.plus(exact) or numbers.ZERO


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "numbers are finite"
    return exponent


def _in_units(value: Decimal, exponent: int) -> int:
    sign, digits, own = value.as_tuple()
    assert isinstance(own, int), "numbers are finite"
    coefficient = int(Decimal((sign, digits, 0)))
    return int(coefficient * 10 ** (own - exponent))


def _sqrt(value: Decimal) -> Decimal:
    if value < 0:
        raise Failure(
            "eval.domain",
            message("{number} is negative and has no square root", number=shown(value)),
        )
    return numbers.CONTEXT.sqrt(value)


def _log(value: Decimal) -> Decimal:
    if value <= 0:
        raise Failure(
            "eval.domain",
            message("{number} is not above zero and has no logarithm", number=shown(value)),
        )
    return numbers.CONTEXT.ln(value)


def _exp(value: Decimal) -> Decimal:
    try:
        return numbers.CONTEXT.exp(value)
    except ArithmeticError as error:
        raise numbers.failure_of(error) from None


def _odd(value: Decimal) -> bool:
    return _rest_of_two(value) == 1


def _even(value: Decimal) -> bool:
    return _rest_of_two(value) == 0


def _rest_of_two(value: Decimal) -> Decimal:
    # With an exponent above zero it is a multiple of ten, and its half may have too many digits.
    if _exponent(value) > 0:
        return numbers.ZERO
    return numbers.CONTEXT.remainder(value, _TWO).copy_abs()


_N = Parameter("n", NUMBER)
_NUMBER = Parameter("number", NUMBER)
_SCALE = Parameter("scale", NUMBER)
_OPTIONAL_SCALE = Parameter("scale", NUMBER, optional=True)

BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "decimal",
        message(
            "a number rounded to so many digits after the point; what lies halfway goes to the "
            "even digit"
        ),
        (Signature((_N, _SCALE), NUMBER, _rounded(ROUND_HALF_EVEN)),),
        (
            Example("decimal(100 / 3, 2)", "33.33"),
            Example("decimal(1.5, 0)", "2"),
            Example("decimal(2.5, 0)", "2"),
            Example("decimal(12345, -2)", "12300"),
            Example("decimal(1.5, 7000)", "null"),
        ),
    ),
    Builtin(
        "floor",
        message(
            "the greatest number that is not above another, with so many digits after the point"
        ),
        (Signature((_N, _OPTIONAL_SCALE), NUMBER, _rounded(ROUND_FLOOR)),),
        (
            Example("floor(1.5)", "1"),
            Example("floor(-1.5)", "-2"),
            Example("floor(-1.56, 1)", "-1.6"),
            Example("floor(null)", "null"),
        ),
    ),
    Builtin(
        "ceiling",
        message("the least number that is not below another, with so many digits after the point"),
        (Signature((_N, _OPTIONAL_SCALE), NUMBER, _rounded(ROUND_CEILING)),),
        (
            Example("ceiling(1.5)", "2"),
            Example("ceiling(-1.5)", "-1"),
            Example("ceiling(1.21, 1)", "1.3"),
        ),
    ),
    Builtin(
        "round up",
        message("a number rounded away from zero to so many digits after the point"),
        (Signature((_N, _SCALE), NUMBER, _rounded(ROUND_UP)),),
        (
            Example("round up(10.01, 0)", "11"),
            Example("round up(-10.01, 0)", "-11"),
            Example("round up(1.121, 2)", "1.13"),
        ),
    ),
    Builtin(
        "round down",
        message("a number rounded towards zero to so many digits after the point"),
        (Signature((_N, _SCALE), NUMBER, _rounded(ROUND_DOWN)),),
        (
            Example("round down(10.99, 0)", "10"),
            Example("round down(-10.99, 0)", "-10"),
            Example("round down(1.126, 2)", "1.12"),
        ),
    ),
    Builtin(
        "round half up",
        message(
            "a number rounded to so many digits after the point; what lies halfway goes away from "
            "zero, as in commerce"
        ),
        (Signature((_N, _SCALE), NUMBER, _rounded(ROUND_HALF_UP)),),
        (
            Example("round half up(2.665, 2)", "2.67"),
            Example("round half up(-2.665, 2)", "-2.67"),
            Example("round half up(2.664, 2)", "2.66"),
        ),
    ),
    Builtin(
        "round half down",
        message(
            "a number rounded to so many digits after the point; what lies halfway goes towards zero"
        ),
        (Signature((_N, _SCALE), NUMBER, _rounded(ROUND_HALF_DOWN)),),
        (
            Example("round half down(2.665, 2)", "2.66"),
            Example("round half down(-2.665, 2)", "-2.66"),
            Example("round half down(2.666, 2)", "2.67"),
        ),
    ),
    Builtin(
        "abs",
        message("a number or a duration without its minus sign"),
        (
            Signature((_N,), NUMBER, _abs_number),
            Signature((Parameter("n", DAYS_AND_TIME_DURATION),), DAYS_AND_TIME_DURATION, _abs_days),
            Signature(
                (Parameter("n", YEARS_AND_MONTHS_DURATION),),
                YEARS_AND_MONTHS_DURATION,
                _abs_months,
            ),
        ),
        (
            Example("abs(-10)", "10"),
            Example("abs(10)", "10"),
            Example('abs(@"-PT5H")', '@"PT5H"'),
            Example('abs(@"-P5M")', '@"P5M"'),
        ),
    ),
    Builtin(
        "modulo",
        message(
            "what is left of a number when a whole multiple of another is taken off; it has the "
            "sign of the second"
        ),
        (
            Signature(
                (Parameter("dividend", NUMBER), Parameter("divisor", NUMBER)), NUMBER, _modulo
            ),
        ),
        (
            Example("modulo(12, 5)", "2"),
            Example("modulo(-12, 5)", "3"),
            Example("modulo(12, -5)", "-3"),
            Example("modulo(10.1, 4.5)", "1.1"),
            Example("modulo(1, 0)", "null"),
        ),
    ),
    Builtin(
        "sqrt",
        message("the square root of a number"),
        (Signature((_NUMBER,), NUMBER, _sqrt),),
        (
            Example("sqrt(16)", "4"),
            Example("sqrt(0.25)", "0.5"),
            Example("sqrt(-1)", "null"),
        ),
    ),
    Builtin(
        "log",
        message("the natural logarithm of a number"),
        (Signature((_NUMBER,), NUMBER, _log),),
        (
            Example("log(1)", "0"),
            Example("round half up(log(10), 8)", "2.30258509"),
            Example("log(0)", "null"),
        ),
    ),
    Builtin(
        "exp",
        message("the number e raised to a power"),
        (Signature((_NUMBER,), NUMBER, _exp),),
        (
            Example("exp(0)", "1"),
            Example("round half up(exp(5), 8)", "148.4131591"),
            Example("exp(1000000)", "null"),
        ),
    ),
    Builtin(
        "odd",
        message("whether a number is odd: a whole number that two does not divide"),
        (Signature((_NUMBER,), BOOLEAN, _odd),),
        (Example("odd(5)", "true"), Example("odd(2)", "false"), Example("odd(2.5)", "false")),
    ),
    Builtin(
        "even",
        message("whether a number is even: a whole number that two divides"),
        (Signature((_NUMBER,), BOOLEAN, _even),),
        (Example("even(2)", "true"), Example("even(5)", "false"), Example("even(2.5)", "false")),
    ),
)

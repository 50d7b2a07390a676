"""Built-ins on texts (DMN 1.5, table 74). Lengths and positions count Unicode code points."""

from decimal import Decimal

from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.types import BOOLEAN, NUMBER, STRING, ListOf, optional
from policyeval.feel.values import Value
from policyeval.feel.writing import shown
from policyeval.messages import message

# Characters that are looked at in about the time that a step stands for.
_CHARACTERS_PER_STEP = 1_000


def _substring(runtime: Runtime, text: str, start: Decimal, length: Decimal | None = None) -> str:
    runtime.step(len(text) // _CHARACTERS_PER_STEP)
    # INVARIANT: a position or length is known to be small before it becomes an int, which is slow
    # for numbers like 1e6000.
    first = int(start) if start.copy_abs() < len(text) + 1 else 0
    if first == 0:
        raise Failure(
            "eval.domain",
            message(
                "a text of {count} characters has no position {position}; positions count from 1, "
                "or from -1 at the end",
                count=len(text),
                position=shown(start),
            ),
        )
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    if not 1 <= length < len(text) - begin + 1:
        raise Failure(
            "eval.domain",
            message(
                "from position {position} of a text of {count} characters {length} cannot be taken",
                position=shown(start),
                count=len(text),
                length=shown(length),
            ),
        )
    return text[begin : begin + int(length)]


def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


def _upper_case(runtime: Runtime, text: str) -> str:
    return _changed_case(runtime, text, text.upper())


def _lower_case(runtime: Runtime, text: str) -> str:
    return _changed_case(runtime, text, text.lower())


def _changed_case(runtime: Runtime, text: str, result: str) -> str:
    runtime.step(len(text) // _CHARACTERS_PER_STEP)
    # A character may become up to three, so that the result can be longer than the text.
    if len(result) > len(text):
        runtime.check_string(len(result))
    return result


def _substring_before(runtime: Runtime, text: str, match: str) -> str:
    runtime.step(len(text) // _CHARACTERS_PER_STEP)
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


def _substring_after(runtime: Runtime, text: str, match: str) -> str:
    runtime.step(len(text) // _CHARACTERS_PER_STEP)
    return text.partition(match)[2] if match else text


def _contains(runtime: Runtime, text: str, match: str) -> bool:
    runtime.step(len(text) // _CHARACTERS_PER_STEP)
    return match in text


def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


def _replace(
    runtime: Runtime, text: str, pattern: str, replacement: str, flags: str | None = None
) -> str:
    from policyeval.feel import regex

    compiled = regex.compile_pattern(pattern, flags or "", runtime=runtime)
    return regex.replace(compiled, text, replacement, runtime)


def _matches(runtime: Runtime, text: str, pattern: str, flags: str | None = None) -> bool:
    from policyeval.feel import regex

    compiled = regex.compile_pattern(pattern, flags or "", runtime=runtime)
    return regex.matches(compiled, text, runtime)


def _split(runtime: Runtime, text: str, delimiter: str) -> list[Value]:
    from policyeval.feel import regex

    compiled = regex.compile_pattern(delimiter, runtime=runtime)
    return [*regex.split(compiled, text, runtime)]


def _string_join(runtime: Runtime, items: list[str | None], delimiter: str | None = None) -> str:
    runtime.step(len(items) // 100)
    given = [each for each in items if each is not None]
    between = delimiter or ""
    runtime.make_string(sum(map(len, given)) + len(between) * max(0, len(given) - 1))
    return between.join(given)


_STRING = Parameter("string", STRING)
_MATCH = Parameter("match", STRING)
_INPUT = Parameter("input", STRING)
_PATTERN = Parameter("pattern", STRING)
_FLAGS = Parameter("flags", optional(STRING), optional=True)

BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "substring",
        message(
            "a part of a text: from a position (1 is the first character, -1 the last) to the end, "
            "or as many characters as are asked for"
        ),
        (
            Signature(
                (
                    _STRING,
                    Parameter("start position", NUMBER),
                    Parameter("length", NUMBER, optional=True),
                ),
                STRING,
                _substring,
                needs_runtime=True,
            ),
        ),
        (
            Example('substring("invoice", 3)', '"voice"'),
            Example('substring("SE-2024-0117", 4, 4)', '"2024"'),
            Example('substring("SE-2024-0117", -4)', '"0117"'),
            Example('substring("invoice", 3, 100)', "null"),
            Example('substring("\\U01F40Ea horse", 2, 1)', '"a"'),
            Example('substring("invoice", 8)', "null"),
        ),
    ),
    Builtin(
        "string length",
        message("the number of characters of a text"),
        (Signature((_STRING,), NUMBER, _string_length),),
        (
            Example('string length("partner")', "7"),
            Example('string length("")', "0"),
            Example('string length("åäö \\U01F40E")', "5"),
        ),
    ),
    Builtin(
        "upper case",
        message("a text in capital letters"),
        (Signature((_STRING,), STRING, _upper_case, needs_runtime=True),),
        (
            Example('upper case("Göteborg 4b")', '"GÖTEBORG 4B"'),
            Example('upper case("straße")', '"STRASSE"'),
        ),
    ),
    Builtin(
        "lower case",
        message("a text in small letters"),
        (Signature((_STRING,), STRING, _lower_case, needs_runtime=True),),
        (
            Example('lower case("Göteborg 4B")', '"göteborg 4b"'),
            Example('lower case("")', '""'),
        ),
    ),
    Builtin(
        "substring before",
        message("what stands before the first occurrence of another text; empty if there is none"),
        (Signature((_STRING, _MATCH), STRING, _substring_before, needs_runtime=True),),
        (
            Example('substring before("2024-0117", "-")', '"2024"'),
            Example('substring before("2024-0117", "/")', '""'),
        ),
    ),
    Builtin(
        "substring after",
        message("what stands after the first occurrence of another text; empty if there is none"),
        (Signature((_STRING, _MATCH), STRING, _substring_after, needs_runtime=True),),
        (
            Example('substring after("anna@example.se", "@")', '"example.se"'),
            Example('substring after("anna", "@")', '""'),
            Example('substring after("anna", "")', '"anna"'),
        ),
    ),
    Builtin(
        "contains",
        message("whether a text has another one in it"),
        (Signature((_STRING, _MATCH), BOOLEAN, _contains, needs_runtime=True),),
        (
            Example('contains("Advokatbyrån Lind AB", "byrå")', "true"),
            Example('contains("Lind AB", "ab")', "false"),
            Example('contains("Lind AB", null)', "null"),
        ),
    ),
    Builtin(
        "starts with",
        message("whether a text begins with another one"),
        (Signature((_STRING, _MATCH), BOOLEAN, _starts_with),),
        (
            Example('starts with("SE556000", "SE")', "true"),
            Example('starts with("556000SE", "SE")', "false"),
        ),
    ),
    Builtin(
        "ends with",
        message("whether a text ends with another one"),
        (Signature((_STRING, _MATCH), BOOLEAN, _ends_with),),
        (
            Example('ends with("contract.pdf", ".pdf")', "true"),
            Example('ends with("contract.pdf", ".doc")', "false"),
        ),
    ),
    Builtin(
        "replace",
        message(
            "a text with every match of a regular expression replaced; in the replacement `{group}` "
            "stands for what the first group matched, `{whole}` for the whole match",
            group="$1",
            whole="$0",
        ),
        (
            Signature(
                (_INPUT, _PATTERN, Parameter("replacement", STRING), _FLAGS),
                STRING,
                _replace,
                needs_runtime=True,
            ),
        ),
        (
            Example('replace("556000-4615", "-", "")', '"5560004615"'),
            Example('replace("17/01/2024", "(\\d+)/(\\d+)/(\\d+)", "$3-$2-$1")', '"2024-01-17"'),
            Example(
                'replace("Box 12, BOX 7", "box", "P.O. box", "i")', '"P.O. box 12, P.O. box 7"'
            ),
            Example('replace("abc", "x*", "-")', "null"),
        ),
    ),
    Builtin(
        "matches",
        message(
            "whether a part of a text matches a regular expression; with `^` at its start and `$` "
            "at its end, whether the whole text does"
        ),
        (
            Signature(
                (_INPUT, _PATTERN, _FLAGS),
                BOOLEAN,
                _matches,
                needs_runtime=True,
            ),
        ),
        (
            Example('matches("556000-4615", "^\\d{6}-\\d{4}$")', "true"),
            Example('matches("Invoice 17", "invoice", "i")', "true"),
            Example('matches("Invoice 17", "^\\d+$")', "false"),
            Example('matches("Invoice 17", "(")', "null"),
        ),
    ),
    Builtin(
        "split",
        message(
            "the parts of a text before, between and after the matches of a regular expression"
        ),
        (
            Signature(
                (_STRING, Parameter("delimiter", STRING)),
                ListOf(STRING),
                _split,
                needs_runtime=True,
            ),
        ),
        (
            Example('split("anna;bo;;", ";")', '["anna", "bo", "", ""]'),
            Example('split("Anna  Maria Lind", "\\s+")', '["Anna", "Maria", "Lind"]'),
            Example('split("", ";")', '[""]'),
            Example('split("a.b", ".?")', "null"),
        ),
    ),
    Builtin(
        "string join",
        message(
            "texts put together, with a delimiter between them if one is given; "
            "what is null is left out"
        ),
        (
            Signature(
                (
                    Parameter("list", ListOf(optional(STRING))),
                    Parameter("delimiter", optional(STRING), optional=True),
                ),
                STRING,
                _string_join,
                needs_runtime=True,
            ),
        ),
        (
            Example('string join(["Anna", "Bo", "Cim"], ", ")', '"Anna, Bo, Cim"'),
            Example('string join(["a", "b"])', '"ab"'),
            Example('string join(["a", null, "c"], "-")', '"a-c"'),
            Example("string join([])", '""'),
            Example("string join([1, 2])", "null"),
        ),
    ),
)

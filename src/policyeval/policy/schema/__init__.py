"""Whether a file has the shape that its schema (`schema/*.schema.json`) describes.

The schemas are for editors as much as for this check, which speaks in our own words: the library
that runs them says what is wrong with JSON, not with a policy.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from policyeval.diagnostics import did_you_mean
from policyeval.messages import LANGUAGES, Message, message
from policyeval.policy.problems import Problems
from policyeval.policy.schema import words
from policyeval.policy.schema.data import Entries, nodes, plain_data, too_deep
from policyeval.policy.schema.formats import complaint
from policyeval.policy.schema.validator import CHOICE, Kind, errors
from policyeval.policy.yaml import Document, Mapping, Node, Scalar, find, is_null

__all__ = ["DEPTH", "Kind", "check_structure"]

DEPTH: Final = 32
"""How deeply a file may be nested; what it holds is nested about ten deep."""


NODES: Final = 50_000
"""Lists, entries and values of a policy; what is written by people has a fifth of them at most."""

# What the schema has against a file is looked at up to here: fewer problems are shown.
_MOST: Final = 1_000


def check_structure(document: Document, kind: Kind, problems: Problems) -> bool:
    """Report everything in which a file departs from its schema.

    Gives whether it makes sense to look further: not in a file that is too large or of another format.

    The languages of a text are not looked at: which are needed is the loader's to say.
    """
    if _of_another_format(document, problems):
        return False
    deepest = too_deep(document.root, DEPTH)
    if deepest is not None:
        problems.report(
            "yaml.too-deep",
            message("lists and entries are nested more than {limit} deep", limit=DEPTH),
            words.place_of(deepest),
            message("give the inner part a place of its own"),
        )
        return False
    following = next(islice(nodes(document.root, DEPTH), NODES, None), None)
    if following is not None and kind != "cases":
        problems.report(
            "yaml.too-big",
            message("the file has more than {limit} keys, values and brackets", limit=NODES),
            words.place_of(following[0]),
            message("divide it into several files"),
        )
        return False
    _report(islice(errors(kind, plain_data(document.root)), _MOST), problems)
    return True


def _of_another_format(document: Document, problems: Problems) -> bool:
    """Refuse a file of a later format: nothing else can be said about it."""
    entry = find(document.root, "format") if isinstance(document.root, Mapping) else None
    if entry is None or not isinstance(entry.value, Scalar):
        return False
    written = entry.value.text
    if written == "1" or not (written.isascii() and written.isdigit()):
        return False
    problems.report(
        "schema.enum",
        message(
            "the file is of format {number}, and this version of policyeval reads format 1",
            number=words.shortened(written),
        ),
        words.place_of(entry.value),
        message("install a later version"),
    )
    return True


def _report(found: Iterable[Any], problems: Problems) -> None:
    gaps: dict[int, tuple[Entries, Message | None, list[str]]] = {}
    choices: dict[int, tuple[Entries, Sequence[str]]] = {}
    meant: dict[int, set[str]] = {}
    for error in found:
        instance, path = error.instance, list(error.relative_schema_path)
        if error.validator == "required":
            if error.validator_value not in LANGUAGES:
                help_ = _CHOICE_HELP if _is_choice(error.schema) else None
                gap = gaps.setdefault(id(instance), (instance, help_, []))
                gap[2].append(error.validator_value)
        elif error.validator == CHOICE:
            choices[id(instance)] = (instance, error.validator_value)
        elif error.validator == "additionalProperties":
            known = list(error.schema.get("properties", {}))
            words.unknown_key(problems, error.validator_value.node, known)
            near = did_you_mean(error.validator_value, known)
            if near is not None:
                meant.setdefault(id(instance), set()).add(str(near.fields["name"]))
        elif not _is_empty_text(error):
            _report_one(error, path, problems)
    # What is missing was most likely meant by a key that is mistyped: one mistake, one message.
    for number, (instance, help_, names) in gaps.items():
        left = [each for each in dict.fromkeys(names) if each not in meant.get(number, ())]
        if left:
            words.missing(problems, instance.node, instance.key, left, help_)
    for number, (instance, alternatives) in choices.items():
        if not meant.get(number, set()) & {*alternatives}:
            words.one_needed(problems, instance.node, instance.key, alternatives)


def _is_empty_text(error: Any) -> bool:
    """Tell whether a language of a text is named and nothing written: the loader says so."""
    if error.validator != "type" or error.instance.key is None:
        return False
    node = error.instance.node
    return error.instance.key.text in LANGUAGES and is_null(node) and not node.text


def _report_one(error: Any, path: list[Any], problems: Problems) -> None:
    instance = error.instance
    match error.validator:
        case None:  # a key that another one rules out
            other = _condition(path)
            words.together(
                problems,
                instance.key.span,
                message(
                    "`{name}` and `{other}` cannot stand together",
                    name=instance.key.text,
                    other=other,
                ),
                message("keep one of them"),
            )
        case "enum" if (other := _condition(path)) is not None:
            if isinstance(instance.node, Scalar) and not is_null(instance.node):
                words.together(
                    problems,
                    words.place_of(instance.node),
                    message(
                        "`{other}` can stand only where `{name}` is {values}",
                        other=other,
                        name=path[path.index(other) + 2],
                        values=_values(error.validator_value),
                    ),
                )
        case "enum":
            words.not_one_of(
                problems, instance.node, [_shown(each) for each in error.validator_value]
            )
        case "type":
            _wrong_kind(problems, instance.node, [(error.validator_value, error.schema)])
        case "anyOf":
            _wrong_kind(problems, instance.node, error.validator_value)
        case "format":
            found = complaint(error.validator_value, str(instance))
            if found is not None:
                words.badly_written(problems, words.place_of(instance.node), found)
        case "minimum":
            found_text = message("the number must be {least} or more", least=error.validator_value)
            problems.report("schema.format", found_text, words.place_of(instance.node))
        case _:  # minItems, minProperties
            problems.report(
                "schema.required",
                message("at least one is needed here"),
                instance.key.span if instance.key else words.place_of(instance.node),
            )


def _condition(path: list[Any]) -> Any:
    """Give the key on which it depends that an error is one, or None if it is one anyway."""
    return path[path.index("dependentSchemas") + 1] if "dependentSchemas" in path else None


def _values(allowed: Sequence[object]) -> Message:
    first, *rest = (_shown(each) for each in allowed)
    if not rest:
        return message("`{text}`", text=first)
    return message("one of {names}", names=words.quoted([first, *rest]))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


# ------------------------------------------------------------------------------- kinds


def _wrong_kind(problems: Problems, node: Node, wanted: Sequence[tuple[Any, Any]]) -> None:
    """Report a value that is of none of the kinds wanted, each given by its types and its schema."""
    kinds: list[Message] = []
    for types, schema in wanted:
        kind = (
            _KINDS.get(schema.get("format", ""))
            or _KINDS[types if isinstance(types, str) else types[0]]
        )
        if kind not in kinds:
            kinds.append(kind)
    listed = kinds[0]
    for kind in kinds[1:]:
        listed = message("{one} or {other}", one=listed, other=kind)
    words.wrong_kind(problems, node, listed, _help(node, wanted[-1][0], wanted[-1][1]))


def _help(node: Node, types: Any, schema: Any) -> Message | None:
    if "sv" in schema.get("properties", ()):
        return message("a text is given in each language: `{example}`", example=_TEXT)
    if isinstance(node, Scalar):
        if is_null(node):
            quote = types == "string" and node.text != ""
            return (
                message("if the word itself is meant, put it in quotation marks") if quote else None
            )
        match types:
            case "array":
                return message("write each item on a line of its own, as in `- item`")
            case "object" if "anyOf" not in schema:
                return message("an entry is written `key: value`, with a space after the colon")
            case "integer" if node.style != "plain" and node.text.isdigit():
                return message("write it without quotation marks")
        return None
    if schema.get("format") in {"expression", "tests"} or _is_choice(schema):
        return message("an expression that begins with `[` or `{` stands in quotation marks")
    return None


def _is_choice(schema: Any) -> bool:
    return bool(schema.get("title") == "Choice")


_CHOICE_HELP: Final = message(
    "a choice names its reading: `by: …`; an expression that begins with `{` stands in quotation marks"
)
_TEXT: Final = "{sv: …, de: …, en: …}"
_KINDS: Final = {
    "array": message("a list"),
    "boolean": message("`true` or `false`"),
    "expression": message("an expression"),
    "integer": message("a whole number"),
    "null": message("`null`"),
    "number": message("a number"),
    "object": message("a block of entries with keys"),
    "string": message("a text"),
    "tests": message("a test"),
    "value": message("a value"),
}

"""The published schemas, run by `jsonschema` over a file's data.

Only what the library is for is left to it: walking schema and data side by side. What a value
passes for, and which branch of an `anyOf` was meant, is decided here, so that an error always is about
one place and one thing.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from policyeval.policy.schema.data import Data, Entries, Items, Written
from policyeval.policy.schema.formats import complaint
from policyeval.policy.yaml import is_null
from policyeval.policy.yaml.numbers import is_number

Kind = Literal["policy", "programme", "cases"]

CHOICE: Final = "choice"
"""The `validator` of an error that says that one of several keys is needed."""


def errors(kind: Kind, data: Data) -> Iterator[Any]:
    """Give what the schema has against a file's data, as errors of the library."""
    validator: Any = _validator(kind)
    yield from validator.iter_errors(data)


def published(kind: Kind) -> dict[str, Any]:
    """Read a schema: from the package's data in a wheel, from the top of the repository in a checkout.

    Raises:
        FileNotFoundError: The installation is not complete.
    """
    here = Path(__file__).resolve()
    name = f"schema/{kind}.schema.json"
    package = here.parents[2]
    for folder in (package / "_data", *package.parents):
        path = folder / name
        if path.is_file():
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return found
    raise FileNotFoundError(name)


@cache
def _validator(kind: Kind) -> Any:
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import ValidationError

    schema = published(kind)
    _put_in(schema, schema["$defs"])

    def error(keyword: str, value: object, instance: object, schema: Any) -> ValidationError:
        return ValidationError(
            keyword, validator=keyword, validator_value=value, instance=instance, schema=schema
        )

    def type_(_: Any, wanted: Any, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if not any(_is(instance, each) for each in _listed(wanted)):
            yield error("type", wanted, instance, schema)

    def const(_: Any, wanted: Any, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if not _same(instance, wanted):
            yield error("enum", [wanted], instance, schema)

    def enum(_: Any, wanted: Any, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if not any(_same(instance, each) for each in wanted):
            yield error("enum", wanted, instance, schema)

    def minimum(_: Any, least: int, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if _is(instance, "integer") and int(str(instance)) < least:
            yield error("minimum", least, instance, schema)

    def format_(_: Any, name: str, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if _is(instance, "string") and complaint(name, str(instance)):
            yield error("format", name, instance, schema)

    def required(_: Any, keys: Any, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, Entries):
            yield from (
                error("required", key, instance, schema) for key in keys if key not in instance
            )

    def no_more(
        validator: Any, others: Any, instance: Data, schema: Any
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, Entries):
            return
        known = schema.get("properties", {})
        for key, value in instance.items():
            if key in known:
                continue
            if others is False:
                yield error("additionalProperties", key, instance, schema)
            else:
                yield from validator.descend(value, others)

    def any_of(
        validator: Any, branches: Any, instance: Data, schema: Any
    ) -> Iterator[ValidationError]:
        fitting = [each for each in branches if _fits(instance, each)]
        if len(fitting) == 1:
            # What is asked for one by one is not made in vain where only the first are wanted.
            yield from validator.descend(instance, fitting[0])
            return
        found = [
            list(validator.descend(instance, each))
            if _fits(instance, each)
            else [error("type", each["type"], instance, each)]
            for each in branches
        ]
        if all(found):
            if all("required" in each for each in branches):
                keys = [key for each in branches for key in each["required"]]
                if isinstance(instance, Entries):
                    yield error(CHOICE, keys, instance, schema)
            elif all(_wrong_kind(each, instance) for each in found):
                wanted = [
                    (error.validator_value, error.schema)
                    for each in found
                    for error in each
                    if error.validator == "type" and error.instance is instance
                ]
                yield error("anyOf", wanted, instance, schema)
            else:
                right = [each for each in found if not _wrong_kind(each, instance)]
                yield from min(right, key=len)

    def fewest(_: Any, least: int, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, Items) and len(instance) < least:
            yield error("minItems", least, instance, schema)

    def fewest_keys(_: Any, least: int, instance: Data, schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, Entries) and len(instance) < least:
            yield error("minProperties", least, instance, schema)

    def descend(
        validator: Any,
        instance: Data,
        schema: Any,
        path: object = None,
        schema_path: object = None,
    ) -> Iterator[ValidationError]:
        if schema is False:
            yield ValidationError("", validator=None, instance=instance, schema=schema)  # type: ignore[arg-type]  # so says the library, too
        if isinstance(schema, bool):
            return
        for keyword, value in schema.items():
            check = checks.get(keyword)
            for each in check(validator, value, instance, schema) or () if check else ():
                each.schema_path.appendleft(keyword)
                if path is not None:
                    each.path.appendleft(path)
                if schema_path is not None:
                    each.schema_path.appendleft(schema_path)
                yield each

    extended: Any = validators.extend(  # type: ignore[no-untyped-call]  # its stubs leave it out
        Draft202012Validator,
        {
            "additionalProperties": no_more,
            "anyOf": any_of,
            "const": const,
            "enum": enum,
            "format": format_,
            "minItems": fewest,
            "minProperties": fewest_keys,
            "minimum": minimum,
            "required": required,
            "type": type_,
        },
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
            {name: lambda _, given, name=name: _is(given, name) for name in _KINDS}
        ),
    )
    checks = {name: each for name, each in extended.VALIDATORS.items() if name not in _IN_WORDS}
    # The library's own looks for references in each value's schema; here there are none left.
    extended.descend = descend
    return extended(schema)


_IN_WORDS: Final = frozenset({"maxLength", "minLength", "pattern"})
"""What `format` says in words."""


def _put_in(node: Any, definitions: dict[str, Any]) -> None:
    """Put what is referred to in the place of references: they would be looked up for each value.

    The schemas are circular then, as the choices are that they describe.
    """
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        if isinstance(value, dict) and "$ref" in value:
            node[key] = definitions[value["$ref"].removeprefix("#/$defs/")]
        elif isinstance(value, dict | list):
            _put_in(value, definitions)


_KINDS = ("object", "array", "string", "number", "integer", "boolean", "null")


def _is(given: object, kind: str) -> bool:
    """Tell whether a value may be taken for one of a kind; a text that looks like a number is both."""
    match given:
        case Entries():
            return kind == "object"
        case Items():
            return kind == "array"
        case Written():
            plain = given.node.style == "plain"
            match kind:
                case "string":
                    return not is_null(given.node)
                case "null":
                    return is_null(given.node) and bool(given.node.text)
                case "number":
                    return plain and is_number(given.node.text)
                case "integer":
                    return plain and is_number(given.node.text) and "." not in given.node.text
                case "boolean":
                    return plain and given.node.text in {"true", "false"}
                case _:
                    return False
        case _:
            return False


def _same(given: Data, wanted: object) -> bool:
    if not isinstance(given, Written):
        return False
    if isinstance(wanted, str):
        return str(given) == wanted
    return given.node.style == "plain" and given.node.text == json.dumps(wanted)


def _listed(wanted: Any) -> Any:
    return [wanted] if isinstance(wanted, str) else wanted


def _fits(instance: Data, branch: Any) -> bool:
    return "type" not in branch or any(_is(instance, each) for each in _listed(branch["type"]))


def _wrong_kind(found: Sequence[Any], instance: object) -> bool:
    return any(each.validator == "type" and each.instance is instance for each in found)

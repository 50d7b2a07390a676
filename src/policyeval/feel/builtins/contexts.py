"""Built-ins on contexts (DMN 1.5, 10.3.4)."""

from collections.abc import Sequence

from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.types import ANY, STRING, ContextOf, ListOf, Type, join, required
from policyeval.feel.values import Value
from policyeval.feel.writing import kind_of
from policyeval.messages import message

Context = dict[str, Value]

# Entries that are copied in about the time that a step stands for.
_ENTRIES_PER_STEP = 50


def _get_value(context: Context, key: str) -> Value:
    return context.get(key)


def _get_entries(runtime: Runtime, context: Context) -> list[Value]:
    runtime.check_list(len(context))
    runtime.step(len(context) // _ENTRIES_PER_STEP)
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(runtime: Runtime, entries: list[Context]) -> Context:
    runtime.step(len(entries) // _ENTRIES_PER_STEP)
    result: Context = {}
    for number, entry in enumerate(entries, 1):
        key = entry.get("key") if entry is not None else None
        if not isinstance(key, str) or "value" not in entry:
            raise Failure(
                "eval.domain",
                message(
                    "entry {number} must have a text as its `key`, and a `value`", number=number
                ),
            )
        if key in result:
            raise Failure("eval.domain", message("the key `{key}` is given twice", key=key))
        result[key] = entry["value"]
    return result


def _context_put(runtime: Runtime, context: Context, key: str, value: Value) -> Context:
    runtime.step(len(context) // _ENTRIES_PER_STEP)
    return {**context, key: value}


def _context_put_within(
    runtime: Runtime, context: Context, keys: list[str | None], value: Value
) -> Context:
    """Put a value in a context within contexts; the keys lead to it."""
    path: list[tuple[Context, str]] = []
    within: Value = context
    for key in keys:
        if key is None:
            raise Failure("eval.null", message("a key is missing"))
        if not isinstance(within, dict):
            raise Failure(
                "eval.member",
                message(
                    "before the key `{key}` there is no context but a `{kind}`",
                    key=key,
                    kind=kind_of(within),
                ),
            )
        path.append((within, key))
        within = within.get(key)
    if not path:
        raise Failure("eval.domain", message("there is no key in the list"))
    result = _context_put(runtime, *path.pop(), value)
    while path:
        result = _context_put(runtime, *path.pop(), result)
    return result


def _context_merge(runtime: Runtime, contexts: list[Context | None]) -> Context:
    result: Context = {}
    for each in contexts:
        if each is None:
            raise Failure("eval.null", message("one of the contexts is missing"))
        runtime.step(len(each) // _ENTRIES_PER_STEP)
        result.update(each)
    return result


def _put_type(given: Sequence[Type]) -> Type:
    """Every entry may be the one that is replaced, as the key is not known beforehand."""
    base = required(given[0])
    if not isinstance(base, ContextOf):
        return ContextOf({})
    return ContextOf({name: join((type_, given[2])) for name, type_ in base.entries.items()})


def _put_within_type(given: Sequence[Type]) -> Type:
    base = required(given[0])
    return ContextOf(dict.fromkeys(base.entries, ANY) if isinstance(base, ContextOf) else {})


_CONTEXT = Parameter("context", ContextOf({}))
_M = Parameter("m", ContextOf({}))
_ENTRY = ContextOf({"key": STRING, "value": ANY})

BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "get value",
        message("the entry of a context with that key; null if it has none"),
        (Signature((_M, Parameter("key", STRING)), ANY, _get_value),),
        (
            Example('get value({name: "Lind", seats: 12}, "seats")', "12"),
            Example('get value({name: "Lind"}, "seats")', "null"),
        ),
    ),
    Builtin(
        "get entries",
        message("the entries of a context as a list, each with its `key` and its `value`"),
        (Signature((_M,), ListOf(_ENTRY), _get_entries, needs_runtime=True),),
        (
            Example(
                'get entries({name: "Lind", seats: 12})',
                '[{key: "name", value: "Lind"}, {key: "seats", value: 12}]',
            ),
            Example("get entries({})", "[]"),
        ),
    ),
    Builtin(
        "context",
        message("the context made of a list of entries, each with its `key` and its `value`"),
        (
            Signature(
                (Parameter("entries", ListOf(_ENTRY)),), ContextOf({}), _context, needs_runtime=True
            ),
        ),
        (
            Example(
                'context([{key: "name", value: "Lind"}, {key: "seats", value: 12}])',
                '{name: "Lind", seats: 12}',
            ),
            Example("context([])", "{}"),
            Example('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
            Example('context([{key: "a"}])', "null"),
        ),
    ),
    Builtin(
        "context put",
        message(
            "a context with one entry added or replaced; a list of keys leads to an entry of a "
            "context within it"
        ),
        (
            Signature(
                (_CONTEXT, Parameter("key", STRING), Parameter("value", ANY)),
                _put_type,
                _context_put,
                needs_runtime=True,
            ),
            Signature(
                (_CONTEXT, Parameter("keys", ListOf(STRING)), Parameter("value", ANY)),
                _put_within_type,
                _context_put_within,
                needs_runtime=True,
            ),
        ),
        (
            Example('context put({seats: 12}, "name", "Lind")', '{seats: 12, name: "Lind"}'),
            Example('context put({seats: 12}, "seats", 15)', "{seats: 15}"),
            Example(
                'context put({name: "Lind", address: {city: "Lund"}}, ["address", "city"], "Umeå")',
                '{name: "Lind", address: {city: "Umeå"}}',
            ),
            Example('context put({seats: 12}, ["address", "city"], "Umeå")', "null"),
        ),
    ),
    Builtin(
        "context merge",
        message("the entries of several contexts in one; of two with the same key the later one"),
        (
            Signature(
                (Parameter("contexts", ListOf(ContextOf({}))),),
                ContextOf({}),
                _context_merge,
                needs_runtime=True,
            ),
        ),
        (
            Example('context merge([{name: "Lind"}, {seats: 12}])', '{name: "Lind", seats: 12}'),
            Example("context merge([{seats: 12}, {seats: 15}])", "{seats: 15}"),
            Example("context merge([])", "{}"),
        ),
    ),
)

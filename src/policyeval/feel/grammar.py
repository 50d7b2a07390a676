"""The LALR tables of the grammar: from the file that keeps them, or made by lark.

To make them takes lark longer than everything else that a first evaluation does. So they are kept
in `feel.tables.json`, which `python -m tools.write_tables` writes. The file begins with a digest of
its format, of the grammar and of the tables themselves, and is used only where that is right: a
file that is missing, damaged, or of another state of the grammar is passed over, and lark makes the
tables anew. Whoever edits the grammar sees the effect at once.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

SAVED: Final = Path(__file__).with_name("feel.tables.json")
STARTS: Final = ("expression", "unary_tests", "type")

# Goes into the digest: to be raised with every change of what the file says or of what it means.
_FORMAT: Final = 1

Row = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the grammar.

    Attributes:
        size: How many parts it has.
        origin: What it defines.
        kept: Which of its parts are no punctuation.
        name: The name after its arrow; None if its only part is passed on.
    """

    size: int
    origin: str
    kept: tuple[int, ...]
    name: str | None


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR tables.

    Attributes:
        actions: For each state, kind of token to next state, or to the complement of the number of
            the rule whose parts are complete.
        gotos: For each state, what a rule defines to next state.
        rules: All rules.
        starts: What may be read to the state where it begins.
        ends: The same to the state where it is complete.
    """

    actions: tuple[Row, ...]
    gotos: tuple[Row, ...]
    rules: tuple[Rule, ...]
    starts: Mapping[str, int]
    ends: Mapping[str, int]


@cache
def tables() -> Tables:
    """Give the tables of the grammar, without lark where they are kept."""
    grammar = text()
    saved = loaded(SAVED, grammar)
    return built(grammar) if saved is None else saved


def text() -> str:
    """Find the grammar: beside this module in a wheel, at the top of the repository in a checkout."""
    here = Path(__file__).resolve()
    for path in (here.parent / "feel.lark", *(each / "grammar/feel.lark" for each in here.parents)):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError("feel.lark")


# ------------------------------------------------------------------ the file that keeps them


def loaded(path: Path, grammar: str) -> Tables | None:
    """Read the tables of a grammar from a file; None if it does not have them, whole and as written."""
    try:
        head, _, body = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if head != _head(grammar, body):
        return None
    found = json.loads(f"{head}\n{body}")
    return Tables(
        tuple(found["actions"][action] for action, _ in found["states"]),
        tuple(found["gotos"][goto] for _, goto in found["states"]),
        tuple(Rule(size, origin, tuple(kept), name) for size, origin, kept, name in found["rules"]),
        found["starts"],
        found["ends"],
    )


def written(given: Tables, grammar: str) -> str:
    """Write the file that keeps the tables of a grammar; equal tables give the same text."""
    # Many states have the same row: each is written once.
    actions = {_dumped(each): None for each in given.actions}
    gotos = {_dumped(each): None for each in given.gotos}
    action_numbers = {each: number for number, each in enumerate(actions)}
    goto_numbers = {each: number for number, each in enumerate(gotos)}
    states = (
        [action_numbers[_dumped(action)], goto_numbers[_dumped(goto)]]
        for action, goto in zip(given.actions, given.gotos, strict=True)
    )
    rules = ([each.size, each.origin, each.kept, each.name] for each in given.rules)
    body = (
        f'"starts":{_dumped(given.starts)},\n'
        f'"ends":{_dumped(given.ends)},\n'
        f'"rules":{_lines(map(_dumped, rules))},\n'
        f'"actions":{_lines(actions)},\n'
        f'"gotos":{_lines(gotos)},\n'
        f'"states":{_dumped(list(states))}}}\n'
    )
    return f"{_head(grammar, body)}\n{body}"


def _head(grammar: str, body: str) -> str:
    """Give the first line, which vouches for all others and for the grammar they are made from."""
    digest = sha256(f"{_FORMAT}\n{len(grammar)}\n{grammar}{body}".encode()).hexdigest()
    return f'{{"sha256":"{digest}",'


def _dumped(given: object) -> str:
    return json.dumps(given, separators=(",", ":"), sort_keys=True)


def _lines(rows: Iterable[str]) -> str:
    return "[\n{}]".format(",\n".join(rows))


# ------------------------------------------------------------------ making them


def built(grammar: str) -> Tables:
    """Let lark make the tables of a grammar; they are numbered alike on every machine.

    Raises:
        lark.exceptions.GrammarError: The grammar has a mistake or a conflict.
    """
    import lark
    from lark.lexer import Lexer

    class OwnLexer(Lexer):
        """Stands in for lark's lexer, which is never run."""

        def __init__(self, configuration: object) -> None:
            pass

        def lex(self, *_: object) -> Any:
            return iter(())

    made = lark.Lark(
        grammar,
        parser="lalr",
        lexer=OwnLexer,
        start=list(STARTS),
        strict=True,  # a conflict is an error, never resolved in silence
    )
    table: Any = made.parse_interactive("", start=STARTS[0]).parser_state.parse_conf.parse_table
    given = sorted(made.rules, key=lambda rule: (rule.origin.name, *map(str, rule.expansion)))
    rule_numbers: dict[Any, int] = {rule: number for number, rule in enumerate(given)}
    rules = tuple(
        Rule(
            len(rule.expansion),
            str(rule.origin.name),
            tuple(
                index
                for index, part in enumerate(rule.expansion)
                if not (part.is_term and cast(Any, part).filter_out)
            ),
            rule.alias,
        )
        for rule in given
    )
    origins = {each.origin for each in rules}
    state_numbers = _state_numbers(table)
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in state_numbers:
        action, goto = {}, {}
        for symbol, (_, argument) in table.states[state].items():
            if not isinstance(argument, int):
                action[str(symbol)] = ~rule_numbers[argument]
            elif str(symbol) in origins:
                goto[str(symbol)] = state_numbers[argument]
            else:
                action[str(symbol)] = state_numbers[argument]
        actions.append(action)
        gotos.append(goto)
    return Tables(
        tuple(actions),
        tuple(gotos),
        rules,
        {start: state_numbers[table.start_states[start]] for start in STARTS},
        {start: state_numbers[table.end_states[start]] for start in STARTS},
    )


def _state_numbers(table: Any) -> dict[int, int]:
    """Number the states as they are reached, so that no order inside lark shows in the tables."""
    found = list(dict.fromkeys(table.start_states[start] for start in STARTS))
    known = set(found)
    for state in found:  # which grows meanwhile
        row = table.states[state]
        for symbol in sorted(row, key=str):
            _, argument = row[symbol]
            if isinstance(argument, int) and argument not in known:
                known.add(argument)
                found.append(argument)
    return {state: number for number, state in enumerate(found)}

"""The page of the Python interface: tools/api_page.md with the public names put in.

A line `{{policyeval.PolicySet}}` becomes a table of what the class offers, each with the first sentence
of its documentation; `{{policyeval.store}}` one of all that a package offers. Lines that follow each other
share a table.
"""

import enum
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "tools" / "api_page.md"

# Of these, the parts that `PolicySet` puts together; nobody else needs them.
_INNER = {"Program": {"answers", "asked", "presumed", "presumed_values", "provenance"}}
# These are given by other names; nobody makes one.
_GIVEN = {"PolicySet", "Program", "Observed", "Batch", "Decides", "Mode"}
_LONGEST = 12
"""Characters of a default that is shown."""


def api_page() -> str:
    """Fill in the template of the page."""
    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(
        r"^(?:\{\{[\w.]+\}\}\n)+", lambda match: _table(match[0]), template, flags=re.MULTILINE
    )


def _table(lines: str) -> str:
    paths = re.findall(r"[\w.]+", lines)
    rows = [f"| `{name}` | {said} |\n" for path in paths for name, said in _entries(path)]
    return "".join(["| Name | What it is for |\n", "|---|---|\n", *rows])


def _entries(path: str) -> Iterator[tuple[str, str]]:
    if find_spec(path) is not None:
        for name, each in public_names(path):
            yield f"{name}{_arguments(name, each)}", first_sentence(each)
        return
    home, _, name = path.rpartition(".")
    found = dict(public_names(home))[name]
    yield f"{name}{_arguments(name, found)}", first_sentence(found)
    if isinstance(found, type) and not issubclass(found, enum.Enum | BaseException):
        for member, of in members(found):
            if isinstance(of, property):
                yield f".{member}", first_sentence(of)
            elif inspect.isfunction(of):
                yield f".{member}{_arguments(member, of, bound=True)}", first_sentence(of)
            else:
                yield f".{member}", _attribute(found, member)


def public_names(module_name: str) -> list[tuple[str, object]]:
    """Give the public names of a module, and what they stand for."""
    module = import_module(module_name)
    return [(name, getattr(module, name)) for name in module.__all__]


def members(of: type) -> list[tuple[str, object]]:
    """Give the attributes and methods of a public class that are written in this project."""
    if issubclass(of, enum.Enum):
        return [*of.__members__.items()]
    found: dict[str, object] = {}
    for each in of.__mro__:
        if each.__module__.startswith("policyeval."):
            if is_dataclass(each):
                found |= {field.name: None for field in fields(each) if field.name not in found}
            found |= {name: value for name, value in vars(each).items() if name not in found}
    hidden = _INNER.get(of.__name__, set())
    return [(name, each) for name, each in found.items() if name[0] != "_" and name not in hidden]


def _arguments(name: str, of: object, *, bound: bool = False) -> str:
    """Write what something is called with; nothing for what those who use it do not call."""
    if not callable(of) or name in _GIVEN or (isinstance(of, type) and _is_given(of)):
        return ""
    parameters = [*inspect.signature(of).parameters.values()][bound:]
    return str(inspect.Signature([_bare(each) for each in parameters]))


def _bare(parameter: inspect.Parameter) -> inspect.Parameter:
    """Give a parameter without its type, and with a default that can be read."""
    default = parameter.default
    if default is not inspect.Parameter.empty and len(repr(default)) > _LONGEST:
        default = _Dots()
    return parameter.replace(annotation=inspect.Parameter.empty, default=default)


class _Dots:
    def __repr__(self) -> str:
        return "…"


def _is_given(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, enum.Enum | BaseException | tuple)


def first_sentence(of: object) -> str:
    """Give the first sentence of the documentation of something; nothing of a plain value."""
    if not (isinstance(of, type | property) or inspect.isroutine(of) or inspect.ismodule(of)):
        return ""
    text = inspect.cleandoc(of.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    return text.replace("|", r"\|")


def _attribute(of: type, name: str) -> str:
    """Give what the documentation of a class says of an attribute."""
    for each in of.__mro__:
        text = inspect.cleandoc(each.__doc__ or "")
        said = re.search(rf"^    {name}: (.*(?:\n {{8}}.*)*)", text, re.MULTILINE)
        if said:
            return re.sub(r"\s+", " ", said[1]).replace("|", r"\|")
    return ""

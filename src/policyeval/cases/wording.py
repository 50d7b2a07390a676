"""A case that failed, in words: what was expected against what came out, with the lines that say so."""

from policyeval.cases.model import Cases
from policyeval.cases.running import Result
from policyeval.messages import message, visible
from policyeval.source import Position, Span


def failure(file: Cases, result: Result, language: str) -> str:
    """Write what became of a case that failed, on several lines that begin with its place."""
    position = place(file, result.case.span)
    failed = message("the case `{id}` failed", id=result.case.id).text(language)
    name = visible(file.source.name or "")
    lines = [f"{name}:{position.line}:{position.column}: {failed}"]
    if result.case.note:
        lines.append(f"    {one_line(result.case.note)}")
    for each in result.differences:
        at = message("line {line}", line=place(file, each.span).line).text(language)
        lines += [
            f"    {each.name}  ({at})",
            f"      {message('expected').text(language)}: {one_line(each.expected)}",
            f"      {message('got').text(language)}: {one_line(each.got)}",
        ]
    if result.error is not None:
        lines += ["    " + line for line in result.error.render(language).splitlines()]
    return "\n".join(lines)


def one_line(text: str) -> str:
    """Write a text on one line, with the characters that cannot be seen made visible."""
    return visible(" ".join(text.split()))


def place(file: Cases, span: Span) -> Position:
    """Give where something stands in a file of cases."""
    return file.source.position(span.start)

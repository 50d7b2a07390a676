"""Why the parser stopped, in words for the author of the file.

The parser says where it stopped and, in the words of a specification, what it missed there. That is
often not where the mistake is, nor what it is; so its words only choose among the cases below, and
the text around the place says the rest. The two parts of the library (in C and in Python) word the
same complaint differently; a pattern here fits both.
"""

import re

from policyeval.messages import message
from policyeval.policy.yaml.parsing import Complaint
from policyeval.policy.yaml.refusals import (
    KEY_LENGTH,
    Trouble,
    directive,
    long_key,
    no_key,
    second_document,
    shown,
    surrogate,
    syntax,
    tab,
    tag,
    word,
)
from policyeval.source import Span


def explain(complaint: Complaint, text: str, quoted: Span | None) -> Trouble:
    """Say what is wrong with a text that the parser cannot read.

    Args:
        complaint: What the parser said.
        text: All of the text.
        quoted: The text in quotation marks that was read last.
    """
    problem, context = complaint.problem, complaint.context
    at, since = min(complaint.at, len(text)), min(complaint.since, len(text))
    character = text[at : at + 1]
    if not problem:
        return _unsaid(text, at)
    if "tag" in context or "tag handle" in problem:
        return tag(text, since)
    if context.endswith(("alias", "anchor")):
        return _reserved(text, since)
    if "directive" in context + problem or "YAML document" in problem:
        return directive(text, since)
    if "tab character" in problem or (character == "\t" and "cannot start" in problem):
        return tab(text, Span(at, at + 1), "")
    if "cannot start any token" in problem:
        return _reserved(text, at)
    if "document start" in problem:
        return _after_the_end(text, at)
    if "quoted scalar" in context:
        return _quotation(problem, text, at, since)
    if "block scalar" in context:
        return _block(text, since, at)
    if "flow mapping" in context or "flow sequence" in context:
        return _bracket(text, at, since)
    if "node content" in problem:
        return _out_of_place(text, at)
    if "expected ':'" in problem:
        return _no_colon(text, since)
    if "mapping values" in problem:
        return _colon(text, at, quoted)
    if "sequence entries" in problem:
        return syntax(
            message("a list cannot begin on the line of its key"),
            Span(at, at + 1),
            message("write each item on a line of its own, as in `- item`"),
        )
    if "mapping keys" in problem:
        return _reserved(text, at)
    if quoted and not text[quoted.end : at].strip() and "\n" in text[quoted.start : quoted.end]:
        return _closed_late(quoted)
    if quoted and quoted.end == at:
        return _quotation_within(text, quoted)
    return _misfit(text, at, since)


def _after_the_end(text: str, at: int) -> Trouble:
    if text.startswith("%"):
        return directive(text, 0)
    if re.search(r"^\.\.\.(?!\S)", text[:at], re.MULTILINE):
        return second_document(word(text, at, r"[^\r\n]+"))
    return _misfit(text, at, at)


def _reserved(text: str, at: int) -> Trouble:
    """A text that begins with a sign that means something in YAML."""
    if text.startswith("`", at):
        return syntax(
            message("a text without quotation marks cannot begin with a backtick"),
            Span(at, at + 1),
            _QUOTE_IT,
        )
    return syntax(
        message(
            "a text without quotation marks cannot begin with `{character}`",
            character=text[at : at + 1],
        ),
        Span(at, at + 1),
        _QUOTE_IT,
    )


_QUOTE_IT = message("put the whole text in quotation marks")


def _quotation(problem: str, text: str, at: int, since: int) -> Trouble:
    """A text in quotation marks: not closed, or with an escape that is none."""
    if "end of stream" in problem or "document" in problem:
        return syntax(
            message("the quotation mark is not closed"),
            Span(since, since + 1),
            message("close the text with the same quotation mark"),
        )
    backslash = max(since, text.rfind("\\", 0, min(at + 1, len(text))))
    span = word(text, backslash, r"\\(?:x[^\W_]{0,2}|u[^\W_]{0,4}|U[^\W_]{0,8}|.?)")
    escape = shown(text, span)
    if re.fullmatch(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\U[0-9a-fA-F]{8}", escape):
        return surrogate(text, span)
    return syntax(
        message("`{escape}` means nothing between double quotation marks", escape=escape),
        span,
        message("write `\\\\` for a backslash, or use single quotation marks"),
    )


def _block(text: str, since: int, at: int) -> Trouble:
    """A text after `|` or `>` that begins on the same line: most often a comparison."""
    return syntax(
        message("nothing may follow `{sign}` on its line", sign=text[since : since + 1]),
        word(text, at, r"[^\r\n]*"),
        message(
            "begin the text on the next line; if `{sign}` belongs to it, put it in quotation marks",
            sign=text[since : since + 1],
        ),
    )


def _bracket(text: str, at: int, since: int) -> Trouble:
    """A list or mapping in brackets, not closed or not well separated."""
    opening = text[since : since + 1]
    closing = "}" if opening == "{" else "]"
    if at >= len(text) or "\n" in text[since:at]:
        return syntax(
            message("the bracket `{bracket}` is not closed", bracket=opening),
            Span(since, since + 1),
            message("put `{closing}` at its end, and `,` between what it holds", closing=closing),
        )
    return syntax(
        message(
            "`,` or `{closing}` is wanted here, not `{text}`",
            closing=closing,
            text=shown(text, word(text, at)),
        ),
        word(text, at),
        message("if it belongs to a text, put the text in quotation marks"),
    )


def _unsaid(text: str, at: int) -> Trouble:
    """The part of the library written in Python stops in its own way at one kind of escape."""
    escape = re.compile(r"\\U[0-9a-fA-F]{8}").search(text, at)
    if escape:
        return surrogate(text, Span(*escape.span()))
    return syntax(message("the text cannot be read from here on"), Span(at, at + 1), _LOOK)


def _out_of_place(text: str, at: int) -> Trouble:
    if text.startswith(":", at):
        return no_key(Span(at, at + 1))
    if at >= len(text):
        return syntax(message("the text ends too early"), Span(at, at + 1), _LOOK)
    return syntax(
        message("`{text}` cannot stand here", text=text[at]),
        Span(at, at + 1),
        message("if a text begins with it, put the text in quotation marks"),
    )


_LOOK = message("look at the indentation, the quotation marks and the brackets of the lines above")


def _no_colon(text: str, since: int) -> Trouble:
    span = word(text, since, r"[^\r\n]*")
    colon = re.compile(r":(?=\s)").search(text, since + KEY_LENGTH, span.end + 1)
    if colon:
        return long_key(Span(since, colon.start()))
    if text.startswith(("[", "{"), since):
        return syntax(
            message("`{text}` does not belong to what stands above it", text=text[since]),
            Span(since, since + 1),
            message("indent it if it is the value of the key above"),
        )
    return syntax(
        message("`:` is missing after `{key}`", key=shown(text, span)),
        span,
        message("an entry is written `key: value`, with a space after the colon"),
    )


def _colon(text: str, at: int, quoted: Span | None) -> Trouble:
    """A colon that makes a key where none can be."""
    line = text.rfind("\n", 0, at) + 1
    before = text[line:at]
    if len(before) > KEY_LENGTH:
        return long_key(Span(line + len(before) - len(before.lstrip()), at))
    if re.search(r":\s|^---", before):
        return syntax(
            message("a second `:` on the line makes no sense here"),
            Span(at, at + 1),
            message("put the whole text in quotation marks, or begin a new line for a new entry"),
        )
    if quoted and quoted.end == at and "\n" in text[quoted.start : quoted.end]:
        return _closed_late(quoted)
    start = line + len(before) - len(before.lstrip(" -"))
    return syntax(
        message("`{key}` cannot be the key of an entry here", key=shown(text, Span(start, at))),
        Span(start, max(at, start + 1)),
        message(
            "begin it in the same column as the entries that it belongs to; or end the line above "
            "with `:` if it belongs to that"
        ),
    )


def _closed_late(quoted: Span) -> Trouble:
    return syntax(
        message("the text in quotation marks goes on for several lines, and more follows its end"),
        Span(quoted.start, quoted.start + 1),
        message("close it where it should end"),
    )


def _quotation_within(text: str, quoted: Span) -> Trouble:
    """A quotation mark in the middle of a text, as in `'it's'`."""
    mark = text[quoted.start]
    return syntax(
        message("this quotation mark ends the text, but more follows"),
        Span(quoted.end - 1, quoted.end),
        message(
            "within a text in such marks write `{escaped}`",
            escaped="''" if mark == "'" else '\\"',
        ),
    )


def _misfit(text: str, at: int, since: int) -> Trouble:
    """Something that is no part of what stands above: another column, a list among entries …."""
    line = text.rfind("\n", 0, at) + 1
    if at >= len(text):
        return syntax(message("the text ends too early"), Span(at, at + 1), _LOOK)
    span = word(text, at)
    if text[at] == ":":
        return no_key(span)
    if text[line:at].strip():
        return syntax(
            message("`{text}` cannot follow here", text=shown(text, span)),
            span,
            message(
                "the value before it is complete; to make one text of both, put it in quotation marks"
            ),
        )
    column = since - text.rfind("\n", 0, since)
    if since < at and column != at - line + 1:
        return syntax(
            message("the line is indented like none of those that it could belong to"),
            span,
            message(
                "what belongs together begins in the same column, here in column {column}",
                column=column,
            ),
        )
    return syntax(
        message("`{text}` does not belong to what stands above it", text=shown(text, span)),
        span,
        message("items of a list begin with `- `, entries with `key:`; one thing cannot have both"),
    )

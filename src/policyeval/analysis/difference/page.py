"""A report of differences as one page that stands alone: no script, nothing fetched, fit to print.

Everything from a policy or a transaction is escaped by the template engine, and invisible characters
are shown as their numbers; the page's own security policy lets nothing run and nothing load.
"""

import re
from base64 import b64encode
from hashlib import sha256
from importlib import resources
from importlib.util import find_spec
from typing import Final

from policyeval.analysis.difference.view import View
from policyeval.diagnostics import Diagnostic
from policyeval.errors import UnsupportedError
from policyeval.messages import message, visible
from policyeval.source import Source, Span

_MARKS: Final = {"added": "+", "removed": "−", "changed": "≠", "renamed": "→"}


def as_page(view: View) -> str:
    """Write a report as a page in HTML.

    Raises:
        UnsupportedError: What writes pages is not installed.
    """
    refuse_without_library()
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup, escape

    folder = resources.files("policyeval.analysis.difference")
    style = (folder / "page.css").read_text(encoding="utf-8")
    template = (folder / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else visible(str(value)),
    )
    environment.filters["rich"] = lambda text: Markup(_rich(str(escape(visible(text)))))  # noqa: S704
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return environment.from_string(template).render(
        view=view,
        marks=_MARKS,
        style=Markup(style),  # noqa: S704  # our own file
        digest=f"sha256-{digest}",
    )


def _rich(escaped: str) -> str:
    """Set names as code and labels in italics, in a text that is escaped already."""
    return _LABEL.sub(r"<em>\1</em>", _NAME.sub(r"<code>\1</code>", escaped))


_NAME = re.compile("`([^`\n]+)`")
_LABEL = re.compile(r"\*([^*<>\n]+)\*")


def refuse_without_library() -> None:
    """Say at once that no page can be written, where that is so.

    Raises:
        UnsupportedError: What writes pages is not installed.
    """
    if find_spec("jinja2") is not None:
        return
    what = message(
        "the page needs the library `{library}`, which is not installed", library="jinja2"
    )
    help_ = message("install `policyeval[pages]`")
    source = Source("jinja2")
    span = Span(0, len(source.text))
    raise UnsupportedError([Diagnostic("registry.not-installed", what, span, source, help_)])

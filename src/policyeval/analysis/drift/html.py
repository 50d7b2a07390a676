"""The text of a web page, in the order of its words, and without what surrounds the terms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policyeval.analysis.drift.decoding import declared_in, decoded, missing, unreadable
from policyeval.analysis.drift.words import letters
from policyeval.messages import message

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DEEPEST: Final = 200
_MOST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """A web page."""

    root: "HtmlElement"

    def text(self) -> str:
        """Give everything that a reader sees."""
        return _written(self.root)

    def main(self, wordings: Sequence[str]) -> str:
        """Give its main part: the smallest that says it is one and has all the given wordings.

        Otherwise what says that it is something else is left out (menus, header, footer), and what
        consists of links, unless one of the wordings stands in it.
        """
        keys = [key for key in map(_key, wordings) if key]
        for each in self.root.iter("main", "article", "div", "section"):
            if not (each.tag in {"main", "article"} or each.get("role") == "main"):
                continue
            has = _key(_said(each))
            if keys and all(key in has for key in keys):
                return _written(each)
        return _written(self.root, _asides(self.root, keys))


def read_page(raw: bytes, name: str) -> Page:
    """Read a web page.

    Raises:
        UnsupportedError: It cannot be read, is too large, or a library is missing.
    """
    try:
        import inscriptis  # type: ignore[import-untyped] # it says nothing of its types
        import lxml.html
    except ImportError as error:
        raise missing((error.name or "inscriptis").partition(".")[0], name) from None
    assert inscriptis, "needed later"
    text = decoded(raw, name, declared_in(raw)).replace("\x00", "")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        raise unreadable(name, message("the page has no text")) from None
    _refuse_hostile(root, name)
    return Page(root)


def _refuse_hostile(root: "HtmlElement", name: str) -> None:
    depth, count = 0, 0
    pending: list[tuple[HtmlElement, int]] = [(root, 1)]
    while pending:
        element, level = pending.pop()
        count += 1
        depth = max(depth, level)
        pending += [(each, level + 1) for each in element]
    if depth > _DEEPEST:
        what = message("the elements of the page are nested more than {limit} deep", limit=_DEEPEST)
        raise unreadable(name, what)
    if count > _MOST:
        raise unreadable(name, message("the page has more than {limit} elements", limit=_MOST))


# ------------------------------------------------------------------------------- text


_UNSEEN: Final = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "object", "iframe", "canvas"}
    | {"svg", "math", "audio", "video", "button", "select", "textarea", "dialog", "datalist"}
)
# The columns of a table are read one after the other in each row, not side by side.
_BLOCKS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})


def _written(root: "HtmlElement", aside: "Iterable[HtmlElement]" = ()) -> str:
    """Give the text of an element, laid out in lines."""
    import inscriptis
    from inscriptis.model.config import (  # type: ignore[import-untyped] # as above
        ParserConfig,
    )

    return str(inscriptis.Inscriptis(_copied(root, set(aside)), ParserConfig()).get_text())


def _copied(root: "HtmlElement", left_out: "set[HtmlElement]") -> "HtmlElement":
    """Copy what is seen of an element, with tables as blocks."""
    import lxml.html

    top = lxml.html.Element("body")
    pending = [(root, lxml.etree.SubElement(top, _tag(root)))]
    while pending:
        element, copy = pending.pop()
        copy.text = element.text
        if (start := element.get("start")) is not None:
            copy.set("start", start)
        for child in element:
            if isinstance(child.tag, str) and not _is_unseen(child) and child not in left_out:
                below = lxml.etree.SubElement(copy, _tag(child))
                below.tail = child.tail
                pending.append((child, below))
            elif len(copy):
                copy[-1].tail = f"{copy[-1].tail or ''} {child.tail or ''}"
            else:
                copy.text = f"{copy.text or ''} {child.tail or ''}"
    return top


def _tag(element: "HtmlElement") -> str:
    return "div" if element.tag in _BLOCKS else str(element.tag)


def _is_unseen(element: "HtmlElement") -> bool:
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    style = "".join((element.get("style") or "").split()).lower()
    return "display:none" in style


def _said(element: "HtmlElement") -> str:
    """Give the text of an element without its layout."""
    return " ".join(_texts(element))


def _texts(element: "HtmlElement") -> Iterator[str]:
    for each in element.itertext():
        yield str(each)


def _key(text: str) -> str:
    from policyeval.policy.clause_texts import normalised

    return letters(normalised(text).split())


# ------------------------------------------------------------------------------- asides


_ASIDE: Final = frozenset({"nav", "header", "footer", "aside", "form", "menu"})
_ROLES: Final = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu"}
)
_MAY_BE_LINKS: Final = frozenset({"ul", "ol", "div", "p", "table", "section"})


def _asides(root: "HtmlElement", keys: Sequence[str]) -> "Iterator[HtmlElement]":
    """Give the elements around the terms, outermost ones only."""
    pending = [root]
    while pending:
        for each in pending.pop():
            if not isinstance(each.tag, str):
                continue
            is_aside = each.tag in _ASIDE or each.get("role") in _ROLES or _is_links(each)
            if is_aside and not _has_any(each, keys):
                yield each
            else:
                pending.append(each)


def _has_any(element: "HtmlElement", keys: Sequence[str]) -> bool:
    has = _key(_said(element))
    return any(key in has for key in keys)


def _is_links(element: "HtmlElement") -> bool:
    """Tell whether an element consists mostly of links."""
    if element.tag not in _MAY_BE_LINKS:
        return False
    links = [each for each in element.iter("a") if each.get("href") is not None]
    if len(links) < 3:
        return False
    linked = sum(len("".join(_texts(each))) for each in links)
    return linked > 0.6 * len("".join("".join(_texts(element)).split()))

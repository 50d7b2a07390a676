"""Captures of every kind: recognised, read, and refused where they cannot be read."""

import sys

import pytest

from policyeval.analysis.drift.captures import compare_capture
from policyeval.analysis.drift.decoding import LARGEST, kind_of
from policyeval.analysis.drift.pdf import read_pdf, without_running_lines
from policyeval.errors import UnsupportedError
from tests.analysis.drift.made import ENGLISH, GERMAN, SWEDISH, policy_of


def pdf(pages: list[list[str]]) -> bytes:
    """Write a PDF with lines of text, one below the other."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects.append(font)
    kids = []
    for lines in pages:
        shown = b" T* ".join(b"(" + _escaped(line) + b") Tj" for line in lines)
        stream = b"BT /F1 10 Tf 14 TL 50 780 Td " + shown + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % each for each in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def _escaped(line: str) -> bytes:
    raw = line.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _lines(text: str, width: int) -> list[str]:
    found = [""]
    for word in text.split():
        if len(found[-1]) + len(word) > width:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found


@pytest.mark.parametrize("with_old", [True, False])
@pytest.mark.parametrize("text", [ENGLISH, SWEDISH, GERMAN], ids=["en", "sv", "de"])
def test_a_pdf_of_the_same_text_has_not_changed(text: str, with_old: bool) -> None:
    lines = _lines(text, 50)
    third = len(lines) // 3
    pages = [lines[:third], lines[third : 2 * third], lines[2 * third :]]
    raw = pdf(
        [["Harbours United", *page, f"Page {number} of 3"] for number, page in enumerate(pages, 1)]
    )
    found = compare_capture(policy_of(text), raw, "new.pdf", text if with_old else None)
    assert found.kind == "pdf"
    assert {each.clause for each in found.drift.clauses if each.state != "unchanged"} == set()
    assert not found.drift.changed


def test_a_change_in_a_pdf_is_found() -> None:
    raw = pdf([_lines(ENGLISH.replace("20 metres", "25 metres"), 60)])
    found = compare_capture(policy_of(ENGLISH), raw, "new", ENGLISH).drift
    assert [each.clause for each in found.of("changed")] == ["1.2a"]


def test_running_lines_are_left_out_of_pages_and_nothing_else() -> None:
    pages = ["Terms\nfirst\n1 / 3", "Terms\nsecond\nSida 2 av 3", "Terms\nthird\n- 3 -"]
    assert without_running_lines(pages) == ["first", "second", "third"]
    assert without_running_lines(["Terms\n1"]) == ["Terms\n1"]


MENU = "<ul>" + "".join(f'<li><a href="/{n}">Harbour {n}</a></li>' for n in range(9)) + "</ul>"


def _page(body: str) -> bytes:
    return f"<!doctype html><html><head><title>T</title></head><body>{body}</body>".encode()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line)


FURNITURE = {
    "main": f"<div>{MENU}<p>We use biscuits.</p></div><main>TERMS</main><p>Imprint</p>",
    "article": f"<div>Something else.</div><article>TERMS</article>{MENU}",
    "role": "<div>Something else.</div><div role=main>TERMS</div>",
    "marked": f"<nav>{MENU}</nav><header>Harbours</header><div>TERMS</div><footer>Imprint</footer>",
    "links": f"<div>{MENU}</div>TERMS<div>{MENU}</div>",
    "unseen": "<script>var x;</script><style>p {}</style><p hidden>no</p>TERMS"
    '<p style="display: none">no</p><template><p>no</p></template><noscript>no</noscript>',
}


@pytest.mark.parametrize("old", [ENGLISH, None], ids=["text", "hashes"])
@pytest.mark.parametrize("what", FURNITURE)
def test_what_surrounds_the_terms_of_a_web_page_is_left_aside(what: str, old: str | None) -> None:
    page = _page(FURNITURE[what].replace("TERMS", _paragraphs(ENGLISH)))
    found = compare_capture(policy_of(ENGLISH), page, "new.html", old)
    assert [each.passage.text for each in found.drift.new] == []
    assert not found.drift.changed
    if what != "unseen":
        assert found.left_aside > 0


def test_an_article_without_the_terms_is_not_taken_for_them() -> None:
    page = _page(f"<article>News</article><div>{_paragraphs(ENGLISH)}</div>")
    found = compare_capture(policy_of(ENGLISH), page, "x", ENGLISH).drift
    assert [each.passage.text for each in found.new] == ["News"]
    assert {each.state for each in found.clauses} == {"unchanged"}


def test_what_is_put_in_at_the_end_of_a_web_page_is_new() -> None:
    page = _page(f"<main>{_paragraphs(ENGLISH)}<p>Dogs are kept on a lead.</p></main>")
    found = compare_capture(policy_of(ENGLISH), page, "x", None).drift
    assert [each.passage.text for each in found.new] == ["Dogs are kept on a lead."]


ENCODINGS = {
    "utf-8": SWEDISH.encode(),
    "utf-8-mark": SWEDISH.encode("utf-8-sig"),
    "utf-16": SWEDISH.encode("utf-16"),
    "utf-16-other": b"\xfe\xff" + SWEDISH.encode("utf-16-be"),
    "windows-1252": SWEDISH.encode("cp1252"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_characters_of_a_text_are_told_from_its_bytes(encoding: str) -> None:
    found = compare_capture(policy_of(SWEDISH), ENCODINGS[encoding], "new.txt", SWEDISH)
    assert found.kind == "text"
    assert not found.drift.changed


@pytest.mark.parametrize("declared", ["iso-8859-1", "latin1", "windows-1252", "utf-8", "nonsense"])
def test_a_web_page_says_which_characters_it_has(declared: str) -> None:
    text = SWEDISH.replace("”", '"').replace("–", "-").replace("•", "*")
    encoding = "utf-8" if declared in {"utf-8", "nonsense"} else "latin-1"
    page = (
        f'<html><head><meta http-equiv="x" content="text/html; charset={declared}"></head>'
        f"<body>{_paragraphs(text)}</body></html>"
    )
    found = compare_capture(policy_of(SWEDISH), page.encode(encoding), "x", SWEDISH)
    assert found.kind == "html"
    assert not found.drift.changed


KINDS = {
    "pdf": (b"\n%PDF-1.7 ...", "x", "pdf"),
    "doctype": (b"<!-- c --> <!DOCTYPE html><p>x", "x.txt", "html"),
    "name": (b"<p>x", "X.HTML", "html"),
    "address": (b"<p>x", "https://example.com/a.html?b=c", "html"),
    "utf-16-page": ("<html><p>x".encode("utf-16"), "x", "html"),
    "text": (b"a < b", "x", "text"),
}


@pytest.mark.parametrize("what", KINDS)
def test_a_capture_is_recognised(what: str) -> None:
    raw, name, kind = KINDS[what]
    assert kind_of(raw, name) == kind


REFUSED = {
    "junk": (bytes(range(256)) * 8, "x.txt", "no text"),
    "controls": (b"\x01\x02\x03" * 400, "x.txt", "no text"),
    "half-utf-16": (b"\xff\xfea", "x.txt", "no text"),
    "packed": (b"PK\x03\x04rest", "x.docx", "packed file"),
    "no-pdf": (b"just text", "x.pdf", "the name says PDF"),
    "damaged-pdf": (b"%PDF-1.4\n" + b"junk " * 90, "x.pdf", "damaged"),
    "pdf-without-text": (pdf([[]]), "x.pdf", "no text"),
    "too-large": (b"x" * (LARGEST + 1), "x.txt", "more than"),
    "too-many-words": (b"a " * 50_001, "x.txt", "words"),
    "deep": (b"<html><body>" + b"<div>" * 50_000, "x.html", "deep"),
    "many-elements": (b"<html><body>" + b"<i>x</i>" * 200_001, "x.html", "elements"),
    "empty-page": (b"", "x.html", "no text"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_reason(what: str) -> None:
    raw, name, reason = REFUSED[what]
    with pytest.raises(UnsupportedError) as found:
        compare_capture(policy_of(ENGLISH), raw, name)
    (problem,) = found.value.diagnostics
    assert problem.code == "registry.capture"
    assert reason in problem.message.text()
    assert problem.source.name == name


def test_a_pdf_that_takes_too_long_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="takes longer"):
        read_pdf(pdf([["x"]]), "x.pdf", seconds=0.000_1)


@pytest.mark.parametrize(
    ("library", "raw", "name"),
    [("pypdf", pdf([["x"]]), "x.pdf"), ("inscriptis", b"<html>", "x"), ("lxml", b"<html>", "x")],
)
def test_a_library_that_is_missing_is_named_with_what_brings_it(
    library: str, raw: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in [each for each in sys.modules if each.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, each)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UnsupportedError) as found:
        compare_capture(policy_of(ENGLISH), raw, name)
    (problem,) = found.value.diagnostics
    assert problem.code == "registry.not-installed"
    assert f"`{library}`" in problem.message.text()
    assert problem.help is not None
    assert "policyeval[capture]" in problem.help.text()


def test_the_recorded_file_itself_needs_no_old_text() -> None:
    found = compare_capture(policy_of(ENGLISH), ENGLISH.encode(), "terms.txt").drift
    assert (found.basis, found.changed) == ("text", False)

"""A capture of the source, whatever kind of file it is, against the clauses of a version."""

from dataclasses import dataclass

from policyeval.analysis.drift.comparing import drift, is_recorded
from policyeval.analysis.drift.decoding import LARGEST, Kind, decoded, kind_of, unreadable
from policyeval.analysis.drift.html import read_page
from policyeval.analysis.drift.model import Drift
from policyeval.analysis.drift.pdf import read_pdf
from policyeval.analysis.drift.words import LONGEST
from policyeval.messages import message
from policyeval.policy.clause_texts import sentences
from policyeval.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Compared:
    """A capture, compared.

    Attributes:
        left_aside: Words of a web page that stand around its main part.
    """

    drift: Drift
    kind: Kind
    left_aside: int = 0


def compare_capture(policy: Policy, raw: bytes, name: str, old_text: str | None = None) -> Compared:
    """Compare a file with the clauses of a version.

    Args:
        policy: The version.
        raw: The bytes of the file.
        name: Its name, the end of which may say what kind it is.
        old_text: What the version was written from; see `drift`.

    Raises:
        UnsupportedError: It cannot be read, or a library for it is missing.
    """
    if len(raw) > LARGEST:
        raise unreadable(
            name,
            message("the file has more than {limit} bytes", limit=LARGEST),
        )
    kind = kind_of(raw, name)
    if kind == "text" and old_text is None and is_recorded(policy, raw):
        old_text = decoded(raw, name)
    match kind:
        case "text":
            return Compared(_drift(policy, decoded(raw, name), name, old_text), kind)
        case "pdf":
            return Compared(_drift(policy, read_pdf(raw, name), name, old_text), kind)
        case "html":
            page = read_page(raw, name)
            everything = page.text()
            whole = _drift(policy, everything, name, old_text)
            there = [
                sentence
                for each in whole.of("unchanged", "moved")
                if each.now
                for sentence in sentences(each.now.text)
            ]
            main = page.main(there)
            narrowed = _drift(policy, main, name, old_text)
            return Compared(narrowed, kind, max(0, len(everything.split()) - len(main.split())))


def _drift(policy: Policy, text: str, name: str, old_text: str | None) -> Drift:
    count = len(text.split())
    if not count:
        raise unreadable(name, message("there are no words in it"))
    if count > LONGEST:
        what = message("the text has more than {limit} words", limit=LONGEST)
        raise unreadable(name, what)
    return drift(policy, text, old_text)

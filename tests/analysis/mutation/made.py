"""A made-up programme of a library that lends things, with one decision that each test writes itself."""

from pathlib import Path

from policyeval.cases.checking import cases_files
from policyeval.cases.model import Cases
from policyeval.policy.library import Library
from policyeval.policy.model import ValidPolicy
from policyeval.policy.repository import read_folder

NAME = "example-loan"

PROGRAMME = """\
format: 1
programme: example-loan
title: {sv: Lån, de: Leihe, en: Loans}
zone: Europe/Stockholm
currency: SEK
parties:
  library: {sv: biblioteket, de: die Bibliothek, en: the library}
  reader: {sv: låntagaren, de: der Leser, en: the reader}
governed_by:
  clause: "1"
  ambiguity: G1
  question: {sv: Vilken dag?, de: Welcher Tag?, en: Which day?}
  options:
    lending: {day: lent_on, gist: {sv: utlåningen, de: die Ausleihe, en: the lending}}
"""

POLICY = """\
format: 1
programme: example-loan
version: "2024"
in_force: {from: 2024-01-01}
known_from: 2023-12-01
source: {file: example-loan.en.txt, language: en}
clauses:
  "1": {lines: [1], kind: condition, gist: {sv: ett, de: eins, en: one}}
parameters:
  loan_period: {value: duration("P28D"), clause: "1", label: {sv: lånetid, de: Leihdauer, en: period}}
  half_year: {value: duration("P6M"), clause: "1", label: {sv: halvår, de: Halbjahr, en: half}}
facts:
  lent_on: {type: date, label: {sv: lånat, de: geliehen, en: lent}}
  reserved_on: {type: date?, presume: null, label: {sv: beställt, de: bestellt, en: reserved}}
  returned_on: {type: date, event: true, label: {sv: åter, de: zurück, en: returned}}
  reminded_on: {type: date, event: true, label: {sv: påmint, de: gemahnt, en: reminded}}
  kind: {type: string, one_of: [book, film, map], label: {sv: slag, de: Art, en: kind}}
  pages: {type: number, presume: 1, label: {sv: sidor, de: Seiten, en: pages}}
  days_late: {type: number, presume: 0, label: {sv: dagar, de: Tage, en: days late}}
  lost: {type: boolean, presume: false, label: {sv: förlorat, de: verloren, en: lost}}
  damaged: {type: boolean, presume: false, label: {sv: skadat, de: beschädigt, en: damaged}}
  waived:
    {type: string, one_of: ["yes", "no"], act: {by: library, clause: "1", open_when: lost}, label: {sv: avstått, de: verzichtet, en: waived}}
  copies:
    type: list<context>
    presume: []
    label: {sv: exemplar, de: Exemplare, en: copies}
    entries:
      on_shelf: {type: boolean, label: {sv: på hyllan, de: im Regal, en: on the shelf}}
      repaired: {type: boolean, label: {sv: lagat, de: repariert, en: repaired}}
readings:
  period_runs_from:
    clause: "1"
    ambiguity: A1
    question: {sv: Från vilken dag?, de: Ab welchem Tag?, en: From which day?}
    options:
      lending: {gist: {sv: lånet, de: der Leihe, en: the lending}}
      next_day: {gist: {sv: dagen efter, de: dem Tag danach, en: the day after}}
  film_is:
    clause: "1"
    ambiguity: A2
    question: {sv: Vad är en film?, de: Was ist ein Film?, en: What is a film?}
    options:
      any: {gist: {sv: varje, de: jeder, en: any}}
      none: {gist: {sv: ingen, de: keiner, en: none}}
    adopted: {option: any, by: authors, on: 2024-01-01, because: {sv: så, de: so, en: so}}
decisions:
@DECISIONS
  uses_everything:
    type: boolean
    question: {sv: Används allt?, de: Wird alles benutzt?, en: Is everything used?}
    clause: "1"
    value: >-
      reserved_on = null and returned_on = null and reminded_on = null and kind = "book"
      and pages = 1 and days_late = 0 and damaged and waived = "yes" and copies = []
      and lent_on + loan_period + half_year = lent_on
"""

_BECAUSE = "{sv: nej, de: nein, en: no}"


def value(type_: str, formula: str) -> str:
    """Write the decision `subject` with one formula as its value."""
    indented = "\n".join(f"      {each}" for each in formula.splitlines())
    return f"""\
  subject:
    type: {type_}
    question: {{sv: Vad?, de: Was?, en: What?}}
    clause: "1"
    value: |-
{indented}
"""


def rules(*written: str) -> str:
    """Write the decision `subject` with lists of rules, or other entries."""
    head = """\
  subject:
    type: boolean
    question: {sv: Vad?, de: Was?, en: What?}
    clause: "1"
"""
    return head + "".join(f"    {each}\n" for each in written)


def rule(id_: str, key: str, formula: str) -> str:
    """Write a rule in one line."""
    return f"{{id: {id_}, clause: \"1\", {key}: '{formula}', because: {_BECAUSE}}}"


def listed(key: str, *written: str) -> str:
    """Write a list of rules in one line."""
    return f"{key}: [{', '.join(written)}]"


def library(root: Path, decisions: str, cases: str = "", more: str = "") -> Library:
    """Write the programme with some decisions, sections and cases into a folder, and read it."""
    folder = root / NAME
    folder.mkdir(exist_ok=True)
    (folder / "programme.yaml").write_text(PROGRAMME, "utf-8")
    text = POLICY.replace("@DECISIONS\n", decisions) + more
    (folder / "2024.yaml").write_text(text, "utf-8")
    if cases:
        (folder / "cases.yaml").write_text(HEAD + cases, "utf-8")
    found = read_folder(root)
    found.refuse()
    return found


def version(root: Path, decisions: str, more: str = "") -> ValidPolicy:
    """Give the version with some decisions and sections."""
    (found,) = library(root, decisions, more=more).programmes[NAME].versions
    return found


HEAD = """\
format: 1
programme: example-loan
base:
  asked_on: 2024-12-31
  facts: {lent_on: 2024-03-01, returned_on: 2024-03-20, reminded_on: null, kind: book}
"""


def cases(found: Library) -> tuple[Cases, ...]:
    """Read the cases beside a programme."""
    files, problems = cases_files(found)
    assert problems == ()
    return files

"""Made-up folders of policies, small enough to be loaded a thousand times.

A version has a number, which two of its decisions give: an answer that is made of two versions, or of
a file that was cut, shows.
"""

import os
from pathlib import Path

from policyeval.policy.lock import NAME, write_lock
from policyeval.policy.repository import read_folder

PROGRAMME = "made-up"

_WORDS = "{sv: a, de: a, en: a}"

_SHARED = f"""\
format: 1
programme: {PROGRAMME}
title: {_WORDS}
zone: Europe/Stockholm
parties: {{vendor: {_WORDS}}}
governed_by:
  clause: "1"
  ambiguity: A1
  question: {_WORDS}
  options: {{asked: {{day: asked_on, gist: {_WORDS}}}}}
  adopted: {{option: asked, by: legal, on: 2024-01-10, because: {_WORDS}}}
"""

_VERSION = """\
format: 1
programme: made-up
version: "first"
in_force: {from: 2024-01-01}
known_from: 2024-01-01T00:00:00
source: {file: a.en.txt, language: en, sha256: 0000000000000000000000000000000000000000000000000000000000000000}
clauses:
  "1": {lines: [1], kind: condition, gist: WORDS}
facts:
  amount: {type: number, label: WORDS}
decisions:
  first: {type: number, question: WORDS, clause: "1", value: amount + NUMBER}
  second: {type: number, question: WORDS, clause: "1", value: amount + NUMBER}
""".replace("WORDS", _WORDS)

_CASES = """\
format: 1
programme: made-up
cases:
  - id: of-nothing
    asked_on: 2024-02-01
    facts: {amount: 0}
    expect: {first: {value: NUMBER}}
"""


def version(number: int, *, bad: bool = False) -> str:
    """Write a version that adds a number; a bad one names a fact that there is not."""
    return _VERSION.replace("amount +", "amuont +" if bad else "amount +").replace(
        "NUMBER", str(number)
    )


def cases(number: int) -> str:
    """Write the golden cases of a version with a number."""
    return _CASES.replace("NUMBER", str(number))


def write(folder: Path, number: int, *, bad: bool = False) -> Path:
    """Write a folder of policies; give the version's file."""
    programme = folder / PROGRAMME
    programme.mkdir(parents=True, exist_ok=True)
    (programme / "programme.yaml").write_text(_SHARED, encoding="utf-8")
    return put(programme / "first.yaml", version(number, bad=bad))


def put(path: Path, text: str) -> Path:
    """Put a file in the place of another at once."""
    beside = path.with_name(f".{path.name}")
    beside.write_text(text, encoding="utf-8")
    return beside.replace(path)


def publish(folder: Path) -> None:
    """Record the versions as published, as if none had been before."""
    (folder / NAME).unlink(missing_ok=True)
    write_lock(read_folder(folder))


def point(link: Path, target: Path) -> None:
    """Let a link lead to another folder, at once."""
    beside = link.with_name(f".{link.name}")
    beside.symlink_to(target)
    os.replace(beside, link)  # noqa: PTH105 - `Path.replace` would do the same

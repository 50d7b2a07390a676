"""Made-up terms in three languages, and policies whose clauses stand on their lines."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from policyeval.policy.clause_texts import clause_digest
from policyeval.policy.library import ProgrammeVersions
from policyeval.policy.model import Clause, Policy, SourceText, ValidPolicy
from policyeval.policy.repository import read_folder

PROGRAMMES = Path(__file__).parents[2] / "programmes"
NAME = "example-referral"
SOURCE = PROGRAMMES / "sources" / "example-referral.2024-07-01.en.txt"

Lines = tuple[int, ...]
Places = Mapping[str, Lines | tuple[Lines, Lines]]

ENGLISH = """\
Terms of the "Harbour" programme

Who may take part

• Whoever moors a boat in one of our harbours may take part - also for a single night.
• Boats of more than 20 metres are left out. So are boats that carry petrol, gas or other cargo.
• The harbour master may refuse a boat for reasons such as:
• damage that lets oil into the water;
• debts from earlier stays, and
• noise at night.

What it costs

Every night costs 5-10 crowns per metre. The harbour master tells the price on arrival. It doesn't \
include water or electricity.
May I stay longer?Do I pay for the whole week?
You may. A co-operative pays by the month; others pay in advance.
• Water and electricity are billed once a month.

How it ends

• Water and electricity are billed once a month.
• We may end the programme at any time. Changes are posted on the notice board at the gate.
"""

SWEDISH = """\
Villkor för programmet ”Gästhamn”

Vilka som får delta

• Den som förtöjer en båt i någon av våra hamnar får delta – även för en enstaka natt.
• Båtar längre än 20 meter undantas. Detsamma gäller båtar som fraktar bensin, gasol e.d. last.
• Hamnvärden får avvisa en båt, t.ex. på grund av:
• skador som gör att olja läcker ut;
• skulder från tidigare in- och utförsel, och
• oväsen nattetid.

Vad det kostar

Varje natt kostar 5–10 kronor per meter. Hamnvärden meddelar priset vid ankomsten. Vatten och el \
ingår inte i priset.
Får jag stanna längre?Betalar jag då för hela veckan?
Ja. Den som äger sin båt gemensamt med andra betalar månadsvis; övriga betalar i förskott.
• Vatten och el faktureras månadsvis.

När det upphör

• Vatten och el faktureras månadsvis.
• Vi får avsluta programmet när som helst. Ändringar anslås på anslagstavlan vid grinden.
"""

GERMAN = """\
Bedingungen des Programms „Gasthafen“

Wer teilnehmen darf

• Wer ein Boot in einem unserer Häfen festmacht, darf teilnehmen – auch für nur eine Nacht.
• Boote von mehr als 20 Metern sind ausgenommen. Das gilt auch für Boote, die Benzin, Gas o. ä. laden.
• Der Hafenmeister darf ein Boot abweisen, z. B. wegen:
• Schäden, durch die Öl austritt;
• Schulden aus früherer Ein- und Ausfuhr und
• Lärm in der Nacht.

Was es kostet

Jede Nacht kostet 5–10 Kronen je Meter. Den Preis nennt der Hafenmeister bei der Ankunft. Wasser und \
Strom sind nicht enthalten.
Darf ich länger bleiben?Bezahle ich dann die ganze Woche?
Ja. Eine Eignergemeinschaft bezahlt monatlich; alle anderen bezahlen im Voraus.
• Wasser und Strom werden monatlich abgerechnet.

Wie es endet

• Wasser und Strom werden monatlich abgerechnet.
• Wir dürfen das Programm jederzeit beenden. Änderungen hängen am Tor aus.
"""

TEXTS = {"en": ENGLISH, "sv": SWEDISH, "de": GERMAN}

PLACES: Places = {
    "1.1": (5,),
    "1.2a": ((6,), (1,)),
    "1.2b": ((6,), (2,)),
    "1.3": (7, 8, 9, 10),
    "1.3b": (9,),  # a clause within another
    "2.1a": ((14,), (1,)),
    "2.1bc": ((14,), (2, 3)),
    "2.1c": ((14,), (3,)),  # a sentence that two clauses share
    "2.2a": ((15, 16), (1, 3)),  # the first question and its answer
    "2.2b": ((15, 16), (2, 4)),
    "2.3": (17,),
    "3.1": (21,),  # the same words as 2.3
    "3.2a": ((22,), (1,)),
    "3.2b": ((22,), (2,)),
}


@cache
def example() -> ProgrammeVersions:
    """Give the made-up programme with all its versions."""
    return read_folder(PROGRAMMES / NAME).programmes[NAME]


def newest() -> ValidPolicy:
    """Give its newest version."""
    return example().versions[-1]


def recorded(policy: Policy, text: str) -> Policy:
    """Record the hash of every clause from a text."""
    clauses = {
        name: replace(each, sha256=clause_digest(text, each.lines, each.sentences))
        for name, each in policy.clauses.items()
    }
    return replace(policy, clauses=clauses)


def policy_of(text: str, places: Places = PLACES) -> Policy:
    """Make a policy with the given clauses of a text; its rules are no matter."""
    policy = newest().policy
    like = policy.clauses["1.1"]
    clauses = {}
    for name, place in places.items():
        lines, sentences = _split(place)
        digest = clause_digest(text, lines, sentences)
        assert digest is not None, name
        clauses[name] = Clause(
            name, lines, digest, "condition", like.gist, None, sentences, span=like.span
        )
    digest = sha256(text.encode()).hexdigest()
    return replace(policy, clauses=clauses, written_from=SourceText("terms.txt", "en", digest))


def _split(place: Lines | tuple[Lines, Lines]) -> tuple[Lines, Lines | None]:
    first = place[0]
    if isinstance(first, tuple):
        second = place[1]
        assert isinstance(second, tuple)
        return first, second
    lines = tuple(each for each in place if isinstance(each, int))
    return lines, None

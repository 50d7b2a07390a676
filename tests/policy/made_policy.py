"""A made-up policy and programme that use every key of the format."""

from policyeval.policy import yaml
from policyeval.policy.loading import load_policy, load_programme
from policyeval.policy.model import Policy, Programme

PROGRAMME = """\
# yaml-language-server: $schema=../../schema/programme.schema.json
format: 1
programme: example-referral
title: {sv: Hänvisningar, de: Empfehlungen, en: Referrals}
zone: Europe/Stockholm
currency: SEK
parties:
  vendor: {sv: säljaren, de: der Anbieter, en: the vendor}
  partner: {sv: partnern, de: der Partner, en: the partner}
governed_by:
  clause: "5.5"
  ambiguity: A21
  question: {sv: Vilken dag?, de: Welcher Tag?, en: Which day?}
  options:
    referral:
      day: date(referred_at)
      gist: {sv: hänvisningen, de: die Empfehlung, en: the referral}
      favours: partner
    asked:
      gist: {sv: frågan, de: die Frage, en: the question}
      rejected: {by: legal, on: 2024-01-10, because: {sv: nej, de: nein, en: no}}
  adopted:
    option: referral
    by: legal
    on: 2024-01-10
    because: {sv: så är det, de: so ist es, en: so it is}
  decisions: {fee_amount: asked_on}
limits:
  - {sv: Inga återbetalningar., de: Keine Erstattungen., en: No refunds.}
"""

POLICY = """\
# yaml-language-server: $schema=../../schema/policy.schema.json
format: 1
programme: example-referral
version: "2023-11-30"
in_force: {from: 2023-11-30, until: 2024-12-31}
known_from: 2023-11-30T09:18:37
source:
  file: example.sv.txt
  language: sv
  sha256: ef797c8118f02dfb649607dd5d3f8c7623048c9c063d532cc95c5ed7a898a64f
  title: {sv: Avtal, de: Vertrag, en: Agreement}

clauses:
  "4.5a":
    lines: [38, 39]
    sha256: ef797c8118f02dfb649607dd5d3f8c7623048c9c063d532cc95c5ed7a898a64f
    sentence: [1, 2]
    kind: condition
    gist: {sv: 180 dagar, de: 180 Tage, en: 180 days}
  "4.6":
    lines: [40]
    sentence: 1
    kind: information
    gist: {sv: adress, de: Anschrift, en: address}
    no_rule_because: {sv: inget följer, de: nichts folgt, en: nothing follows}

parameters:
  approval_window:
    value: duration("P180D")
    clause: "4.5a"
    label: {sv: frist, de: Frist, en: window}
  rate:
    value: {by: rate_read, low: 0.10, high: {by: last_day, included: 0.2, excluded: "0.3"}}
    clause: ["4.5a", "4.6"]
    label: {sv: sats, de: Satz, en: rate}

facts:
  is_law_firm: {type: boolean, label: {sv: byrå, de: Kanzlei, en: law firm}, clause: "4.6"}
  amount: {type: number, presume: 12.50, label: {sv: belopp, de: Betrag, en: amount}}
  revoked_on: {type: date?, presume: null, label: {sv: återkallat, de: entzogen, en: revoked}}
  seen_on: {type: date, presume: 2024-02-29, label: {sv: sett, de: gesehen, en: seen}}
  product:
    type: string
    one_of: {recovery: {sv: räddning, de: Rettung, en: recovery}, other: {sv: annat, de: anderes, en: other}}
    presume: other
    label: {sv: produkt, de: Produkt, en: product}
    meaning: {sv: vad det gäller, de: worum es geht, en: what it is about}
  referred_at: {type: date and time, event: true, label: {sv: hänvisat, de: empfohlen, en: referred}}
  approved_on: {type: date, event: true, presume: null, label: {sv: godkänt, de: genehmigt, en: approved}}
  called_at:
    type: date and time
    event: true
    presume: 2024-01-31T09:30:00+01:00
    label: {sv: ringt, de: angerufen, en: called}
  extension:
    type: string
    one_of: [granted, refused]
    act: {by: vendor, clause: "4.5a", open_when: not(is_law_firm)}
    presume: null
    label: {sv: förlängning, de: Verlängerung, en: extension}
  numbers: {type: list<number>, presume: [1, 2.5], label: {sv: nummer, de: Nummern, en: numbers}}
  acceptances:
    type: list<context>
    log: {by: accepted_at}
    presume: [{accepted_at: 2024-01-01T00:00:00, note: no}]
    label: {sv: godkännanden, de: Annahmen, en: acceptances}
    entries:
      accepted_at: {type: date and time, label: {sv: tid, de: Zeit, en: time}}
      in_portal: {type: boolean, presume: true, label: {sv: portal, de: Portal, en: portal}}
      note:
        type: string?
        one_of: ["no", "yes"]
        meaning: {sv: anteckning, de: Vermerk, en: note}
        clause: "4.6"
        label: {sv: anteckning, de: Vermerk, en: note}

readings:
  rate_read:
    clause: ["4.5a"]
    ambiguity: A1
    question: {sv: Vilken sats?, de: Welcher Satz?, en: Which rate?}
    options:
      low: {gist: {sv: låg, de: niedrig, en: low}, favours: vendor}
      high: {gist: {sv: hög, de: hoch, en: high}, favours: partner}
  last_day:
    clause: "4.5a"
    ambiguity: A2
    question: {sv: Hör dagen till?, de: Gehört der Tag dazu?, en: Is the day included?}
    options:
      included: {gist: {sv: ja, de: ja, en: yes}}
      excluded: {gist: {sv: nej, de: nein, en: no}}
      other:
        gist: {sv: annat, de: anderes, en: other}
        rejected: {by: legal, on: 2024-01-10, because: {sv: nej, de: nein, en: no}}
    adopted: {option: included, by: legal, on: 2024-01-10, because: {sv: ja, de: ja, en: yes}}

decisions:
  window_ends_on:
    type: date
    label: {sv: fristens slut, de: Ende der Frist, en: end of the window}
    clause: "4.5a"
    value: date(referred_at) + approval_window
  fee_payable:
    type: boolean
    question: {sv: Betalas den?, de: Wird sie gezahlt?, en: Is it paid?}
    clause: ["4.5a"]
    covers: {when: product = "recovery", clause: "4.6", because: {sv: annat, de: anderes, en: other}}
    requires:
      - id: in_time
        clause: "4.5a"
        that: >-
          approved_on != null
          and approved_on <= window_ends_on
        because:
          sv: Godkänt först {approved_on:long}, {amount:money} {{sic}}.
          de: Erst am {approved_on} genehmigt.
          en: "Approved on {approved_on} only."
        otherwise: {sv: i tid, de: rechtzeitig, en: in time}
    excluded_if:
      - {id: law_firm, clause: ["4.6"], when: is_law_firm, because: {sv: byrå, de: Kanzlei, en: law firm}}
    remarks:
      - {id: may_extend, clause: "4.5a", when: happened(referred_at), say: {sv: kan, de: kann, en: may}}
  kind:
    type: "context<name: string, share: number>?"
    covers: {by: last_day, included: true, excluded: false}
    table:
      hit_policy: FIRST
      inputs: [product, {expression: amount, values: ">= 0"}]
      outputs:
        - {name: name, type: string, values: '"a", "b"', default: '"b"'}
        - {name: share, type: number}
      rules:
        - {id: r1, clause: "4.6", when: ['"recovery"', "-"], then: ['"a"', {by: last_day, included: 1, excluded: 2}],
           because: {sv: a, de: a, en: a}}
  fee_amount:
    type: number
    format: money
    question: {sv: Hur mycket?, de: Wie viel?, en: How much?}
    covers: product = "recovery"
    table:
      hit_policy: COLLECT
      aggregation: SUM
      inputs: [amount]
      rules: [{id: r1, when: ["> 0"], then: [amount * rate]}]

consistent_when:
  - id: order
    clause: "4.5a"
    that: date(referred_at) <= approved_on
    because: {sv: ordning, de: Reihenfolge, en: order}

remarks:
  - {id: general, clause: "4.6", say: {sv: obs, de: Achtung, en: note}}

overlays:
  bgb-193: {title: {sv: vardag, de: Werktag, en: working day}, calendar: DE, moves: [window_ends_on]}
  last-day: {title: {sv: dagen, de: der Tag, en: the day}, settles: {last_day: included}}
"""

CASES = """\
# yaml-language-server: $schema=../../schema/cases.schema.json
format: 1
programme: example-referral
base: {asked_on: 2024-12-31, facts: {product: recovery, referred_at: 2024-02-01T09:00:00}}
bases: {empty: {known_on: 2024-12-31, overlays: [bgb-193], facts: {}}}
cases:
  - id: approved-on-day-180
    note: clause 4.5a, the last day in time
    base: empty
    asked_on: 2024-12-31
    known_on: 2024-12-31
    overlays: [last-day]
    facts: {approved_on: 2024-07-30, amount: {between: [1, 2]}, extension: null, numbers: [1], seen_on: {unknown: true}}
    without: [product]
    expect:
      fee_payable: YES
      window_ends_on: 2024-07-30
      kind: null
      fee_amount:
        verdict: NO
        value: 12.50
        clauses: ["4.5a"]
        rules: [in_time]
        open: [A5, approved_on]
        further: []
        until: 2024-07-30
        remarks: [may_extend]
        no_remarks: [part_of_collection]
        gives: {A5: {both_needed: NO}}
    presumed: [amount]
  - {id: refused, refused: [input.consistency]}
exceptions:
  - at: decisions.fee_payable.requires.in_time.that
    what: approved_on <= window_ends_on → true
    because: {sv: a, de: b, en: c}
"""


def policy(text: str = POLICY) -> Policy:
    """Load a version."""
    return load_policy(text.encode(), "2023-11-30.yaml")


def programme(text: str = PROGRAMME) -> Programme:
    """Load a programme."""
    return load_programme(text.encode(), "programme.yaml")


def document(text: str) -> yaml.Document:
    """Read a file without looking at what it says."""
    return yaml.read(text.encode(), "2023-11-30.yaml")

"""Readings: where a text can be read in more than one way."""

from policyeval.feel.characters import normal
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading import texts
from policyeval.policy.loading.formulas import BY
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import Judgement, Option, Reading
from policyeval.policy.schema import words
from policyeval.policy.yaml import Entry, Mapping, Scalar


def reading(reader: Reader, given: Entry) -> Reading | None:
    """Read a reading, also the one that decides which day picks the version."""
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "name")
    reader.needed(node, "clause", given.key)
    clauses = reader.clauses(node)
    ambiguity = reader.needed_string(node, "ambiguity", "ambiguity", given.key)
    question = texts.needed(reader, node, "question", given.key)
    reader.needed(node, "options", given.key)
    options = [_option(reader, each) for each in reader.section(node, "options")]
    found = {each.name: each for each in options if each is not None}
    adopted = yaml.find(node, "adopted")
    judged = _adopted(reader, adopted, found) if adopted else None
    if ambiguity is None or question is None or not named:
        return None
    return Reading(
        name=normal(given.key.text),
        clauses=clauses,
        ambiguity=ambiguity,
        question=question,
        options=found,
        adopted=judged,
        span=given.key.span,
    )


def _option(reader: Reader, given: Entry) -> Option | None:
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "name")
    if given.key.text == BY:
        named = False
        reader.problems.report(
            "schema.name",
            message("no option can be called `{name}`", name=BY),
            given.key.span,
            message("a choice names its reading under this key; call the option something else"),
        )
    gist = texts.needed(reader, node, "gist", given.key)
    favours = yaml.find(node, "favours")
    party = reader.string(favours.value, "name") if favours else None
    rejected = yaml.find(node, "rejected")
    ruled_out = reader.mapping(rejected.value) if rejected else None
    judged = _judgement(reader, ruled_out, rejected.key) if rejected and ruled_out else None
    if gist is None or not named:
        return None
    return Option(normal(given.key.text), gist, party, judged, span=given.key.span)


def _adopted(
    reader: Reader, given: Entry, options: dict[str, Option]
) -> tuple[str, Judgement] | None:
    node = reader.mapping(given.value)
    if node is None:
        return None
    entry = reader.needed(node, "option", given.key)
    option = reader.string(entry.value, "name") if entry else None
    judged = _judgement(reader, node, given.key)
    if entry is None or option is None or judged is None:
        return None
    if options and option not in options:
        words.not_one_of(reader.problems, entry.value, options)
    elif options and options[option].rejected is not None:
        words.together(
            reader.problems,
            words.place_of(entry.value),
            message("`{name}` is adopted and rejected", name=option),
            message("keep one of the two judgements"),
        )
    return option, judged


def _judgement(reader: Reader, node: Mapping, key: Scalar) -> Judgement | None:
    by = reader.needed_string(node, "by", "words", key)
    on = reader.needed(node, "on", key)
    day = None if on is None else reader.day(on.value)
    because = texts.needed(reader, node, "because", key)
    if by is None or day is None or because is None:
        return None
    return Judgement(by, day, because)

"""Readings and their options: those that are declared, and those that formulas are written for."""

from collections.abc import Mapping

from policyeval.diagnostics import did_you_mean
from policyeval.messages import Message, message
from policyeval.policy.model import Choice, Reading
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.parts import choices, sites
from policyeval.policy.validation.places import Path, Places
from policyeval.source import Source


def check_readings(check: Check) -> None:
    """Report readings whose options do not do, and choices that do not fit a reading."""
    policy, places = check.policy, check.places
    for name, reading in policy.readings.items():
        if len(reading.options) < 2:
            check.report(
                "policy.options",
                message("a reading has two options or more; `{name}` has not", name=name),
                places.key(("readings", name, "options")),
                message("a text that can be read in one way only needs no reading"),
            )
        _some_admissible(check, reading, ("readings", name), places)
    programme = check.programme
    shared = Places(programme.source)
    _some_admissible(
        check, programme.governed_by.reading, ("governed_by",), shared, programme.source
    )
    for site in sites(policy):
        for choice in choices(site.slot):
            _choice(check, choice)


def _some_admissible(
    check: Check, reading: Reading, path: Path, places: Places, source: Source | None = None
) -> None:
    if reading.options and not reading.admissible:
        check.report(
            "policy.options",
            message("every option of `{name}` is rejected", name=reading.name),
            places.key((*path, "options")),
            message("leave at least one that is not rejected"),
            source=source,
        )


def inadmissible(reading: Reading, option: str) -> tuple[Message, Message | None] | None:
    """Say why an option cannot be taken for a reading, and what to do; None if it can."""
    if option not in reading.options:
        text = message("`{reading}` has no option `{option}`", reading=reading.name, option=option)
        return text, did_you_mean(option, reading.options) or listed(reading)
    if reading.options[option].rejected is not None:
        text = message(
            "the option `{option}` of `{reading}` is rejected", option=option, reading=reading.name
        )
        return text, listed(reading)
    return None


def listed(reading: Reading) -> Message | None:
    """Name the options of a reading that are not rejected."""
    if not reading.admissible:
        return None
    names = ", ".join(f"`{each}`" for each in reading.admissible)
    return message("there is: {names}", names=names)


def unknown_reading(name: str, readings: Mapping[str, Reading]) -> tuple[Message, Message | None]:
    """Say that there is no such reading."""
    text = message("there is no reading `{name}`", name=name)
    return text, did_you_mean(name, readings) or message("declare it under `readings`")


def _choice(check: Check, choice: Choice) -> None:
    """Check that a choice has what its reading asks for."""
    readings = check.policy.readings
    reading = readings.get(choice.reading)
    if reading is None:
        text, help_ = unknown_reading(choice.reading, readings)
        check.report("policy.unknown-reading", text, choice.span, help_)
        return
    missing = [name for name in reading.admissible if name not in choice.options]
    unknown = [name for name in choice.options if name not in reading.options]
    for name in unknown:
        check.report(
            "policy.options",
            message("`{reading}` has no option `{option}`", reading=reading.name, option=name),
            check.places.option(choice.span, name),
            did_you_mean(name, missing) or did_you_mean(name, reading.options) or listed(reading),
        )
    # A misspelt option is one mistake, not one that is unknown and another that is missing.
    missing = [each for each in missing if not any(did_you_mean(name, [each]) for name in unknown)]
    if missing:
        check.report(
            "policy.options",
            message(
                "nothing is said here for these options of `{reading}`: {options}",
                reading=reading.name,
                options=", ".join(f"`{each}`" for each in missing),
            ),
            choice.span,
            message("write an entry for each option that is not rejected"),
        )

"""What surrounds the rules of a version: its programme, and its overlays."""

from policyeval.diagnostics import did_you_mean
from policyeval.feel import types
from policyeval.feel.types import type_text
from policyeval.messages import message
from policyeval.policy.model import Overlay
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.places import Path
from policyeval.policy.validation.readings import inadmissible, unknown_reading


def check_programme(check: Check) -> None:
    """Report a version that is one of another programme."""
    given, wanted = check.policy.programme, check.programme.name
    if given != wanted:
        check.report(
            "registry.wrong-name",
            message(
                "this is a version of the programme `{given}`, not of `{wanted}`",
                given=given,
                wanted=wanted,
            ),
            check.places.value(("programme",)),
            message("write `{text}`", text=f"programme: {wanted}"),
        )


def check_overlays(check: Check) -> None:
    """Report overlays that settle or move what they cannot."""
    for overlay in check.policy.overlays.values():
        _overlay(check, overlay)


def _overlay(check: Check, overlay: Overlay) -> None:
    path: Path = ("overlays", overlay.name)
    for reading, option in overlay.settles.items():
        _settles(check, reading, option, (*path, "settles", reading))
    for index, name in enumerate(overlay.moves):
        _moves(check, name, (*path, "moves", index))


def _settles(check: Check, reading: str, option: str, path: Path) -> None:
    readings, places = check.policy.readings, check.places
    if reading not in readings:
        text, help_ = unknown_reading(reading, readings)
        check.report("policy.unknown-reading", text, places.key(path), help_)
    elif (found := inadmissible(readings[reading], option)) is not None:
        check.report("policy.options", found[0], places.value(path), found[1])


def _moves(check: Check, name: str, path: Path) -> None:
    decisions = check.policy.decisions
    dates = [each for each in decisions if types.required(decisions[each].type) == types.DATE]
    if name in dates:
        return
    if name not in decisions:
        text = message("there is no decision `{name}`", name=name)
    else:
        text = message(
            "only a day can be moved to a working day, and `{name}` is a `{type}`",
            name=name,
            type=type_text(decisions[name].type),
        )
    check.report("policy.overlay", text, check.places.value(path), did_you_mean(name, dates))

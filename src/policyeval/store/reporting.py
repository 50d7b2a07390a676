"""What a store says in the log: `policyeval.store`, with the fields of `docs/observability.md`."""

from policyeval.diagnostics import render
from policyeval.store.model import Outcome
from policyeval.telemetry.logs import STORE


def log(outcome: Outcome) -> None:
    """Say what became of a reload: a set that is taken as information, one that is not as an error."""
    loaded = outcome.loaded
    fields: dict[str, object] = {
        "generation": loaded.generation,
        "digest": loaded.digest,
        "loaded_at": loaded.loaded_at.isoformat(),
        "programmes": list(loaded.policies.programmes),
    }
    match outcome.kind:
        case "loaded":
            STORE.info("policies loaded: generation %d", loaded.generation, extra=fields)
        case "unchanged":
            text = "policies as they were: generation %d is that of the folder again"
            STORE.info(text, loaded.generation, extra=fields)
        case "refused":
            errors = [each for each in outcome.diagnostics if each.severity == "error"]
            fields["codes"] = sorted({each.code for each in errors})
            text = "policies refused: generation %d stays in force\n%s"
            shown = "\n".join(map(render, errors))
            STORE.error(text, loaded.generation, shown, extra=fields)

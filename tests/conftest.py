"""What all tests share: how long hypothesis looks, and the same way each time."""

import os

from hypothesis import HealthCheck, Phase, settings

# `make test` runs the same examples every time, so that a red run can be repeated by anybody. To
# look further, with fresh examples: HYPOTHESIS_PROFILE=long make test
settings.register_profile(
    "default",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long",
    max_examples=2_000,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

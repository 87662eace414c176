"""What every test can rely on: no network, a hypothesis profile, services and real data on request.

Sockets are closed (``--disable-socket`` in pyproject.toml); a test marked ``integration`` may reach loopback. Asking for
the fixtures ``postgres`` or ``spark`` marks a test ``integration``, asking for ``real_data`` marks it ``real``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.services.postgres", "tests.services.spark"]

ROOT = Path(__file__).parents[1]
SERVICES = {"postgres", "spark"}
LOOPBACK = ["127.0.0.1", "::1", "localhost"]

# `ci` tries the same examples every time, so that a change is judged by what it changed; `dev` looks for new ones at every run,
# and `thorough` is for a night or a doubt: HYPOTHESIS_PROFILE=thorough make quick
_SLOW = [HealthCheck.too_slow]  # says more about the machine's other work than about a strategy
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("ci", max_examples=100, deadline=None, suppress_health_check=_SLOW, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=5000, deadline=None, suppress_health_check=_SLOW, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Mark tests by the fixtures they ask for, and move those with services to the end, so that a JVM starts late."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & SERVICES:
            item.add_marker(pytest.mark.integration)
        if "real_data" in asked:
            item.add_marker(pytest.mark.real)
        if item.get_closest_marker("integration"):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
    result = yield
    items.sort(key=lambda item: item.get_closest_marker("integration") is not None)
    return result


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Return the folder of a real data set by its name; skip where the data is not at hand."""
    data = Path(os.environ.get("LEADLINE_DATA") or ROOT.parent / "shared" / "data")

    def find(name: str) -> Path:
        if not (data / name).is_dir():
            pytest.skip(f"no real data set '{name}' in {data}: set LEADLINE_DATA")
        return data / name

    return find

"""How many examples a property is tried with: a few in the quick group, all in the slow one and when run by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

FEW = 8  # of a hundred, and never fewer than this

quick = False
"""Whether the run leaves out what is slow; known before any test is read."""


def examples(number: int = 100) -> Callable[[Any], Any]:
    """Try a property with as many examples, however long one takes, and mark it so that the slow group has it too."""
    tried = settings(
        max_examples=min(number, max(FEW, number * FEW // 100)) if quick else number,
        deadline=None,  # a busy machine must not fail a test
        suppress_health_check=list(HealthCheck),  # folders are shared by examples, and books are slow
    )
    return lambda test: pytest.mark.examples(tried(test))

"""A plugin of pytest: a machine with other work is slow, and no test of a property fails by that."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("mutants", deadline=None)
settings.load_profile("mutants")

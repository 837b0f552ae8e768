"""Roles: those that stand in the data as memberships and do not count as belonging."""

from __future__ import annotations

from trilateral.prefixes import prefixes

# The same that every question about belonging leaves out; a test holds them together.
APART = (
    "candidate", "chair", "development-partner", "dialogue-partner", "guest", "invited",
    "non-participant", "observer", "partner-country", "sectoral-dialogue-partner",
)  # fmt: skip


def is_apart(role: str) -> bool:
    """Return whether a role is none that belongs.

    >>> is_apart("https://w3id.org/trilateral/role/observer")
    True
    """
    return role.removeprefix(prefixes()["role"]) in APART


def iris() -> list[str]:
    """Return the roles that do not count as belonging."""
    return [prefixes()["role"] + each for each in APART]

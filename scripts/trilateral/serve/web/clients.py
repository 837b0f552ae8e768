"""Clients: who asks."""

from __future__ import annotations

from starlette.requests import Request

from trilateral.serve.web.budget import whose


def client_of(request: Request) -> str:
    """Return what tells clients apart: the host that the connection comes from."""
    return whose(request.client.host) if request.client else "unknown"

"""Wrapper: SPARQLWrapper, of which credentials do not follow a redirection to another host."""

from __future__ import annotations

from urllib.request import Request

from SPARQLWrapper import SPARQLWrapper


class Wrapper(SPARQLWrapper):
    """SPARQLWrapper with an Authorization header that only the named endpoint is sent."""

    authorization: str | None = None

    def _createRequest(self) -> Request:  # noqa: N802  a name of SPARQLWrapper
        request = super()._createRequest()
        if self.authorization:
            request.add_unredirected_header("Authorization", self.authorization)
        return request

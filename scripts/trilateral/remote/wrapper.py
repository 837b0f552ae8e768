"""Wrapper: SPARQLWrapper, which sends credentials to the endpoint that is named and no other."""

from __future__ import annotations

import http.client
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    build_opener,
    install_opener,
)

from SPARQLWrapper import SPARQLWrapper

# Virtuoso repeats each graph of a query in a header of its answer, and Python takes a hundred.
http.client._MAXHEADERS = 10_000  # type: ignore[attr-defined]


class Wrapper(SPARQLWrapper):
    """SPARQLWrapper with an Authorization header, or a login for digests in any realm.

    Its own login wants to know the realm, and its header follows redirections.
    """

    authorization: str | None = None
    login: tuple[str, str] | None = None

    def _createRequest(self) -> Request:  # noqa: N802  a name of SPARQLWrapper
        request = super()._createRequest()
        if self.authorization:
            request.add_unredirected_header("Authorization", self.authorization)
        if self.login:
            passwords = HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, self.endpoint, *self.login)
            # As SPARQLWrapper does it: it opens requests by the one opener of the process.
            install_opener(build_opener(HTTPDigestAuthHandler(passwords)))
        return request

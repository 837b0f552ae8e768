"""Fuseki: a dataset of Apache Jena Fuseki, of which one update is one transaction.

So it is with TDB2 and with transactional memory, the datasets that its commands make. A body of
N-Quads is one too, and read faster. But where the connection breaks off at the end of a line,
Fuseki 5.6.0 takes what it has for all of it. As the file of a form, N-Quads have an end that it
waits for: without it, nothing is added.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from trilateral.load.targets.target import OneUpdate, Target
from trilateral.load.transport import Pieces, Transport


class _Fuseki(OneUpdate):
    name = "fuseki"
    update, quads = "/update", "/data"
    union = "it is not, unless configured (tdb2:unionDefaultGraph)"

    def add(self, nquads: Pieces, transport: Transport) -> None:
        """Add N-Quads as the file of a form."""
        boundary = secrets.token_hex(16)
        head = (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="file"; filename="dataset.nq"\r\n'
            "Content-Type: application/n-quads\r\n\r\n"
        )

        def form() -> Iterator[bytes]:
            yield head.encode()
            yield from nquads()
            yield f"\r\n--{boundary}--\r\n".encode()

        media_type = f"multipart/form-data; boundary={boundary}"
        transport.send("POST", self.url + self.quads, form, media_type)


def fuseki(url: str) -> Target:
    """Return the dataset at an address such as ``http://127.0.0.1:3030/ds``."""
    return _Fuseki(url, f"{url}/query")

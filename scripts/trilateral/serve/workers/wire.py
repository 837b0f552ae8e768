"""Wire: what the server and its workers say to each other, over a stream socket.

A job is one object in the format of `marshal`, the fastest to read, which the worker can do
as the server is not its enemy. An answer is a head (JSON), any number of parts (bytes) and
an end, or a failure (JSON); the end says whether the worker has grown. Each is one frame:
a letter, four bytes of length, the rest.
"""

from __future__ import annotations

import json
import marshal
import struct
from collections.abc import Iterator
from typing import Any

HEAD, PART, END, FAILURE, JOB = b"H", b"P", b"E", b"F", b"J"
GROWN = b"grown"
FRAME = struct.Struct("!cI")


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    r"""Return one frame.

    >>> frame(PART, b"ab")
    b'P\x00\x00\x00\x02ab'
    """
    return FRAME.pack(kind, len(payload)) + payload


def job_frame(job: dict[str, Any]) -> bytes:
    """Return the frame of a job.

    >>> read_job(job_frame({"does": "query"})[FRAME.size :])
    {'does': 'query'}
    """
    return frame(JOB, marshal.dumps(job))


def read_job(payload: bytes) -> dict[str, Any]:
    """Return the job of a frame."""
    job: dict[str, Any] = marshal.loads(payload)
    return job


def json_frame(kind: bytes, value: Any) -> bytes:
    r"""Return one frame that holds JSON.

    >>> json_frame(HEAD, {})
    b'H\x00\x00\x00\x02{}'
    """
    return frame(kind, json.dumps(value).encode())


class Frames:
    r"""The frames of a stream, whose bytes come in pieces.

    >>> frames = Frames()
    >>> list(frames.feed(b"P\x00\x00\x00\x02a"))
    []
    >>> list(frames.feed(b"bE\x00\x00\x00\x00"))
    [(b'P', b'ab'), (b'E', b'')]
    """

    def __init__(self) -> None:
        self._left = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take a piece; give letter and rest of each frame that it makes whole."""
        self._left += data
        at = 0
        while len(self._left) - at >= FRAME.size:
            kind, size = FRAME.unpack_from(self._left, at)
            end = at + FRAME.size + size
            if end > len(self._left):
                break
            yield kind, bytes(self._left[at + FRAME.size : end])
            at = end
        del self._left[:at]

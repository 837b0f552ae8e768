"""Wire: what the server and its workers say to each other, over a stream socket.

A job is one JSON object, an answer is a head (JSON), any number of parts (bytes) and
an end, or a failure (JSON); the end says whether the worker has grown. Each is one frame:
a letter, four bytes of length, the rest.
"""

from __future__ import annotations

import json
import struct
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


def json_frame(kind: bytes, value: Any) -> bytes:
    r"""Return one frame that holds JSON.

    >>> json_frame(HEAD, {})
    b'H\x00\x00\x00\x02{}'
    """
    return frame(kind, json.dumps(value).encode())

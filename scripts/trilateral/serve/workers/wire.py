"""Wire: what the server and its workers say to each other.

A job is one object in the format of `marshal`, the fastest to read, which the worker can do
as the server is not its enemy. It is one packet in the worker's box, out of which the server
can take it back as long as the worker has not; of a long one the packet has the length alone,
and the stream the rest.

An answer comes by the stream. It is a head (JSON), any number of parts (bytes) and an end, or a
failure (JSON); the end says whether the worker has grown. Each is one frame: a letter, four
bytes of length, the rest.
"""

from __future__ import annotations

import json
import marshal
import struct
from collections.abc import Callable, Iterator
from typing import Any

HEAD, PART, END, FAILURE = b"H", b"P", b"E", b"F"
GROWN = b"grown"
FRAME = struct.Struct("!cI")
# Bytes of a packet, and what stands before a job that is longer.
PACKET = 16 << 10
_JOB, _LONG = b"J", b"L"
_LENGTH = struct.Struct("!I")


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    r"""Return one frame.

    >>> frame(PART, b"ab")
    b'P\x00\x00\x00\x02ab'
    """
    return FRAME.pack(kind, len(payload)) + payload


def pack(job: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return a job as its packet, and what of it goes by the stream.

    >>> pack({"does": "query"})[1], len(pack({"query": "ASK {}" * 9999})[0])
    (b'', 5)
    """
    whole = marshal.dumps(job)
    if len(whole) < PACKET:
        return _JOB + whole, b""
    return _LONG + _LENGTH.pack(len(whole)), whole


def unpack(packet: bytes, read: Callable[[int], bytes]) -> dict[str, Any]:
    """Return the job of a packet; ``read`` gives so many bytes of the stream.

    >>> packet, rest = pack({"query": "ASK {}" * 9999})
    >>> unpack(packet, lambda size: rest[:size]) == {"query": "ASK {}" * 9999}
    True
    """
    whole = packet[1:]
    job: dict[str, Any] = marshal.loads(
        read(*_LENGTH.unpack(whole)) if packet.startswith(_LONG) else whole
    )
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

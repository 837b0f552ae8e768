"""CSV for spreadsheets: RFC 4180, and no cell that a spreadsheet would run as a formula.

A cell that begins with ``=``, ``+``, ``-``, ``@`` (also in their full width), a tab, a
carriage return or a line feed gets an apostrophe before it, which spreadsheets read as
"this is text". Plain numbers stay as they are: ``-77.04`` is a longitude and computes
nothing. Programs that read the file themselves ask for the raw text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

MEDIA = "text/csv; charset=utf-8; header=present"
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def safe(cell: str) -> str:
    """Return a cell as text that no spreadsheet takes for a formula.

    >>> [safe(each) for each in ("=1+1", "@SUM(A1)", "-77.04", "Japan")]
    ["'=1+1", "'@SUM(A1)", '-77.04', 'Japan']
    """
    if cell.startswith(_STARTS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def write(heads: Sequence[str], rows: Iterable[Sequence[str]], *, raw: bool = False) -> str:
    r"""Return rows as CSV (RFC 4180) under a line of heads, the lines ended by CR LF.

    Cells are safe for spreadsheets unless ``raw`` is set.

    >>> write(["actor", "words"], [["japan", "=1+1"], ["korea", 'a "b", c']])
    'actor,words\r\njapan,\'=1+1\r\nkorea,"a ""b"", c"\r\n'
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow(list(row) if raw else [safe(cell) for cell in row])
    return buffer.getvalue()


def rewrite(data: bytes) -> bytes:
    r"""Return CSV in UTF-8 with all its cells made safe.

    >>> rewrite(b'actor,words\r\njapan,"=1,5"\r\n')
    b'actor,words\r\njapan,"\'=1,5"\r\n'
    """
    # The module takes no cell above 128 kB by default; an answer is bounded as a whole.
    csv.field_size_limit(1 << 30)
    heads, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    # A line of one empty cell may read as no cell.
    return write(heads, (row or [""] for row in rows)).encode()

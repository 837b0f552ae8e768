"""Highlight: code with its words marked, in colours that a style sheet has for light and dark."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup
from pygments import highlight as mark
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

# What a page calls a kind of code, where pygments has another name for it.
_NAMES = {"": "text", "console": "console", "sh": "bash"}


def highlight(code: str, kind: str) -> Markup:
    """Return a block of code; one of a kind that is not known stays plain.

    >>> "<pre" in highlight("ASK { ?s ?p ?o }", "sparql")
    True
    """
    html = mark(code, _lexer(kind), HtmlFormatter(nowrap=True))
    return Markup('<pre class="code" tabindex="0"><code>{}</code></pre>\n').format(Markup(html))


@cache
def _lexer(kind: str) -> Lexer:
    try:
        return get_lexer_by_name(_NAMES.get(kind, kind), stripnl=False)
    except ClassNotFound:
        return get_lexer_by_name("text")

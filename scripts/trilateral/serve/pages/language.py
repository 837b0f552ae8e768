"""Language: the language that a URL names, and what the pages say in it.

The source of all words is English. Their translations are gettext catalogues,
``locale/<language>/LC_MESSAGES/pages.po``, which are read when a language is first asked
for. ``locale/babel.cfg`` tells where words stand: in calls of ``gettext``, ``ngettext`` and
``pgettext`` in templates and modules, in `N_`, `NC_` and `Message`, in the titles of
problems, and in the questions, whose columns and values `extraction` reads.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path
from typing import Any, Self

from starlette.requests import Request

from trilateral.serve.web.http import Problem

# The languages of pages, by the names that their readers know them by.
LANGUAGES = {
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
}
# Other tags that readers and programs write (BCP 47), by the language of the pages that is meant.
_OTHERS = {
    "zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-my": "zh-hans",
    "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant",
}  # fmt: skip
LOCALES = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Return a message as it is; it is said in the reader's language later."""
    return message


def NC_(context: str, message: str) -> str:  # noqa: N802
    """Return a message as it is; it is said later, as a word of a context."""
    return message


class Message(str):
    """A message filled with values, in English, which pages say in the reader's language.

    >>> Message("There is no kind %(kind)s.", kind="x")
    'There is no kind x.'
    """

    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, **values: Any) -> Self:
        """Return the message in English, with what it was made of."""
        self = super().__new__(cls, message % values)
        self.message, self.values = message, values
        return self


class Words:
    """What the pages say in one language; English where there is no translation."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language, self._catalogue = language, catalogue

    def gettext(self, message: str, **values: Any) -> str:
        """Return a message, filled with values where it has some.

        >>> words_in("en").gettext("Timeline of %(name)s", name="Japan")
        'Timeline of Japan'
        """
        said = self._catalogue.gettext(message)
        return said % values if values else said

    def ngettext(self, one: str, many: str, number: int, **values: Any) -> str:
        """Return a message about a number of things, which is filled in as ``number``.

        >>> [words_in("en").ngettext("%(number)s row", "%(number)s rows", n) for n in (1, 2000)]
        ['1 row', '2,000 rows']
        """
        return self.plural(one, many, number) % {"number": f"{number:,}", **values}

    def plural(self, one: str, many: str, number: int) -> str:
        """Return the form of a message that goes with a number, before it is filled in."""
        return self._catalogue.ngettext(one, many, number)

    def pgettext(self, context: str, message: str) -> str:
        """Return a word of a context: ``column`` for heads of tables, ``value`` for cells."""
        return self._catalogue.pgettext(context, message)

    def say(self, text: str) -> str | None:
        """Return a text that may be a `Message`; None where there is no translation."""
        if self.language == "en" or not text:
            return text
        message = text.message if isinstance(text, Message) else text
        said = self._catalogue.gettext(message)
        if said == message:
            return None
        return said % text.values if isinstance(text, Message) else said


@cache
def words_in(language: str) -> Words:
    """Return the words of a language of `LANGUAGES`, read once."""
    if language == "en":
        return Words(language, gettext.NullTranslations())
    # What is not needed for pages in English is not loaded for them.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with catalogue_of(language).open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Words(language, gettext.GNUTranslations(compiled))


def catalogue_of(language: str) -> Path:
    """Return the file of the translations into a language.

    >>> catalogue_of("zh-hans").relative_to(LOCALES).as_posix()
    'zh_Hans/LC_MESSAGES/pages.po'
    """
    name, _, script = language.partition("-")
    folder = f"{name}_{script.title()}" if script else name
    return LOCALES / folder / "LC_MESSAGES" / "pages.po"


def known_as(tag: str) -> str | None:
    """Return the language of `LANGUAGES` that a tag means, None where it means none.

    >>> known_as("zh-TW"), known_as("zh-Hans-CN"), known_as("ja-JP"), known_as("xx")
    ('zh-hant', 'zh-hans', 'ja', None)
    """
    tag = tag.lower().replace("_", "-")
    while tag:
        if tag in LANGUAGES or tag in _OTHERS:
            return _OTHERS.get(tag, tag)
        tag = tag.rpartition("-")[0]
    return None


def language_of(request: Request) -> str:
    """Return the language that the URL of a page names, English where it names none.

    A tag of a region means the language of the pages that is written there.

    Raises:
        Problem: for a language that the pages do not speak.
    """
    given = request.query_params.get("lang", "en")
    language = known_as(given[:40])
    if language is None:
        raise Problem(
            404, "No such language",
            Message("There are no labels in %(language)s.", language=repr(given[:20])),
            Message("Use one of %(names)s.", names=", ".join(LANGUAGES)),
        )  # fmt: skip
    return language


def words_of(request: Request) -> Words:
    """Return the words of the language that the URL of a page names.

    Raises:
        Problem: for a language that the pages do not speak.
    """
    return words_in(language_of(request))

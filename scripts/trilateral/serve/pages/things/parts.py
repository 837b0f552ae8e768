"""Parts: which questions the page of each kind of thing asks, in the order of reading."""

from __future__ import annotations

from trilateral.serve.pages.language import N_
from trilateral.serve.pages.things.section import Part, Section

_ATTESTED, _ASSERTED = (("basis", "basis:attested"),), (("basis", "basis:asserted"),)
_TOLD = N_(
    "Facts as documents assert them, told apart from the record. Where the record has the same"
    " fact, it stands above, and it may differ."
)


def _memberships(parameter: str, standing: str, title: str = "") -> Section:
    """Return the memberships of one standing that a ``member`` has, or a ``framework``."""
    hide = ("member",) if parameter == "member" else ("framework", "frameworkKind")
    return Section("memberships", parameter, hide=hide, statement="membership",
                   given=(("standing", standing),), title=title)  # fmt: skip


_BELONGS = Part(N_("Frameworks it belongs to"), (_memberships("member", "belongs"),))
_OTHER_ROLES = Part(
    N_("Other roles in frameworks"),
    (_memberships("member", "other role"),),
    N_("As candidate, chair, guest, observer, partner or non-participant: none of these roles"
       " counts as belonging."),
)  # fmt: skip
_GROUPINGS = Part(
    N_("Positions of groupings it belongs to"),
    (Section("groupings-of-an-actor", "actor"),),
    N_("What a grouping holds is a position of the grouping alone. It is not said to be a"
       " position of its members."),
)  # fmt: skip
_HOLDS = Part(
    N_("Positions it holds, by the way they reach us"),
    (Section("positions", "holder", hide=("holder",), statement="statement",
             split="ascription"),),
)  # fmt: skip
_IN_ORDER = Part(
    N_("Propositions, in the order of the text"),
    (Section("positions-in-order", "document", statement="statement"),),
)
_TELLS = Part(
    N_("Positions it tells of or ascribes to others"),
    (Section("positions-told", "ascriber", hide=("ascriber",), statement="statement",
             split="ascription"),),
)  # fmt: skip
_ADDRESSED = Part(
    N_("Recommendations addressed to it"),
    (Section("recommendations", "addressee", hide=("addressee",),
             statement="recommendation"),),
)  # fmt: skip
_NAMES = Part(
    N_("Names"),
    (
        Section(
            "designations", "thing", hide=("thing", "designation"), title=N_("Used by sources")
        ),
        Section("what-is-a-thing-called-in-each-language", "thing", hide=("thing",),
                title=N_("In each language")),
        Section("under-which-name-does-an-actor-take-part", "member", hide=("member",),
                title=N_("In frameworks")),
    ),
)  # fmt: skip
_IDENTIFIERS = Part(
    N_("Identifiers"),
    (Section("which-identifiers-does-a-thing-have", "thing", hide=("thing",),
             addresses=("value",)),),
)  # fmt: skip
_SAID = Part(
    N_("What documents say of it"),
    (Section("positions-about", "thing", statement="statement", split="document"),),
)
_SILENT = Part(
    N_("Documents that do not address it"),
    (Section("which-silences-were-found-by-which-search", where=("thing",), hide=("thing",)),),
)
_MENTIONED = Part(
    N_("Mentions"),
    (Section("how-often-does-each-document-mention-a-thing", "thing", hide=("thing",)),),
)
_SUCCESSION = Part(
    N_("What it came from and what came from it"),
    (
        Section("which-framework-came-from-which", where=("framework", "other")),
        Section("what-succeeded-what", "framework", hide=("framework",),
                title=N_("Directly or through others")),
    ),
)  # fmt: skip

_OF_IT_ALONE = N_("Of this topic alone; narrower topics have pages of their own.")

MEMBERS_ON = Part(
    N_("Members on a day"),
    (
        Section("who-belonged-to-a-framework-on-a-date", "framework",
                hide=("framework", "date"), statement="membership"),
        Section("what-was-the-state-of-a-framework-on-a-date", "framework",
                hide=("framework", "date"), title=N_("Its state on that day")),
    ),
)  # fmt: skip

_CODED = Part(
    N_("What each coder wrote"),
    (Section("codings-behind-a-statement", "statement"),),
)

PARTS: dict[str, tuple[Part, ...]] = {
    "actor": (
        _BELONGS,
        _OTHER_ROLES,
        Part(
            N_("Offices"),
            (
                Section("terms-of-office", "actor", hide=("actor",),
                        statement="affiliation", title=N_("Held for it")),
                Section("posts-of-a-person", "person", statement="affiliation",
                        given=_ATTESTED, title=N_("Posts, seats and institutions")),
            ),
        ),
        Part(
            N_("People and funds"),
            (
                Section("people-of-an-actor", "actor", hide=("actor",), statement="statement",
                        given=_ATTESTED),
                Section("funded-by-an-actor", "funder", statement="statement",
                        given=_ATTESTED, title=N_("Paid for by it")),
            ),
        ),
        Part(
            N_("Events it took part in"),
            (Section("events-of-an-actor", "actor", hide=("participation",),
                     statement="event", given=_ATTESTED),),
        ),
        Part(
            N_("What documents say: memberships, posts and events"),
            (
                _memberships("member", "told", N_("Memberships")),
                Section("posts-of-a-person", "person", statement="affiliation",
                        given=_ASSERTED, title=N_("Posts, seats and institutions")),
                Section("people-of-an-actor", "actor", hide=("actor",), statement="statement",
                        given=_ASSERTED, title=N_("People and funds")),
                Section("funded-by-an-actor", "funder", statement="statement",
                        given=_ASSERTED, title=N_("Paid for by it")),
                Section("events-of-an-actor", "actor", hide=("participation",),
                        statement="event", given=_ASSERTED, title=N_("Events it took part in")),
            ),
            _TOLD,
        ),
        _HOLDS,
        _GROUPINGS,
        _TELLS,
        _SAID,
        _ADDRESSED,
        Part(
            N_("Poll figures"),
            (Section("polls-of-a-document", "population", hide=("population",),
                     statement="figure"),),
        ),
        _NAMES,
        _IDENTIFIERS,
        _MENTIONED,
        _SILENT,
    ),
    "framework": (
        Part(N_("Members, from first to last"), (_memberships("framework", "belongs"),)),
        Part(
            N_("In other roles"),
            (_memberships("framework", "other role"),),
            N_("Candidates, chairs, guests, observers, partners and non-participants: they do not"
               " belong to it and are not counted as members."),
        ),
        Part(
            N_("Who joined and who left, in any role"),
            (Section("who-joined-or-left-between-two-dates", "framework",
                     hide=("framework",), statement="membership"),),
        ),
        Part(
            N_("How complete the record of memberships is, in all roles"),
            (Section("how-complete-is-each-framework", "framework", hide=("framework",)),),
        ),
        Part(
            N_("Phases"),
            (Section("phases", "framework", hide=("framework",), statement="phase"),),
        ),
        Part(
            N_("Figures"),
            (Section("what-figures-belong-to-a-framework", "framework", hide=("framework",),
                     statement="figure"),),
        ),
        Part(
            N_("Agreements: signed and in force"),
            (Section("agreements", "framework", hide=("framework",), statement="agreement"),),
        ),
        _SUCCESSION,
        _BELONGS,
        _OTHER_ROLES,
        Part(
            N_("Events"),
            (
                Section("which-events-belong-to-a-framework", "framework",
                        hide=("framework",), statement="event", title=N_("Held under it")),
                Section("which-events-produced-which-documents", "framework",
                        hide=("framework",), statement="document",
                        title=N_("Documents that they produced")),
            ),
        ),
        Part(
            N_("What documents say: memberships"),
            (
                _memberships("framework", "told", N_("Of others in it")),
                _memberships("member", "told", N_("Of it in others")),
            ),
            _TOLD,
        ),
        _HOLDS,
        _ADDRESSED,
        _SAID,
        _NAMES,
        _IDENTIFIERS,
        _MENTIONED,
        _SILENT,
    ),
    "event": (
        Part(
            N_("Participants"),
            (Section("participants-of-an-event", "event", statement="participation",
                     given=_ATTESTED),),
            N_("These are whom the sources name; others may have taken part."),
        ),
        Part(
            N_("Outcomes"),
            (Section("outcomes-of-an-event", "event", hide=("event",), statement="outcome"),),
        ),
        Part(
            N_("Parts of it"),
            (Section("parts-of-an-event", "event", statement="part", given=_ATTESTED),),
        ),
        Part(
            N_("What documents say: participants and parts"),
            (
                Section("participants-of-an-event", "event", statement="participation",
                        given=_ASSERTED, title=N_("Participants")),
                Section("parts-of-an-event", "event", statement="part", given=_ASSERTED,
                        title=N_("Parts of it")),
            ),
            _TOLD,
        ),
        Part(
            N_("How documents tell of it, and the record"),
            (Section("how-do-told-events-differ-from-the-record", where=("told", "recorded"),
                     hide=("link",), statement="told"),),
        ),
        _SAID,
        _NAMES,
        _MENTIONED,
    ),
    "proposition": (
        Part(
            N_("Positions, side by side"),
            (Section("positions", "proposition", hide=("proposition",), statement="statement"),),
        ),
        Part(
            N_("Related propositions"),
            (Section("how-are-propositions-related", where=("proposition", "other")),),
        ),
        Part(
            N_("Poll figures on it"),
            (Section("polls-of-a-document", "proposition", hide=("proposition",),
                     statement="figure"),),
        ),
    ),
    "source": (
        _IN_ORDER,
        Part(
            N_("Recommendations"),
            (Section("recommendations", "document", hide=("document",),
                     statement="recommendation"),),
        ),
        Part(
            N_("Poll figures"),
            (Section("polls-of-a-document", "document", hide=("document",),
                     statement="figure"),),
        ),
        Part(
            N_("Events, memberships and posts that it tells of"),
            (Section("facts-of-a-document", "document", statement="fact"),),
        ),
        Part(
            N_("Names it uses"),
            (Section("designations", "source", hide=("source", "designation")),),
        ),
        Part(
            N_("What it does not address"),
            (Section("which-silences-were-found-by-which-search", where=("document",),
                     hide=("document",)),),
        ),
        Part(
            N_("Coverage and coding"),
            (
                Section("how-completely-is-each-document-coded", where=("document",),
                        hide=("document",), title=N_("Passages")),
                Section("what-stands-under-each-heading", where=("document",),
                        hide=("document",), title=N_("Headings")),
                Section("coded-by", "document", title=N_("Coders")),
                Section("agreement-of-coders", "document", hide=("figure",),
                        title=N_("Agreement of the coders")),
            ),
        ),
        Part(
            N_("Facts that rest on it"),
            (Section("facts-of-a-register", "register", statement="", split="how"),),
        ),
    ),
    "topic": (
        Part(
            N_("Positions by side"),
            (Section("sides-of-a-topic", "topic"),),
            _OF_IT_ALONE,
        ),
        Part(
            N_("Propositions"),
            (Section("which-propositions-are-about-a-topic", "topic", hide=("topic",)),),
            _OF_IT_ALONE,
        ),
        Part(
            N_("Narrower topics"),
            (Section("narrower-topics", "topic"),),
            N_("Each is counted apart, with the propositions on its own page. A proposition about"
               " two of them counts for both."),
        ),
        Part(
            N_("Topics in the same passages"),
            (Section("which-topics-occur-together", where=("topic", "other")),),
        ),
        _SAID,
        _SILENT,
    ),
    "office": (
        Part(
            N_("Who held it"),
            (Section("terms-of-office", "office", hide=("office",),
                     statement="affiliation"),),
        ),
    ),
    "place": (
        Part(
            N_("Events there"),
            (Section("events-at-a-place", "place", statement="event", given=_ATTESTED),),
        ),
        Part(
            N_("What documents say: events there"),
            (Section("events-at-a-place", "place", statement="event", given=_ASSERTED),),
            _TOLD,
        ),
        _SAID,
        _NAMES,
        _IDENTIFIERS,
        _MENTIONED,
        _SILENT,
    ),
    "factor": (
        Part(
            N_("What is said to bring it about, and what is said to follow"),
            (Section("positions-on-a-factor", "factor", statement="statement"),),
        ),
    ),
    "passage": (
        Part(
            N_("Statements that rest on it"),
            (Section("statements-of-a-passage", "passage", statement="said"),),
        ),
        Part(
            N_("What each coder wrote"),
            (Section("codings-of-a-passage", "passage", hide=("passage",)),),
        ),
    ),
    "poll-question": (
        Part(
            N_("Answers"),
            (Section("polls-of-a-document", "question", hide=("question",),
                     statement="figure"),),
        ),
    ),
    "stance": (_CODED,),
    "recommendation": (_CODED,),
    "coder": (Part(N_("Work, document by document"), (Section("work-of-a-coder", "coder"),)),),
    "scheme": (
        Part(
            N_("Values"),
            (Section("which-values-can-a-variable-take", "scheme", hide=("scheme",)),),
        ),
    ),
    "graph": (
        Part(N_("What it describes"), (Section("things-of-a-graph", "graph"),)),
        Part(N_("Sources that it rests on"), (Section("sources-of-a-graph", "graph"),)),
    ),
}  # fmt: skip

# What only those have that speak for themselves or through others, by its English title.
SPOKEN = frozenset((_HOLDS.title, _IN_ORDER.title))

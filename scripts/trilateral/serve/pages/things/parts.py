"""Parts: which questions the page of each kind of thing asks, in the order of reading."""

from __future__ import annotations

from trilateral.serve.pages.things.section import Part, Section

_BELONGS = Part(
    "Frameworks it belongs to",
    (Section("which-frameworks-does-an-actor-belong-to", "actor", hide=("actor",),
             statement="membership"),),
)  # fmt: skip
_HOLDS = Part(
    "Positions it holds, by the way they reach us",
    (Section("positions", "holder", hide=("holder",), statement="statement",
             split="ascription"),),
)  # fmt: skip
_TELLS = Part(
    "Positions it tells of or ascribes to others",
    (Section("positions-told", "ascriber", hide=("ascriber",), statement="statement",
             split="ascription"),),
)  # fmt: skip
_ADDRESSED = Part(
    "Recommendations addressed to it",
    (Section("whom-does-each-recommendation-address", "addressee",
             hide=("addressee", "link"), statement="recommendation"),),
)  # fmt: skip
_NAMES = Part(
    "Names",
    (
        Section(
            "designations", "thing", hide=("thing", "designation"), title="Used by sources"
        ),
        Section("what-is-a-thing-called-in-each-language", "thing", hide=("thing",),
                title="In each language"),
        Section("under-which-name-does-an-actor-take-part", "member", hide=("member",),
                title="In frameworks"),
    ),
)  # fmt: skip
_IDENTIFIERS = Part(
    "Identifiers",
    (Section("which-identifiers-does-a-thing-have", "thing", hide=("thing",),
             addresses=("value",)),),
)  # fmt: skip
_SAID = Part(
    "What documents say of it",
    (Section("positions-about", "thing", statement="statement", split="document"),),
)
_SILENT = Part(
    "Documents that do not address it",
    (Section("which-silences-were-found-by-which-search", where=("thing",), hide=("thing",)),),
)
_MENTIONED = Part(
    "Mentions",
    (Section("how-often-does-each-document-mention-a-thing", "thing", hide=("thing",)),),
)
_SUCCESSION = Part(
    "What it came from and what came from it",
    (
        Section("which-framework-came-from-which", where=("framework", "other")),
        Section("what-succeeded-what", "framework", hide=("framework",),
                title="Directly or through others"),
    ),
)  # fmt: skip

MEMBERS_ON = Part(
    "Members on a day",
    (
        Section("who-belonged-to-a-framework-on-a-date", "framework",
                hide=("framework", "date"), statement="membership"),
        Section("what-was-the-state-of-a-framework-on-a-date", "framework",
                hide=("framework", "date"), title="Its state on that day"),
    ),
)  # fmt: skip

_CODED = Part(
    "What each coder wrote",
    (Section("codings-behind-a-statement", "statement"),),
)

PARTS: dict[str, tuple[Part, ...]] = {
    "actor": (
        _BELONGS,
        Part(
            "Offices",
            (
                Section("who-held-an-office-when", "actor", hide=("actor",),
                        statement="affiliation", title="Held for it"),
                Section("which-people-hold-which-posts", "person", hide=("person", "link"),
                        statement="affiliation", title="Posts, seats and institutions"),
            ),
        ),
        Part(
            "People and funds",
            (
                Section("people-of-an-actor", "actor", hide=("actor",), statement="statement"),
                Section("funded-by-an-actor", "funder", hide=("funder",),
                        statement="statement", title="Paid for by it"),
            ),
        ),
        _HOLDS,
        _TELLS,
        _SAID,
        _ADDRESSED,
        Part(
            "Poll figures",
            (Section("polls-of-a-document", "population", hide=("population",),
                     statement="figure"),),
        ),
        Part(
            "Events it took part in",
            (Section("events-of-an-actor", "actor", hide=("participation",),
                     statement="event"),),
        ),
        _NAMES,
        _IDENTIFIERS,
        _MENTIONED,
        _SILENT,
    ),
    "framework": (
        Part(
            "Members, from first to last",
            (
                Section("who-belongs-to-a-framework", "framework", hide=("framework", "link"),
                        statement="membership"),
                Section("who-joined-or-left-between-two-dates", "framework",
                        hide=("framework",), statement="membership",
                        title="Who joined and who left"),
                Section("how-complete-is-each-framework", "framework", hide=("framework",),
                        title="How complete the list is"),
            ),
        ),
        Part(
            "Phases",
            (Section("phases", "framework", hide=("framework",), statement="phase"),),
        ),
        Part(
            "Figures",
            (Section("what-figures-belong-to-a-framework", "framework", hide=("framework",),
                     statement="figure"),),
        ),
        Part(
            "Agreements: signed and in force",
            (Section("agreements", "framework", hide=("framework",), statement="agreement"),),
        ),
        _SUCCESSION,
        _BELONGS,
        _HOLDS,
        _ADDRESSED,
        _SAID,
        Part(
            "Events",
            (
                Section("which-events-belong-to-a-framework", "framework",
                        hide=("framework",), statement="event", title="Held under it"),
                Section("which-events-produced-which-documents", "framework",
                        hide=("framework",), statement="document",
                        title="Documents that they produced"),
            ),
        ),
        _NAMES,
        _IDENTIFIERS,
        _MENTIONED,
        _SILENT,
    ),
    "event": (
        Part(
            "Participants",
            (Section("participants-of-an-event", "event", hide=("event",),
                     statement="participation"),),
        ),
        Part(
            "Outcomes",
            (Section("outcomes-of-an-event", "event", hide=("event",), statement="outcome"),),
        ),
        Part(
            "Parts of it",
            (Section("parts-of-an-event", "event", hide=("event",), statement="part"),),
        ),
        Part(
            "How documents tell of it, and the record",
            (Section("how-do-told-events-differ-from-the-record", where=("told", "recorded"),
                     hide=("link",), statement="told"),),
        ),
        _SAID,
        _NAMES,
        _MENTIONED,
    ),
    "proposition": (
        Part(
            "Positions, side by side",
            (Section("positions", "proposition", hide=("proposition",), statement="statement"),),
        ),
        Part(
            "Related propositions",
            (Section("how-are-propositions-related", where=("proposition", "other")),),
        ),
        Part(
            "Poll figures on it",
            (Section("polls-of-a-document", "proposition", hide=("proposition",),
                     statement="figure"),),
        ),
    ),
    "source": (
        Part(
            "Propositions, in the order of the text",
            (Section("positions-in-order", "document", statement="statement"),),
        ),
        Part(
            "Recommendations",
            (Section("whom-does-each-recommendation-address", where=("document",),
                     hide=("document", "link"), statement="recommendation"),),
        ),
        Part(
            "Poll figures",
            (Section("polls-of-a-document", "document", hide=("document",),
                     statement="figure"),),
        ),
        Part(
            "Events, memberships and posts that it tells of",
            (Section("facts-of-a-document", "document", statement="fact"),),
        ),
        Part("Names it uses", (Section("designations", "source", hide=("source", "designation")),)),
        Part(
            "What it does not address",
            (Section("which-silences-were-found-by-which-search", where=("document",),
                     hide=("document",)),),
        ),
        Part(
            "Coverage and coding",
            (
                Section("how-completely-is-each-document-coded", where=("document",),
                        hide=("document",), title="Passages"),
                Section("what-stands-under-each-heading", where=("document",),
                        hide=("document",), title="Headings"),
                Section("coded-by", "document", title="Coders"),
                Section("agreement-of-coders", "document", hide=("figure",),
                        title="Agreement of the coders"),
            ),
        ),
        Part(
            "Facts that rest on it",
            (Section("facts-of-a-register", "register", statement="", split="how"),),
        ),
    ),
    "topic": (
        Part(
            "Positions by side",
            (Section("sides-of-a-topic", "topic"),),
        ),
        Part(
            "Propositions",
            (Section("which-propositions-are-about-a-topic", "topic", hide=("topic",)),),
        ),
        Part(
            "Topics in the same passages",
            (Section("which-topics-occur-together", where=("topic", "other")),),
        ),
        _SAID,
        _SILENT,
    ),
    "office": (
        Part(
            "Who held it",
            (Section("who-held-an-office-when", "office", hide=("office",),
                     statement="affiliation"),),
        ),
    ),
    "place": (
        Part(
            "Events there",
            (Section("events-at-a-place", "place", hide=("place",), statement="event"),),
        ),
        _SAID,
        _NAMES,
        _IDENTIFIERS,
        _MENTIONED,
        _SILENT,
    ),
    "factor": (
        Part(
            "What is said to bring it about, and what is said to follow",
            (Section("positions-on-a-factor", "factor", statement="statement"),),
        ),
    ),
    "passage": (
        Part(
            "Statements that rest on it",
            (Section("statements-of-a-passage", "passage", statement="said"),),
        ),
        Part(
            "What each coder wrote",
            (Section("codings-of-a-passage", "passage", hide=("passage",)),),
        ),
    ),
    "poll-question": (
        Part(
            "Answers",
            (Section("polls-of-a-document", "question", hide=("question",),
                     statement="figure"),),
        ),
    ),
    "stance": (_CODED,),
    "recommendation": (_CODED,),
    "coder": (Part("Work, document by document", (Section("work-of-a-coder", "coder"),)),),
    "scheme": (
        Part(
            "Values",
            (Section("which-values-can-a-variable-take", "scheme", hide=("scheme",)),),
        ),
    ),
    "graph": (
        Part("What it describes", (Section("things-of-a-graph", "graph"),)),
        Part("Sources that it rests on", (Section("sources-of-a-graph", "graph"),)),
    ),
}  # fmt: skip

# What only those have that speak for themselves or through others.
SPOKEN = frozenset((_HOLDS.title, "Propositions, in the order of the text"))

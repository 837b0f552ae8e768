#+ summary: Say of each register without a licence that its licence is unknown.
#+ description: >-
#+   The report of the same name shows what this changes, and the registers whose standing
#+   somebody must judge.
PREFIX tri: <https://w3id.org/trilateral/ontology#>

INSERT {
  GRAPH ?graph {
    ?register tri:unknown tri:licence .
  }
}
WHERE {
  GRAPH ?graph {
    ?register a tri:Register .
    OPTIONAL { ?register tri:licence ?licence }
    FILTER (!BOUND(?licence))
  }
}

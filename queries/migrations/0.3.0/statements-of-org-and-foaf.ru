#+ summary: State in ORG and FOAF what followed from 0.2.0 and follows from 0.3.0 no longer.
#+ description: >-
#+   For a store whose queries ask for org:Membership or foaf:member. The report of the same name
#+   shows what this adds.
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX tri: <https://w3id.org/trilateral/ontology#>

INSERT {
  GRAPH ?graph {
    ?membership a org:Membership .
  }
}
WHERE {
  GRAPH ?graph {
    ?membership a tri:Membership .
  }
} ;
INSERT {
  GRAPH ?graph {
    ?grouping foaf:member ?constituent .
  }
}
WHERE {
  GRAPH ?graph {
    ?grouping tri:constituent ?constituent .
  }
}

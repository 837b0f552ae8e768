#+ summary: Say of each poll figure that it is an observation.
#+ description: The report of the same name shows what this changes.
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX tri: <https://w3id.org/trilateral/ontology#>

INSERT {
  GRAPH ?graph {
    ?figure a qb:Observation .
  }
}
WHERE {
  GRAPH ?graph {
    ?figure a tri:PollFigure .
  }
}

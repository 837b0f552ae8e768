#+ summary: Put the successor in the place of each IRI that is retired and has one.
#+ description: >-
#+   For data of your own, held beside the dataset. The report of the same name shows what this
#+   changes.
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

DELETE {
  GRAPH ?graph {
    ?thing ?property ?retired .
  }
}
INSERT {
  GRAPH ?graph {
    ?thing ?property ?successor .
  }
}
WHERE {
  GRAPH ?table {
    ?retired a owl:NamedIndividual .
    ?retired dct:isReplacedBy ?successor .
  }
  GRAPH ?graph {
    ?thing ?property ?retired .
  }
}

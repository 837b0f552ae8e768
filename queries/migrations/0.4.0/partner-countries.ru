#+ summary: Give the partner countries of the BRICS and the SCO the role of their own.
#+ description: The report of the same name shows what this changes.
PREFIX framework: <https://w3id.org/trilateral/framework/>
PREFIX role: <https://w3id.org/trilateral/role/>
PREFIX tri: <https://w3id.org/trilateral/ontology#>

DELETE {
  GRAPH ?graph {
    ?membership tri:role role:partner .
  }
}
INSERT {
  GRAPH ?graph {
    ?membership tri:role role:partner-country .
  }
}
WHERE {
  VALUES ?framework { framework:brics framework:sco }
  GRAPH ?graph {
    ?membership tri:framework ?framework .
    ?membership tri:role role:partner .
  }
}

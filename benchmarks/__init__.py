"""Speed and memory of the package against rdflib and pySHACL used as a user would use them."""

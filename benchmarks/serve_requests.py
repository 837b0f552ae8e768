"""Requests: queries and URLs that are all different, so that nothing is answered from a cache."""

import http.client
import itertools
import json
import random
import time
from urllib.parse import quote, urlencode

BASE = "https://w3id.org/trilateral/"
_PREFIXES = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "PREFIX tri: <https://w3id.org/trilateral/ontology#> "
)
# Short queries: what is said of a thing, its names, what leads to it, its kind and neighbours.
_SHORT = (
    "SELECT ?property ?value ({n} AS ?n) WHERE {{ <{thing}> ?property ?value }}",
    "SELECT ?label ({n} AS ?n) WHERE {{ <{thing}> skos:prefLabel ?label "
    'FILTER (LANG(?label) = "en") }}',
    "SELECT ?from ?property ({n} AS ?n) WHERE {{ ?from ?property <{thing}> }} LIMIT 50",
    "SELECT ?class ?near ?label ({n} AS ?n) WHERE {{ <{thing}> a ?class ; ?property ?near . "
    "?near skos:prefLabel ?label }} LIMIT 50",
    "ASK {{ <{thing}> tri:evidence ?passage FILTER (?passage != <{thing}-{n}>) }}",
)
_JSON = {"accept": "application/sparql-results+json"}


class Requests:
    """Lists of requests over things, given by their IRIs; none is given out twice."""

    def __init__(self, url, things):
        things = sorted(things)
        random.Random(5).shuffle(things)
        self.url, self.things, self.number = url, things, itertools.count()

    def queries(self, path, count):
        """Return URLs of queries, each with a number of its own in text and answer."""
        found = []
        for number in itertools.islice(self.number, count):
            thing = self.things[number % len(self.things)]
            query = _PREFIXES + _SHORT[number % len(_SHORT)].format(thing=thing, n=number)
            found.append(f"{path}?query={quote(query)}")
        return found

    def documents(self, ending, count):
        """Return the paths of documents about things, in one format."""
        return [f"/{each.removeprefix(BASE)}.{ending}" for each in self.things[:count]]

    def questions(self, count):
        """Return URLs of answers: each question, for each thing that its parameters may name."""
        found = []
        for each in json.loads(get(self.url, "/api/questions")):
            path = f"/api/questions/{each['name']}"
            if each["form"] != "SELECT":
                continue
            found.append(f"{path}.json")
            for parameter in each["parameters"]:
                space = f"{BASE}{parameter['kind']}/"
                found += [
                    f"{path}.json?{urlencode({parameter['name']: thing})}"
                    for thing in self.things
                    if thing.startswith(space)
                ]
        random.Random(5).shuffle(found)
        return found[:count]


def get(url, path, headers=None):
    """Return the body of an answer."""
    status, body = _ask(url, path, headers or {})
    if status != 200:
        raise SystemExit(f"{url}{path}: {status} {body[:500]!r}")
    return body


def answered(url, paths, seconds=60):
    """Return the bodies by path of those that are answered, asked for so long at most."""
    end, found = time.monotonic() + seconds, {}
    for path in paths:
        status, body = _ask(url, path, {})
        if status == 200:
            found[path] = body
        if found and time.monotonic() > end:
            break
    return found


def _ask(url, path, headers):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=600)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def count_rows(url, path):
    """Return how many rows a SELECT gives, or what an ASK says."""
    found = json.loads(get(url, path, _JSON))
    return found["boolean"] if "boolean" in found else len(found["results"]["bindings"])

"""The OpenAPI document says what the API does, no more and no less."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.serve.conftest import WAIT

from trilateral.ask import show

QUESTION = "/api/questions/{}.{{format}}"
# Operations of each make: without parameters, with each kind of them, rows and triples.
FUZZED = (
    "list-questions",
    "find-answer",
    "who-holds",
    "which-labels-are-missing-in-a-language",
    "who-belonged-to-a-framework-on-a-date",
    "which-sources-are-used",
    "derive-propositions-as-claims",
    "describe-thing",
)


@pytest.fixture(scope="session")
def document(world_client):
    found = world_client.get("/api/openapi.json")
    assert found.headers["content-type"] == "application/vnd.oai.openapi+json"
    return found.json()


def test_document_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_each_question_is_an_operation_with_its_parameters(document, world):
    for name, question in show.find(world).items():
        operation = document["paths"][QUESTION.format(name)]["get"]
        own = {p["name"]: p for p in operation["parameters"] if p.get("in") == "query"}
        assert set(own) == {each.name for each in question.parameters}, name
        for each in question.parameters:
            assert own[each.name]["schema"].get("default") == each.default
        media = set(operation["responses"]["200"]["content"])
        assert ("text/turtle" in media) == (question.form == "CONSTRUCT"), name
    ids = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    assert len(ids) == len(set(ids))


def test_small_kinds_are_enumerated(document):
    parameters = document["paths"][QUESTION.format("who-holds")]["get"]["parameters"]
    ascription = next(each for each in parameters if each.get("name") == "ascription")
    slugs = ["ascribed", "inferred", "reported", "self-declared"]
    assert ascription["schema"]["anyOf"][0]["enum"] == slugs


def test_examples_are_answered(world_client, document):
    """Each example is a value that a question takes."""
    asked = set()
    for path, item in document["paths"].items():
        if not path.startswith("/api/questions/") or "{format}" not in path:
            continue
        for parameter in item["get"]["parameters"]:
            examples = [each["value"] for each in parameter.get("examples", {}).values()]
            if parameter.get("in") == "query" and "example" in parameter:
                examples.append(parameter["example"])
            for value in set(examples) - asked:
                default = parameter["schema"].get("default")
                url = path.replace("{format}", "json")
                found = world_client.get(url, params={parameter["name"]: value})
                # A default names a thing of the shipped data, which the tiny world need not have.
                assert found.status_code == (404 if found.is_error and value == default else 200)
                asked.add(value)
    assert len(asked) > 20


# ---------------------------------------------------------------- a fuzzer


def test_fuzzer_finds_nothing_undocumented(world_url, tmp_path):
    """Valid and invalid requests alike: status, media type, headers and body are as described."""
    command = [
        Path(sys.executable).with_name("schemathesis"), "run", f"{world_url}/api/openapi.json",
        "--phases", "examples,coverage,fuzzing", "--max-examples", "2", "--seed", "1",
        "--no-color", "--generation-database", "none",
    ]  # fmt: skip
    for each in FUZZED:
        command += ["--include-operation-id", each]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Tested: {len(FUZZED)}" in done.stdout


# ---------------------------------------------------------------- statuses


def test_each_documented_status_occurs(world_client, document):
    """Those that a server of its own is needed for have tests below."""
    operation = document["paths"][QUESTION.format("who-holds")]["get"]
    assert set(operation["responses"]) == {"200", "304", "400", "404", "429", "503"}
    url = "/api/questions/who-holds.json"
    validator = world_client.get(url).headers["etag"]
    assert world_client.get(url, headers={"if-none-match": validator}).status_code == 304
    assert world_client.get(f"{url}?limit=-1").status_code == 400
    assert world_client.get(f"{url}?proposition=none").status_code == 404
    find = document["paths"]["/api/questions/{name}"]["get"]
    assert set(find["responses"]) == {"303", "404", "406"}
    assert world_client.get(url[:-5]).status_code == 303
    assert world_client.get(url[:-5], headers={"accept": "image/png"}).status_code == 406
    assert world_client.get(url[:-5] + "s").status_code == 404


def test_limits_are_told_as_documented(serve, world):
    """An answer that is too long, and then a client whose seconds are used up."""
    options = ("--data", world.data, "--output", "1K", "--budget", "0.0001")
    with serve(*options) as (_, url), httpx.Client(base_url=url, timeout=WAIT) as client:
        long = client.get("/api/questions/who-holds.json")
        spent = client.get("/api/questions/who-holds.csv?limit=1&offset=9999")
    assert (long.status_code, spent.status_code) == (503, 429)
    assert int(spent.headers["retry-after"]) > 0
    for found in (long, spent):
        assert found.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= found.json().keys()

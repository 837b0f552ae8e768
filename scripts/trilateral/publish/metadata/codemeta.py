"""CodeMeta: the software that comes with the release, from ``pyproject.toml`` (CodeMeta 3.0)."""

from __future__ import annotations

import re
from typing import Any

from trilateral.licences import licence_url
from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.schema_org import agent

_LICENCE = re.compile(r"\s+AND\s+")


def describe(facts: Facts) -> dict[str, Any]:
    """Return the document about the software of a release."""
    project = facts.software
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "type": "SoftwareSourceCode",
        "name": project["name"],
        "description": project["description"],
        "version": facts.model,
        "license": [licence_url(each) for each in _LICENCE.split(project["license"])],
        "author": [_named(agent(each)) for each in facts.authors],
        "keywords": project["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": [_requirement(each) for each in project["dependencies"]],
        "dateModified": facts.version,
        **({"codeRepository": facts.repository} if facts.repository else {}),
    }


def _named(told: dict[str, Any]) -> dict[str, Any]:
    """Return a person or body by the names that the context of CodeMeta has."""
    return {name.lstrip("@"): value for name, value in told.items()}


def _requirement(text: str) -> dict[str, str]:
    from packaging.requirements import Requirement

    wanted = Requirement(text)
    version = str(wanted.specifier).removeprefix("==")
    return {"type": "SoftwareApplication", "name": wanted.name, "version": version}

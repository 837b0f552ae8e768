"""Findings: what a check found, where, and how to repair it; as text, JSON and SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from trilateral import __version__

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong. Empty fields are unknown; ``line`` 0 stands for the whole file."""

    file: str
    line: int
    rule: str
    message: str
    iri: str = ""
    repair: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return one line for people: place, what is wrong, how to repair it, which rule says so.

        >>> print(Finding("data/x.ttl", 3, "turtle-syntax", "A dot is missing."))
        data/x.ttl:3: error: A dot is missing. [turtle-syntax]
        """
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [f"{self.iri}:" if self.iri else "", self.message, self.repair, f"[{self.rule}]"]
        return f"{place}: {self.severity}: " + " ".join(part for part in parts if part)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding is an error.

    >>> has_errors([Finding("x", 0, "r", "m", severity="warning")])
    False
    """
    return any(finding.severity == "error" for finding in findings)


def to_json(findings: Sequence[Finding]) -> str:
    """Return findings as a JSON array of objects with the fields of `Finding`.

    >>> to_json([])
    '[]'
    """
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2)


def to_sarif(findings: Sequence[Finding]) -> str:
    """Return findings in the Static Analysis Results Interchange Format, version 2.1.0.

    >>> json.loads(to_sarif([]))["version"]
    '2.1.0'
    """
    rules = sorted({finding.rule for finding in findings})
    driver = {
        "name": "trilateral",
        "version": __version__,
        "informationUri": "https://w3id.org/trilateral/",
        "rules": [{"id": rule} for rule in rules],
    }
    results = [
        {
            "ruleId": finding.rule,
            "ruleIndex": rules.index(finding.rule),
            "level": finding.severity,
            "message": {
                "text": " ".join(
                    part
                    for part in (
                        f"{finding.iri}:" if finding.iri else "",
                        finding.message,
                        finding.repair,
                    )
                    if part
                )
            },
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": finding.file},
                        "region": {"startLine": max(finding.line, 1)},
                    }
                }
            ],
        }
        for finding in findings
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2)

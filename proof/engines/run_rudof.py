"""Validate with pyrudof and print its report: ``python -P run_rudof.py DATA SHAPES``."""

import sys
from pathlib import Path

from pyrudof import RDFFormat, ResultShaclValidationFormat, Rudof, RudofConfig, ShaclFormat


def report(data: Path, shapes: Path) -> str:
    """Return the validation report as N-Triples."""
    rudof = Rudof(RudofConfig())
    rudof.read_data(data, format=RDFFormat.NTriples)
    rudof.read_shacl(shapes, format=ShaclFormat.NTriples)
    rudof.validate_shacl()
    return rudof.serialize_shacl_validation_results(ResultShaclValidationFormat.NTriples)


if __name__ == "__main__":
    print(report(*map(Path, sys.argv[1:])))

"""The engines that run on Java: TopBraid SHACL and Apache Jena SHACL, from Maven Central."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from proof.engines.engine import CACHE, Engine, run

# TopBraid 1.4 and Jena 5 are compiled for it; newer ones of both ask for Java 21.
_JAVA = 17

_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>trilateral</groupId>
  <artifactId>engine</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>{group}</groupId>
      <artifactId>{artifact}</artifactId>
      <version>{version}</version>
    </dependency>
  </dependencies>
</project>
"""


# Group, name and version in Maven Central.
Artifact = tuple[str, str, str]


def folder_of(artifact: Artifact) -> Path:
    """Return the folder in which the jars of an artifact are kept."""
    return CACHE / f"{artifact[1]}-{artifact[2]}"


def java_is_missing(artifact: Artifact) -> str | None:
    """Return why an artifact cannot run here, or None when it can."""
    if shutil.which("java") is None:
        return "java is not on the path"
    done = subprocess.run(["java", "-version"], capture_output=True, text=True)
    found = re.search(r'version "(\d+)', done.stderr)
    if found is None or int(found[1]) < _JAVA:
        return f"java is older than {_JAVA}"
    if not folder_of(artifact).is_dir() and shutil.which("mvn") is None:
        return f"mvn is not on the path, and {folder_of(artifact)} is not there"
    return None


def jars_of(artifact: Artifact) -> Path:
    """Return the folder of the jars of an artifact and all that it needs, fetched once.

    Raises:
        EngineError: They cannot be fetched.
    """
    folder = folder_of(artifact)
    if folder.is_dir():
        return folder
    group, name, version = artifact
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        pom = _POM.format(group=group, artifact=name, version=version)
        (Path(work) / "pom.xml").write_text(pom, encoding="utf-8")
        copy = ["dependency:copy-dependencies", "-DoutputDirectory=jars"]
        run(["mvn", "-q", "-B", *copy], Path(work))
        # Whole or not at all: another process may install the same.
        if not folder.is_dir():
            (Path(work) / "jars").rename(folder)
    return folder


class _OnJava(Engine):
    group: str
    artifact: str
    release: str
    main: str

    def version(self) -> str:
        return self.release

    def missing(self) -> str | None:
        return java_is_missing(self._artifact)

    def install(self) -> None:
        jars_of(self._artifact)

    @property
    def folder(self) -> Path:
        """Where its jars are, once they are installed."""
        return folder_of(self._artifact)

    @property
    def _artifact(self) -> Artifact:
        return self.group, self.artifact, self.release

    def program(self) -> list[str]:
        return ["java", "-cp", f"{self.folder}/*", self.main]


class TopBraid(_OnJava):
    """TopBraid SHACL, by TopQuadrant; of Jena it uses the graphs, not the engine."""

    name = "TopBraid SHACL"
    group, artifact, release = "org.topbraid", "shacl", "1.4.4"
    main = "org.topbraid.shacl.tools.Validate"
    arguments = ("-datafile", "{data}", "-shapesfile", "{shapes}")


class Jena(_OnJava):
    """Apache Jena SHACL."""

    name = "Apache Jena SHACL"
    group, artifact, release = "org.apache.jena", "jena-cmds", "5.6.0"
    main = "shacl.shacl"
    arguments = ("validate", "--data", "{data}", "--shapes", "{shapes}")

"""Blazegraph, from Maven Central.

Its jar there has the server and its web application, but not the file that tells Jetty, which is
in the jar too, to run it. That is written here.
"""

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from proof.engines.java import jars_of, java_is_missing
from proof.stores.store import Store

# The newest that is there.
_SERVER = ("com.blazegraph", "blazegraph-jar", "2.1.5")
# Quads, no inference, and a journal that begins small.
_PROPERTIES = """\
com.bigdata.journal.AbstractJournal.file={file}
com.bigdata.journal.AbstractJournal.bufferMode=DiskRW
com.bigdata.journal.AbstractJournal.initialExtent=10485760
com.bigdata.journal.AbstractJournal.maximumExtent=104857600
com.bigdata.rdf.store.AbstractTripleStore.quads=true
com.bigdata.rdf.store.AbstractTripleStore.statementIdentifiers=false
com.bigdata.rdf.store.AbstractTripleStore.textIndex=false
com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms
com.bigdata.rdf.sail.truthMaintenance=false
"""
_JETTY = """\
<Configure id="server" class="org.eclipse.jetty.server.Server">
  <Call name="addConnector"><Arg>
    <New class="org.eclipse.jetty.server.ServerConnector">
      <Arg name="server"><Ref refid="server"/></Arg>
      <Set name="host">127.0.0.1</Set>
      <Set name="port">{port}</Set>
    </New>
  </Arg></Call>
  <Set name="handler">
    <New class="org.eclipse.jetty.webapp.WebAppContext">
      <Set name="contextPath">/blazegraph</Set>
      <Set name="war">{web}</Set>
      <Set name="parentLoaderPriority">true</Set>
    </New>
  </Set>
</Configure>
"""
_FILE = "-Dcom.bigdata.rdf.sail.webapp.ConfigParams.propertyFile="
_READ_ONLY = re.compile(r"(<param-name>readOnly</param-name>\s*<param-value>)\w+")


class Blazegraph(Store):
    """Blazegraph with its namespace ``kb``, which keeps quads; ``read_only`` for everybody."""

    name = "blazegraph"

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        super().__init__(folder)
        self.read_only = read_only

    @classmethod
    def missing(cls) -> str | None:
        """Return why the server cannot run here, or None when it can."""
        return java_is_missing(_SERVER)

    @classmethod
    def install(cls) -> None:
        """Fetch the server from Maven Central, once."""
        jars_of(_SERVER)

    def command(self) -> list[object]:
        """Return the command that starts the server."""
        [jar] = jars_of(_SERVER).glob("*.jar")
        web = self.folder / "war"
        if not web.exists():
            with zipfile.ZipFile(jar) as packed:
                inside = [name for name in packed.namelist() if name.startswith("war/WEB-INF/")]
                packed.extractall(self.folder, inside)
        settings = web / "WEB-INF" / "web.xml"
        told = _READ_ONLY.sub(rf"\g<1>{str(self.read_only).lower()}", settings.read_text("utf-8"))
        settings.write_text(told, "utf-8")
        properties, jetty = self.folder / "kb.properties", self.folder / "jetty.xml"
        properties.write_text(_PROPERTIES.format(file=self.folder / "kb.jnl"), "utf-8")
        jetty.write_text(_JETTY.format(port=self.port, web=escape(str(web))), "utf-8")
        return [
            *self.java(),
            *(_FILE + str(properties), "-cp", jar, "org.eclipse.jetty.xml.XmlConfiguration"),
            jetty,
        ]

    @property
    def url(self) -> str:
        """The address of the namespace, for queries and updates."""
        return f"http://127.0.0.1:{self.port}/blazegraph/namespace/kb/sparql"

    def probe(self) -> str:
        """Return the address of a query that is answered at once."""
        return f"{self.url}?query=ASK%20%7B%7D"

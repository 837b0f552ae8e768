"""RDF4J Server, put together from Maven Central.

Its web application (``rdf4j-http-server``, a WAR) is not published there, but the jar with all
of its code is (``rdf4j-http-server-spring``). What the application adds is the wiring: which
address is answered by which class. That is written here, for Jetty to run.
"""

from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener
from xml.sax.saxutils import escape, quoteattr

from proof.engines.java import jars_of, java_is_missing
from proof.stores.store import Store

# The newest of which all jars are there.
_SERVER = ("org.eclipse.rdf4j", "rdf4j-http-server-spring", "4.3.14")
# Of the series 9, as the server is written for the servlets of Java EE 8.
_JETTY = ("org.eclipse.jetty", "jetty-runner", "9.4.57.v20241219")

_CLASSES = "org.eclipse.rdf4j.http.server"
_MANAGER = "manager"
# Addresses within a repository, and the class that answers each; the repository itself last.
_ADDRESSES = {
    "/namespaces/*": "namespaces.NamespaceController",
    "/namespaces": "namespaces.NamespacesController",
    "/config": "config.ConfigController",
    "/contexts": "contexts.ContextsController",
    "/statements": "statements.StatementsController",
    "/rdf-graphs": "contexts.ContextsController",
    "/rdf-graphs/*": "graph.GraphController",
    "/size": "size.SizeController",
    "/transactions": "transaction.TransactionStartController",
    "/transactions/*": "transaction.TransactionController",
    "": "RepositoryController",
}
_MANAGED = ("config.ConfigController", "RepositoryController")

_REPOSITORY = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix ns: <http://www.openrdf.org/config/sail/native#> .

[] a rep:Repository ;
    rep:repositoryID "trilateral" ;
    rdfs:label "Trilateral" ;
    rep:repositoryImpl [
        rep:repositoryType "openrdf:SailRepository" ;
        sr:sailImpl [
            sail:sailType "openrdf:NativeStore" ;
            ns:tripleIndexes "spoc,posc,cspo"
        ]
    ] .
"""


class Rdf4j(Store):
    """RDF4J Server with one repository, a native store.

    With ``auth`` it wants a login, as Basic, of whoever writes: ``user`` may, ``reader`` may not,
    with the same password. The server leaves that to the servlets' container, so does this.
    """

    name = "rdf4j"
    reader = "eve"

    def __init__(self, folder: Path, *, auth: bool = False) -> None:
        super().__init__(folder)
        self.auth = auth
        if auth:
            self.user, self.password = "ada", "kelp-round-7"  # which protects nothing

    @classmethod
    def missing(cls) -> str | None:
        """Return why the server cannot run here, or None when it can."""
        return java_is_missing(_SERVER) or java_is_missing(_JETTY)

    @classmethod
    def install(cls) -> None:
        """Fetch server and Jetty from Maven Central, once."""
        jars_of(_SERVER)
        jars_of(_JETTY)

    def command(self) -> list[object]:
        """Return the command that starts the server."""
        web = self.folder / "web" / "WEB-INF"
        web.mkdir(parents=True, exist_ok=True)
        (web / "web.xml").write_text(_web_xml(_LOGIN if self.auth else ""), "utf-8")
        (web / "server-servlet.xml").write_text(_beans_xml(self.folder / "data"), "utf-8")
        users = web / "users"
        told = {self.user: "writer", self.reader: "reader"} if self.auth else {}
        lines = [f"{name}: {self.password},{role}\n" for name, role in told.items()]
        users.write_text("".join(lines), "utf-8")
        context = self.folder / "context.xml"
        context.write_text(_context_xml(web.parent, users), "utf-8")
        return [
            *self.java(),
            *("-cp", f"{jars_of(_JETTY)}/*", "org.eclipse.jetty.runner.Runner"),
            *("--host", "127.0.0.1", "--port", self.port, "--lib", jars_of(_SERVER)),
            context,
        ]

    @property
    def url(self) -> str:
        """The address of the repository."""
        return f"http://127.0.0.1:{self.port}/rdf4j-server/repositories/trilateral"

    def probe(self) -> str:
        """Return the address of the list of repositories."""
        return self.url.rpartition("/")[0]

    def prepare(self) -> None:
        """Make the repository, where it is not there yet."""
        if (self.folder / "data" / "repositories" / "trilateral").exists():
            return
        request = Request(self.url, _REPOSITORY.encode(), {"Content-Type": "text/turtle"})
        request.get_method = lambda: "PUT"
        build_opener(ProxyHandler({})).open(request, timeout=60).close()


# Who may ask for what changes the repository.
_LOGIN = """\
  <security-constraint>
    <web-resource-collection>
      <web-resource-name>changes</web-resource-name>
      <url-pattern>/repositories/trilateral/statements</url-pattern>
      <url-pattern>/repositories/trilateral/transactions/*</url-pattern>
    </web-resource-collection>
    <auth-constraint><role-name>writer</role-name></auth-constraint>
  </security-constraint>
  <login-config><auth-method>BASIC</auth-method><realm-name>store</realm-name></login-config>
"""


def _context_xml(web: Path, users: Path) -> str:
    # With these two configurations alone Jetty does not look through all jars for annotations.
    return f"""\
<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN"
  "http://www.eclipse.org/jetty/configure_9_3.dtd">
<Configure class="org.eclipse.jetty.webapp.WebAppContext">
  <Set name="contextPath">/rdf4j-server</Set>
  <Set name="war">{escape(str(web))}</Set>
  <Set name="configurationClasses">
    <Array type="java.lang.String">
      <Item>org.eclipse.jetty.webapp.WebInfConfiguration</Item>
      <Item>org.eclipse.jetty.webapp.WebXmlConfiguration</Item>
    </Array>
  </Set>
  <Get name="securityHandler">
    <Set name="loginService">
      <New class="org.eclipse.jetty.security.HashLoginService">
        <Set name="name">store</Set>
        <Set name="config">{escape(str(users))}</Set>
      </New>
    </Set>
  </Get>
</Configure>
"""


def _web_xml(login: str) -> str:
    return f"""\
<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0" metadata-complete="true">
  <servlet>
    <servlet-name>server</servlet-name>
    <servlet-class>org.springframework.web.servlet.DispatcherServlet</servlet-class>
    <load-on-startup>1</load-on-startup>
  </servlet>
  <servlet-mapping>
    <servlet-name>server</servlet-name>
    <url-pattern>/protocol</url-pattern>
    <url-pattern>/repositories/*</url-pattern>
  </servlet-mapping>
{login}</web-app>
"""


def _beans_xml(data: Path) -> str:
    managed = f'<property name="repositoryManager" ref="{_MANAGER}"/>'
    controllers = "".join(
        f'<bean id="{name}" class="{_CLASSES}.repository.{name}">'
        f"{managed if name in _MANAGED else ''}</bean>\n"
        for name in dict.fromkeys(_ADDRESSES.values())
    )
    addresses = "".join(
        f'<entry key="/repositories/*{path}" value-ref="{name}"/>\n'
        for path, name in _ADDRESSES.items()
    )
    mapping = "org.springframework.web.servlet.handler.SimpleUrlHandlerMapping"
    return f"""\
<beans xmlns="http://www.springframework.org/schema/beans"
    xmlns:aop="http://www.springframework.org/schema/aop"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.springframework.org/schema/beans
      http://www.springframework.org/schema/beans/spring-beans.xsd
      http://www.springframework.org/schema/aop
      http://www.springframework.org/schema/aop/spring-aop.xsd">
<bean id="{_MANAGER}" class="org.eclipse.rdf4j.repository.manager.LocalRepositoryManager"
  init-method="init" destroy-method="shutDown">
<constructor-arg type="java.io.File" value={quoteattr(str(data))}/>
</bean>
<bean id="interceptor" class="{_CLASSES}.repository.RepositoryInterceptor" scope="request">
{managed}<aop:scoped-proxy/>
</bean>
<bean class="{_CLASSES}.ProtocolExceptionResolver"/>
<bean id="protocol" class="{_CLASSES}.protocol.ProtocolController"/>
<bean id="list" class="{_CLASSES}.repository.RepositoryListController">{managed}</bean>
{controllers}
<bean class="{mapping}">
<property name="order" value="0"/>
<property name="alwaysUseFullPath" value="true"/>
<property name="urlMap"><map>
<entry key="/protocol" value-ref="protocol"/>
<entry key="/repositories" value-ref="list"/>
</map></property>
</bean>
<bean class="{mapping}">
<property name="order" value="1"/>
<property name="alwaysUseFullPath" value="true"/>
<property name="interceptors"><list><ref bean="interceptor"/></list></property>
<property name="urlMap"><map>
{addresses}</map></property>
</bean>
</beans>
"""

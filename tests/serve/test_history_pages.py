"""Pages of changes in a browser: nothing is fetched, nothing runs, axe finds nothing."""

import pytest
from tests.publish.test_history import DAY, NEW, OLD, write_release
from tests.serve.accessibility import violations

from trilateral.publish.history.series import write_history

PAGES = ("index.html", f"{DAY}/changes.html", "membership/arland-pact.html", "actor/borland.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    write_release(folder / "releases", "2026-02-01", OLD)
    write_release(folder / "releases", DAY, NEW)
    for name, data in write_history(folder / "releases").items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "pages"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_other_host_and_is_accessible(browser, folder, name):
    context = browser.new_context()
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / name).as_uri())
    assert {url.rpartition("/")[2] for url in asked} == {name.rpartition("/")[2], "history.css"}
    assert page.locator("h1").count() == 1
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert violations(page) == []
    context.close()

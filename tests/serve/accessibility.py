"""axe-core, the accessibility checker: fetched once from npm, run in pages of the browser."""

from functools import cache
from pathlib import Path

from tests.npm import installed

_HERE = Path(__file__).parent / "axe"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
DESK = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}
_RUN = """
    async (rules) => {
        const asked = {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]};
        const found = await axe.run(asked);
        const told = node => node.html.slice(0, 200) + " " + node.failureSummary;
        return found.violations.map(each => ({
            rule: each.id, help: each.help, places: each.nodes.slice(0, 5).map(told),
        }));
    }"""


@cache
def axe_source() -> str:
    """Return the script of axe-core; skips the test where it can neither be found nor fetched."""
    return (installed(_HERE) / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page):
    """Return what axe finds in a page in each look, with the look; the page stays as it is.

    The page may run scripts of the test.
    """
    return [
        {"look": f"{scheme}, {size['width']} pixels wide", **each}
        for size in (DESK, PHONE)
        for scheme in ("light", "dark")
        for each in _shown(page, size, scheme)
    ]


def _shown(page, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    return page.evaluate(_RUN, _RULES)

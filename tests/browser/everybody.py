"""Whether everybody can use a page: axe-core, both colour schemes, a wide screen and a phone."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SCREENS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What holds is not told: a page has hundreds of elements.
OPTIONS = {"runOnly": RULES, "preload": False, "resultTypes": ["violations"]}
RUN = """
options => axe.run(options).then(
  found => found.violations.map(one => ({rule: one.id, where: one.nodes[0].html}))
)
"""

# What is wrong on a screen: each time what, and where.
Wrong = dict[tuple[int, str], list[dict[str, str]]]
# So it should be.
NOTHING: Wrong = {screen: [] for screen in SCREENS}


def find_wrong(page: Page) -> Wrong:
    """What is wrong with the page that stands there, on every screen.

    It is loaded once: the style sheet alone knows how wide the screen is, and in which colours.
    """
    # axe itself tries inline styles; what it provokes is not the page's.
    page.evaluate(AXE_SCRIPT)
    return {screen: _look(page, *screen) for screen in SCREENS}


def _look(page: Page, width: int, scheme: str) -> list[dict[str, str]]:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    # A button takes a moment to change its colour; halfway nobody could read it.
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished)).then(() => 0)")
    page_width = page.evaluate("document.documentElement.scrollWidth")
    wrong: list[dict[str, str]] = page.evaluate(RUN, OPTIONS)
    if page_width > width:
        wrong.append({"rule": "no wider than the screen", "where": f"{page_width}"})
    return wrong

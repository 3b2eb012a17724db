"""What the tests in a browser share: waiting until a page stands still, and reading what is on it."""

import re

QUIET = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const moves = app?.getAttribute("data-test-script-state") !== "notRunning" || app.querySelector("[data-stale=true]");
    if (moves || window.quietSince === undefined) window.quietSince = performance.now();
    return performance.now() - window.quietSince > 300;
}"""
WIDE = """[[document.documentElement, 0], [document.querySelector("[data-testid=stMain]"), 1]]
    .filter(([part, rounding]) => part.scrollWidth > part.clientWidth + rounding).map(([part]) => part.tagName)"""


def settled(page):
    """Wait until the script has not run and nothing has been stale for a while."""
    page.evaluate("window.quietSince = undefined")
    page.wait_for_function(QUIET)


def sideways(page):
    """The parts of the page that scroll sideways."""
    return page.evaluate(WIDE)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def slider(page, label):
    return page.get_by_role("slider", name=re.compile(label))


def metric(page, name):
    return page.locator("[data-testid=stMetric]", has_text=name).locator("[data-testid=stMetricValue]").inner_text()


def searched(page):
    """Wait until Search has drawn its results."""
    page.get_by_text("on the critical path").wait_for()
    settled(page)


def cards(page, stage):
    """The text of each card of a column of Search, without its rank's movement."""
    found = page.locator(f"[class*='st-key-card-{stage}-'] [data-testid=stMarkdownContainer]:has(strong)")
    return [text.split("\n") for text in found.all_inner_texts()]

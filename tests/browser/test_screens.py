"""Every page at the width of a laptop and of a large screen, light and dark."""

import pytest

from tests.browser.conftest import opened_on
from tests.browser.looking import button, settled, sideways

GUIDED = "/tune?tune=Guided+tuning&corpus=parts-catalogue&embedder=LSA"


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        ("/?corpus=parts-catalogue&q=relay", "text=on the critical path"),
        *(
            (f"/corpora?corpus=marlstream-docs&part={part}", f"role=radio[name='{part}'][checked]")
            for part in ("Add documents", "Documents", "Chunks", "Index")
        ),
        ("/evaluate?corpus=parts-catalogue", "text=Lines are 95 % intervals"),
        ("/tune?corpus=parts-catalogue&beneath=All+methods", "[class*='st-key-curve'] .js-plotly-plot"),
    ],
    ids=["Search", "Add documents", "Documents", "Chunks", "Index", "Evaluate", "Tune"],
)
def test_nothing_scrolls_sideways(screen, address, drawn):
    screen.goto(address)
    screen.locator(drawn).first.wait_for()
    settled(screen)
    assert sideways(screen) == []


@pytest.fixture(scope="module")
def kept(chromium, served):
    """An evaluation was saved as an experiment."""
    with opened_on(chromium, served, 1280, "light") as page:
        page.goto("/evaluate?corpus=parts-catalogue&evaluated=Keep")
        page.get_by_role("textbox", name="Name", exact=True).fill("A name that is as long as a name of an experiment may well be")
        button(page, "Save as experiment").click()
        page.get_by_text("is kept").wait_for()


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("section", "drawn"), [("Saved", "role=button[name='Run again']"), ("A against B", "text=on 62 queries")]
)
def test_nothing_of_experiments_scrolls_sideways(screen, section, drawn):
    screen.goto(f"/experiments?experiments={section.replace(' ', '+')}")
    screen.locator(drawn).first.wait_for()
    settled(screen)
    assert sideways(screen) == []


@pytest.mark.parametrize("section", ["Judge", "Query sets"])
def test_nothing_of_judge_scrolls_sideways(screen, section):
    screen.goto(f"/judge?corpus=marlstream-docs&judge={section.replace(' ', '+')}")
    screen.locator(f"role=radio[name='{section}'][checked]").wait_for()
    settled(screen)
    assert sideways(screen) == []


@pytest.fixture(scope="module")
def tuned(chromium, served):
    """A step of the guided tuning was run, which every session is shown."""
    with opened_on(chromium, served, 1280, "light") as page:
        page.goto(GUIDED)
        button(page, "Run").click()
        button(page, "Apply").wait_for()


@pytest.mark.usefixtures("tuned")
def test_nothing_of_a_tuning_step_scrolls_sideways(screen):
    screen.goto(GUIDED)
    button(screen, "Apply").wait_for()
    settled(screen)
    assert sideways(screen) == []

"""The page Tune, section Fusion, as its users see it."""

import re

from playwright.sync_api import expect

from tests.browser.looking import searched, settled, slider

SAMPLE = "/tune?corpus=parts-catalogue"
CURVE = "[class*='st-key-curve'] .js-plotly-plot"


def show(page, address):
    page.goto(address)
    page.locator(CURVE).wait_for()
    settled(page)


def point(page):
    """The weight at which the big dot stands on the curve."""
    return page.locator(CURVE).evaluate("plot => plot.data.at(-1).x[0]")


def lines(page):
    """The names of the lines that the legend has."""
    return page.locator(f"{CURVE} .legendtext").all_text_contents()


def reaches(page, weight):
    """Wait until the dot stands at a weight: the slider and the URL change before the curve does."""
    page.wait_for_function(
        "([plot, weight]) => Math.abs(document.querySelector(plot)?.data?.at(-1).x[0] - weight) < 1e-9", arg=[CURVE, weight]
    )
    settled(page)


def test_the_point_follows_the_slider_and_the_numbers_follow_the_point(page):
    show(page, f"{SAMPLE}&fusion=min-max&weight=0.9")
    assert point(page) == 0.9
    said = page.get_by_text(re.compile("gain · .* lose against"))
    before = said.inner_text()
    slider(page, "Weight").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("weight=0"))
    reaches(page, 0)
    page.get_by_text("nDCG@10 at weight 0.00").wait_for()
    assert said.inner_text() != before


def test_a_line_of_a_class_stays_while_the_weight_moves(page):
    show(page, f"{SAMPLE}&fusion=min-max&weight=0.4")
    assert lines(page) == []
    page.get_by_role("button", name=re.compile("^paraphrase")).click()
    expect(page.locator(f"{CURVE} .legendtext")).to_have_count(2)
    slider(page, "Weight").focus()
    page.keyboard.press("ArrowRight")
    reaches(page, 0.41)
    assert [name.partition(" (")[0] for name in lines(page)] == ["paraphrase", "all queries"]


def test_the_best_weight_of_a_method_is_taken_over_by_one_click_and_search_has_it(page):
    show(page, f"{SAMPLE}&beneath=All+methods")
    button = page.get_by_role("button", name=re.compile("^z-score · 0"))
    weight = float(button.inner_text().split(" · ")[1])
    button.click()
    reaches(page, weight)
    page.get_by_role("link", name="Search").click()
    page.get_by_text("waiting for a query").wait_for()
    page.get_by_label("Query", exact=True).fill("24 V relay")
    page.keyboard.press("Enter")
    searched(page)
    expect(slider(page, "Weight")).to_have_attribute("aria-valuetext", f"{weight:.2f}")
    assert "fusion=z-score" in page.url


def test_a_query_that_moved_opens_in_search_with_these_settings(page):
    show(page, f"{SAMPLE}&fusion=min-max&weight=0.15")
    table = page.locator("[class*='st-key-mover_rows']").first
    table.scroll_into_view_if_needed()
    settled(page)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 50)  # the table is a canvas: the box in front of its first row
    searched(page)
    expect(page.get_by_label("Query", exact=True)).not_to_have_value("")
    expect(slider(page, "Weight")).to_have_attribute("aria-valuetext", "0.15")
    assert "fusion=min-max" in page.url


def test_the_grid_of_k1_and_b_fills_by_a_job_and_its_best_pair_is_taken_over(page):
    show(page, f"{SAMPLE}&fusion=min-max&weight=0.4&k1=3&b=1&beneath=k1+%C3%97+b")
    page.get_by_role("button", name="Score the grid").click()
    page.get_by_text("sparse alone: best at k1").wait_for()
    settled(page)
    assert page.locator("[class*='st-key-grid'] .js-plotly-plot .heatmaplayer .hm").count() == 2
    page.get_by_role("button", name=re.compile("Use k1")).first.click()
    page.wait_for_url(re.compile("^((?!k1=3).)*$"))
    page.get_by_text("sparse alone: best at k1").wait_for()


def test_a_deep_link_opened_cold_gives_the_view_and_a_reload_keeps_it(page):
    show(page, f"{SAMPLE}&fusion=z-score&weight=0.2&by=RR%4010&beneath=Classes")
    page.get_by_text("RR@10 at weight 0.20").wait_for()
    page.reload()
    page.locator(CURVE).wait_for()
    page.get_by_text("RR@10 at weight 0.20").wait_for()
    page.get_by_text("A router that gives every class its own weight").wait_for()


def test_text_of_users_stays_text(page):
    show(page, "/tune?corpus=hostile&fusion=min-max&weight=0.2")
    page.get_by_role("button", name=re.compile("script")).click()
    expect(page.locator(f"{CURVE} .legendtext")).to_have_count(2)
    assert any("<script>document.title='pwned'</script>" in name.replace("\u2060", "") for name in lines(page))
    assert page.title() == "Retrieval Playground"
    assert page.locator("img[src=x]").count() == 0

"""The Search page as its users see it."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.hostile import MARKDOWN, QUERY
from tests.browser.looking import cards, searched, settled, slider

SAMPLE = "/?corpus=parts-catalogue"


def show(page, address):
    page.goto(address)
    searched(page)


def titles(page, stage):
    return [lines[1] for lines in cards(page, stage)]


def becomes(page, stage, expected):
    """Wait until a column shows `expected`: the URL changes before the results do."""
    for _ in range(150):
        if titles(page, stage) == expected:
            return True
        page.wait_for_timeout(200)
    return False


def test_a_typed_query_fills_four_columns(page):
    page.goto(SAMPLE)
    page.get_by_text("waiting for a query").wait_for()
    page.get_by_label("Query", exact=True).fill("24 V relay for wash-down")
    page.keyboard.press("Enter")
    searched(page)
    for stage in ("dense", "sparse", "fused", "reranked"):
        assert len(titles(page, stage)) == 10
    heading = page.get_by_role("heading", name=re.compile(r"Reranked \d+\.\d ms"))
    assert heading.count() == 1


def test_the_weight_slider_moves_fused_and_not_dense(page):
    show(page, f"{SAMPLE}&q={quote('which relay may be hosed down')}")
    dense, sparse, fused = (titles(page, stage) for stage in ("dense", "sparse", "fused"))
    assert dense != sparse
    handle = slider(page, "Weight")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    page.wait_for_url(re.compile("weight=1"))
    assert fused != dense
    assert becomes(page, "fused", dense)
    assert titles(page, "dense") == dense


def test_the_weight_slider_obeys_the_keyboard(page):
    show(page, f"{SAMPLE}&q={quote('which relay may be hosed down')}")
    sparse = titles(page, "sparse")
    slider(page, "Weight").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("weight=0"))
    assert becomes(page, "fused", sparse)


def test_a_grade_is_given_and_survives_a_reload(page):
    show(page, f"/?corpus=hostile&q={quote('sealed relay')}")
    card = page.locator("[class*='st-key-card-sparse-1']")
    assert "3 Perfect" in card.inner_text()
    card.get_by_role("radio", name="2").click()
    page.locator("[class*='st-key-card-reranked-1']").get_by_text("2 Relevant").wait_for()
    page.reload()
    searched(page)
    assert "2 Relevant" in page.locator("[class*='st-key-card-dense-1']").inner_text()


def test_a_deep_link_opened_cold_gives_the_view_and_a_reload_keeps_it(page):
    address = f"{SAMPLE}&q={quote('relay')}&weight=0.2&bm25=BM25Lucene&results=4&budget=7&fusion=min-max"
    show(page, address)
    expect(page.get_by_label("Query", exact=True)).to_have_value("relay")
    expect(slider(page, "Weight")).to_have_attribute("aria-valuetext", "0.20")
    assert len(titles(page, "fused")) == 4
    assert "of 7 ms" in page.get_by_text("on the critical path").inner_text()
    before = {stage: titles(page, stage) for stage in ("dense", "sparse", "fused", "reranked")}
    page.reload()
    searched(page)
    assert {stage: titles(page, stage) for stage in before} == before
    assert "weight=0.2" in page.url
    assert "fusion=min-max" in page.url


def test_text_of_users_stays_text(page):
    show(page, f"/?corpus=hostile&q={quote(QUERY)}")
    card = page.locator("[class*='st-key-card-sparse-1']").inner_text().replace("\u2060", "")
    assert "<script>document.title='pwned'</script> relay" in card
    assert "onerror=" in card
    for piece in MARKDOWN.split(" ")[:4]:
        assert piece in card
    page.get_by_role("tab", name="Where are the relevant ones").click()
    page.get_by_role("button", name="Why?").first.click()
    page.get_by_text("Whole text", exact=True).click()
    settled(page)
    assert page.title() == "Retrieval Playground"
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("[class*='st-key-card-'] script, [class*='st-key-card-'] b").count() == 0


def test_an_unknown_model_gets_one_sentence_and_the_page_stays(page):
    show(page, f"{SAMPLE}&q=relay")
    before = titles(page, "dense")
    page.get_by_role("button", name=re.compile("Embedder, vector search")).click()
    page.get_by_label("Model", exact=True).fill("nobody/no-such-model")
    page.keyboard.press("Enter")
    page.get_by_text("could not be loaded").wait_for()
    settled(page)
    assert titles(page, "dense") == before

"""The page Evaluate as its users see it: at once where little is to do, by a job where much is, and out into files and pages."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import expect

from retrieval import judging
from tests.browser.looking import settled, slider

SAMPLE = "/evaluate?corpus=parts-catalogue"
ROW = 35  # pixels of a row of a table


def show(page, address=SAMPLE):
    page.goto(address)
    page.get_by_text("Lines are 95 % intervals").wait_for()
    settled(page)
    return page


def downloaded(page, name):
    """The content of the file behind a download button."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.path().read_text(encoding="utf-8")


def test_a_sample_corpus_shows_its_stages_at_once(page):
    show(page)
    chart = page.locator(".st-key-forest")
    for stage in ("dense", "sparse", "fused", "reranked"):
        expect(chart.get_by_text(stage, exact=True)).to_be_visible()
    expect(chart.get_by_text("difference to sparse")).to_be_visible()
    expect(page.get_by_text("62 judged queries")).to_be_visible()


def test_what_the_url_says_is_what_is_shown(page):
    show(page, f"{SAMPLE}&compared=dense&compared=fused&baseline=fused&metrics=RR@10&metrics=P@1&leading=P@1&evaluated=Time")
    expect(page.get_by_text("difference to fused")).to_be_visible()
    expect(page.get_by_role("radio", name="P@1")).to_be_checked()
    expect(page.get_by_role("button", name="Measure again")).to_be_visible()
    page.reload()
    page.get_by_text("difference to fused").wait_for()


def test_many_searches_are_a_job_that_is_cancelled_and_goes_on(page):
    page.goto(f"{SAMPLE}&passes=9")
    start = page.get_by_role("button", name="Evaluate 62 queries")
    start.click()
    page.get_by_text(re.compile(r"Search \d+ of")).wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled; what is finished is kept.").wait_for()
    start.click()
    page.get_by_text("Lines are 95 % intervals").wait_for()
    page.get_by_role("tab", name="Time").click()
    page.get_by_text("9 repetitions of 62 queries").wait_for()


def test_a_click_on_a_row_opens_the_query_in_search_and_the_way_back_loses_nothing(page):
    show(page, f"{SAMPLE}&weight=0.3&baseline=dense&evaluated=Queries")
    page.get_by_text("the largest losses").wait_for()
    table = page.locator(".st-key-query_rows")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + 1.5 * ROW)
    page.get_by_text("on the critical path").wait_for()
    expect(page.get_by_label("Query", exact=True)).not_to_have_value("")
    expect(slider(page, "Weight")).to_have_attribute("aria-valuetext", "0.30")
    expect(page).to_have_url(re.compile("q="))
    page.get_by_role("link", name="Evaluate").click()
    page.get_by_text("difference to dense").wait_for()
    settled(page)
    assert "/evaluate" in page.url


def test_what_is_unjudged_is_one_click_from_the_page_judge(page):
    show(page, f"{SAMPLE}&metrics=R@100")
    page.get_by_role("link", name="Judge what is unjudged").click()
    page.get_by_text("Who judges?").wait_for()
    assert "/judge" in page.url
    expect(page.get_by_role("combobox", name="Corpus")).to_have_value("parts-catalogue")


def test_everything_that_was_measured_leaves_as_files(page):
    show(page, f"{SAMPLE}&evaluated=Files")
    report = json.loads(downloaded(page, "Report"))
    assert [run["name"] for run in report["runs"]] == ["dense", "sparse", "fused", "reranked"]
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "Scores by query"), newline="")))
    assert len(rows) == 62 * 4
    means = {run["name"]: run["metrics"]["nDCG@10"]["mean"] for run in report["runs"]}
    for name, mean in means.items():
        scores = [float(row["nDCG@10"]) for row in rows if row["run"] == name]
        assert sum(scores) / len(scores) == pytest.approx(mean)
    run = judging.read_run("sparse.run", downloaded(page, "TREC run sparse").encode())
    assert (len(run.rankings), run.tag, run.refused) == (62, "sparse", ())

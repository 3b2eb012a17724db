"""Guided tuning as its users see it: from a sample corpus through the five steps to a file that a terminal reads."""

import json
import os
import re
import subprocess
import sys

from playwright.sync_api import expect

from retrieval import Pipeline, experiments
from tests.browser.conftest import ROOT
from tests.browser.looking import button, searched, settled, slider

SECTION = "/tune?tune=Guided+tuning&corpus="
STEPS = ("Chunker", "Embedder", "Reranker", "Candidates", "Fusion")
MOVED = re.compile(r"nDCG@10 (\d\.\d{3}) → (\d\.\d{3})")


def show(page, corpus):
    page.goto(f"{SECTION}{corpus}")
    page.get_by_role("radio", name="1 · Chunker").wait_for()
    settled(page)
    return page


def evaluated(place, folder, corpus, pipeline):
    """What `playground evaluate` says of a pipeline file."""
    file = folder / "tuned.toml"
    file.write_text(pipeline, encoding="utf-8")
    command = [sys.executable, "-m", "retrieval.cli", "evaluate", corpus, "--query-set", "Shipped", "--pipeline", str(file)]
    environment = {**os.environ, "PLAYGROUND_HOME": str(place / "home"), "PLAYGROUND_CORPORA": str(place / "corpora")}
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return json.loads(done.stdout)


def test_five_steps_lead_to_a_file_with_which_a_terminal_gives_the_same_numbers(page, place, tmp_path):
    show(page, "parts-catalogue")
    for at, step in enumerate(STEPS, start=1):
        expect(page.get_by_role("radio", name=f"{at} · {step}")).to_be_checked()
        settled(page)
        run, nothing = button(page, "Run"), page.get_by_text("Nothing is reranked")
        run.or_(nothing).wait_for()
        if run.is_visible():
            run.click()
            button(page, "Apply").click()
        else:
            button(page, "Skip").click()
    page.get_by_text("Take it along").wait_for()
    expect(page.get_by_role("radio", name="1 · Chunker ✓")).to_be_visible()
    expect(page.get_by_role("radio", name="5 · Fusion ✓")).to_be_visible()

    before, after = MOVED.search(page.get_by_role("heading", name="On all 62 queries").inner_text()).groups()
    with page.expect_download() as waiting:
        button(page, "Pipeline file with its evidence").click()
    text = waiting.value.path().read_text(encoding="utf-8")
    told = evaluated(place, tmp_path, "parts-catalogue", text)
    assert f"{told['stages']['reranked']['nDCG@10']:.3f}" == after
    assert told["queries"] == 62
    evidence = experiments.read_evidence(text)
    assert f"{evidence.baseline:.3f}" == before
    assert all(step.applied for step in evidence.steps)

    page.get_by_role("link", name="Search").click()
    page.get_by_label("Query", exact=True).fill("24 V relay for wash-down")
    page.keyboard.press("Enter")
    searched(page)
    chosen = Pipeline.from_toml(text).weight
    expect(slider(page, "Weight")).to_have_attribute("aria-valuetext", f"{chosen:.2f}")


def test_a_step_that_is_cancelled_keeps_what_is_finished(page):
    show(page, "company-policies")
    button(page, "Run").click()
    page.get_by_text(re.compile("Embedding .* of .* chunks")).wait_for()
    button(page, "Cancel").click()
    page.get_by_text("Cancelled; what is finished is kept.").wait_for()
    expect(button(page, "Run")).to_be_enabled()

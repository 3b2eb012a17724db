"""The Judge page as its users work with it: by keyboard, two raters, a passage selected, a chunker changed under their labels."""

import json
import os
import re
import subprocess
import sys
from statistics import median

import pytest

from retrieval import judging
from tests.browser.looking import metric, settled

STOPWATCH = """() => {
    window.painted = []; window.card = null;
    let pressed = null;
    const host = () => [...document.querySelectorAll("[class*='st-key-reader'] *")].find((element) => element.shadowRoot);
    document.addEventListener("keydown", () => { pressed = performance.now(); }, true);
    const look = () => {
        const name = host()?.shadowRoot.querySelector("#text")?.dataset.name;
        if (name && name !== window.card) {
            const began = window.card === null ? null : pressed;
            window.card = name;
            requestAnimationFrame(() => { if (began !== null) window.painted.push(performance.now() - began); });
        }
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.fixture
def judge(page):
    """Open the Judge page over a corpus as a rater."""

    def open_page(rater, corpus, **parameters):
        rest = "".join(f"&{name}={value}" for name, value in parameters.items())
        page.goto(f"/judge?corpus={corpus}{rest}")
        page.get_by_role("textbox", name="Your name").fill(rater)
        page.get_by_role("button", name="Start judging").click()
        page.locator("#text").wait_for()
        settled(page)
        return page

    return open_page


DONE = "You have judged all"


def press(page, key):
    """Press a key and wait for the next card, or for the end of the pool."""
    before = page.evaluate("window.painted.length")
    page.keyboard.press(key)
    page.wait_for_function(f"window.painted.length > {before} || document.body.innerText.includes({DONE!r})")


def words_of(place, corpus):
    """What every rater says last in the sets of a corpus, as the database has it."""
    sets, store = judging.QuerySets(place / "home"), judging.JudgmentStore(place / "home")
    return [word for record in sets.records(corpus) for word in store.latest(record.key)]


def test_fifty_cards_by_keyboard(judge, place):
    page = judge("Speed", "parts-catalogue")
    page.evaluate(STOPWATCH)
    page.wait_for_function("window.card !== null")
    grades = 0
    while page.evaluate("window.painted.length") < 50:
        if page.get_by_text(DONE).count():
            press_enter(page)
        else:
            press(page, str(grades % 4))
            grades += 1
    times = page.evaluate("window.painted")
    print(f"key press to the next card painted, {len(times)} cards: median {median(times):.0f} ms, slowest {max(times):.0f} ms")
    assert len([word for word in words_of(place, "parts-catalogue") if word.rater == "Speed"]) == grades


def press_enter(page):
    """From the end of a pool to the next query."""
    before = page.evaluate("window.painted.length")
    page.keyboard.press("Enter")
    page.wait_for_function(f"window.painted.length > {before}")


SHARED = ("note-03", "note-11", "note-17")


def shown(page):
    """The document that is on the card."""
    return re.search(r"note-\d\d", page.locator("#text").get_attribute("data-name"))[0]


def judge_all(page, grade_of):
    """Grade every card by key until the pool is judged; returns the documents in the order in which they came."""
    page.evaluate(STOPWATCH)
    page.wait_for_function("window.card !== null")
    seen = []
    while not page.get_by_text(DONE).count():
        seen.append(shown(page))
        press(page, str(grade_of(seen[-1])))
    return seen


def evaluated(place, *options):
    """What `playground evaluate` says of the set, on documents."""
    command = [sys.executable, "-m", "retrieval.cli", "evaluate", str(place / "corpora" / "harbour"), "--query-set", "Shipped"]
    environment = {**os.environ, "PLAYGROUND_HOME": str(place / "home"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [*command, "--level", "documents", "--json", *options], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    scores = {
        stage: {name: value for name, value in given.items() if "_ms" not in name} for stage, given in found["stages"].items()
    }
    return found["chunks"], scores


def indexes(place):
    """The chunks that are built of the corpus, a folder for each chunker."""
    return sorted(place.glob("home/indexes/harbour/chunks-*/manifest.json"))


def test_two_raters_disagree_on_three_and_a_new_chunker_loses_nothing(judge, place):
    own = {f"note-{number:02}": number % 4 for number in range(1, 21)}
    other = own | {document: (own[document] + 2) % 4 for document in SHARED}
    page = judge("Ann", "harbour")
    first = judge_all(page, own.get)
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("textbox", name="Your name").fill("Ben")
    page.keyboard.press("Enter")
    page.get_by_text(DONE).wait_for(state="detached")
    page.locator("#text").wait_for()
    page.mouse.click(640, 880)
    settled(page)
    second = judge_all(page, other.get)
    assert sorted(first) == sorted(second) == sorted(own)
    assert first != second
    said = {(word.rater, word.document_id): word.grade for word in words_of(place, "harbour")}
    assert said == {("Ann", id): grade for id, grade in own.items()} | {("Ben", id): grade for id, grade in other.items()}
    page.get_by_role("radio", name="Agreement").click()
    page.get_by_text("Krippendorff's alpha").first.wait_for()
    settled(page)
    assert set(re.findall(r"note-\d\d", page.locator("[data-testid=stMain]").inner_text())) == set(SHARED)
    assert metric(page, "Disagreements") == "3"
    chunks, before = evaluated(place)
    built = indexes(place)
    page.get_by_role("radio", name="Judge", exact=True).click()
    page.get_by_text(DONE).wait_for()
    settled(page)
    page.get_by_role("button", name="Pool").click()
    page.get_by_role("combobox", name="Chunker").click()
    page.get_by_role("option", name="fixed size").click()
    page.get_by_text(DONE).wait_for()
    settled(page)
    assert len(indexes(place)) == len(built) + 1
    more, after = evaluated(place, "--chunker", "fixed size")
    assert len(indexes(place)) == len(built) + 1
    assert more > chunks
    assert after == before
    assert {(word.rater, word.document_id): word.grade for word in words_of(place, "harbour")} == said


SELECTED = """[...document.querySelectorAll("*")].find((one) => one.shadowRoot?.querySelector("#text"))
    .shadowRoot.getSelection().toString()"""


def word_of(page, place, rater):
    """The rater's only word in force, which the key pressed just now may still be on its way to give."""
    for _ in range(100):
        words = [word for word in words_of(place, "harbour") if word.rater == rater]
        if words:
            [word] = words
            return word
        page.wait_for_timeout(100)
    raise AssertionError(f"{rater} has given no word within ten seconds")


def test_a_selected_passage_is_graded_and_keys_wait_while_somebody_types(judge, place):
    page = judge("Cleo", "harbour")
    page.evaluate(STOPWATCH)
    page.wait_for_function("window.card !== null")
    document, text = shown(page), page.locator("#text").inner_text()
    box = page.locator("#text").bounding_box()
    page.mouse.move(box["x"] + 90, box["y"] + 26)
    page.mouse.down()
    page.mouse.move(box["x"] + 330, box["y"] + 26, steps=5)
    selected = page.evaluate(SELECTED)
    page.mouse.up()
    page.get_by_text("The next grade is for the").get_by_text("selected characters").wait_for()
    settled(page)
    page.keyboard.press("n")
    page.get_by_role("textbox", name="Note").wait_for()
    page.wait_for_function("document.activeElement?.getAttribute('aria-label')?.startsWith('Note')")
    page.keyboard.type("0123 sx", delay=20)
    settled(page)
    assert [word for word in words_of(place, "harbour") if word.rater == "Cleo"] == []
    page.keyboard.press("Enter")
    settled(page)
    press(page, "3")
    word = word_of(page, place, "Cleo")
    assert (word.document_id, word.grade, word.note) == (document, 3, "0123 sx")
    assert text[word.start : word.end] == selected
    assert len(selected) > 10
    before = shown(page)
    page.keyboard.press("s")
    page.wait_for_function(f"!window.card.includes('{before}')")
    page.keyboard.press("z")
    page.wait_for_function(f"window.card.includes('{document}')")
    assert [word for word in words_of(place, "harbour") if word.rater == "Cleo"] == []
    settled(page)
    page.keyboard.press("x")
    assert word_of(page, place, "Cleo").cant_tell

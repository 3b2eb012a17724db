"""The weight slider of the page Tune in a browser: from the moment it is let go to the curve and its point painted anew.

    python benchmarks/tune_slider.py                         the 62 queries of a sample corpus
    python benchmarks/tune_slider.py --collection FOLDER     the judged queries of a BEIR folder; 300 of them are the target's

Needs Playwright and a Chromium. The app runs in a process of its own, the browser beside it. Index and searches are kept in
PLAYGROUND_HOME, or else in the system's folder for temporary files, so that a second run starts at once.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from browsing import chromium
from tables import HEADER, p50_p95, parser, row

from retrieval.cli.serving import served

SAMPLE = "parts-catalogue"
WARM_UP = 3
SETTLE_MS = 700
# Resolves to the milliseconds from letting go to the frame after the one in which the point stands at the slider's value.
MEASURE = """
() => { window.measured = new Promise(resolve => window.addEventListener("pointerup", released => {
  const slider = document.querySelector("[class*='st-key-weight'] input");
  const look = () => {
    const plot = document.querySelector("[class*='st-key-curve'] .js-plotly-plot");
    const painted = plot && Math.abs(plot.data.at(-1).x[0] - Number(slider.getAttribute("aria-valuetext"))) < 1e-9;
    requestAnimationFrame(painted ? () => resolve(performance.now() - released.timeStamp) : look);
  };
  look();
}, { capture: true, once: true })); }
"""


def ready(page) -> None:
    """Build and search what is missing, until the curve is there."""
    curve = page.locator("[class*='st-key-curve'] .js-plotly-plot")
    needed = page.locator("[class*='st-key-offer'] button, [class*='st-key-search'] button")
    while not curve.count():
        if needed.count():
            needed.first.click()
        page.wait_for_timeout(1_000)
    page.wait_for_timeout(2 * SETTLE_MS)


def moves(page, count: int) -> list[float]:
    """Seconds of so many moves to random places."""
    places, seconds = random.Random(0), []
    for _ in range(WARM_UP + count):
        track = page.locator("[class*='st-key-weight'] [role=group] > div").bounding_box()
        at = float(page.locator("[class*='st-key-weight'] input").get_attribute("aria-valuetext"))
        height = track["y"] + track["height"] / 2
        page.mouse.move(track["x"] + track["width"] * at, height)
        page.mouse.down()
        page.mouse.move(track["x"] + track["width"] * places.uniform(0.02, 0.98), height, steps=6)
        page.evaluate(MEASURE)
        page.mouse.up()
        seconds.append(page.evaluate("window.measured") / 1000.0)
        page.wait_for_timeout(SETTLE_MS)
    return seconds[WARM_UP:]


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--moves", type=int, default=40)
    options = arguments.parse_args()
    name = options.collection.resolve().name if options.collection else SAMPLE
    home = os.environ.get("PLAYGROUND_HOME") or str(Path(tempfile.gettempdir()) / "playground-benchmarks")
    with tempfile.TemporaryDirectory() as folder:
        if options.collection:
            (Path(folder) / name).symlink_to(options.collection.resolve())
        environment = {"PLAYGROUND_HOME": home, "PLAYGROUND_CORPORA": folder, "HF_HUB_OFFLINE": "1"}
        with chromium() as browser, served(environment) as app:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(600_000)
            page.goto(f"{app.address}/tune?corpus={name}&fusion=min-max")
            ready(page)
            queries = page.get_by_text("choose ·").inner_text().split(" choose")[0]
            seconds = moves(page, options.moves)
    p50, p95 = p50_p95(seconds)
    print(HEADER)
    print(row(f"slider released to curve and point repainted, {queries}, p50", f"{p50:.0f} ms", "", None, "< 250 ms", p50 < 250))
    print(row("the same, p95", f"{p95:.0f} ms", "", None, "", None))


if __name__ == "__main__":
    main()

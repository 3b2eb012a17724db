"""A corpus to judge: twenty short notes for one query, and ten long ones on something else, which a chunker cuts."""

import json

QUERY = "crane inspection at the berth"
SHORT = [f"Crane inspection note {number}: the crane at berth {number} was looked at, {detail}." for number, detail in enumerate(
    ("rope", "hook", "brake", "rail", "motor", "cabin", "boom", "trolley", "winch", "lamp",
     "sheave", "buffer", "bogie", "cable", "panel", "ladder", "horn", "gauge", "spreader", "sensor"), start=1)]  # fmt: skip
STEP = "Recipe {number}, step {step}: stir the soup of pumpkin and lentils, then rest it for {step} minutes."
LONG = [" ".join(STEP.format(number=number, step=step) for step in range(1, 40)) for number in range(1, 11)]


def write_judged(folder):
    """As a BEIR folder with the query and no judgment."""
    folder.mkdir(parents=True)
    rows = [{"_id": f"note-{number:02}", "title": "", "text": text} for number, text in enumerate(SHORT, start=1)]
    rows += [{"_id": f"recipe-{number:02}", "title": "", "text": text} for number, text in enumerate(LONG, start=1)]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": QUERY}) + "\n")

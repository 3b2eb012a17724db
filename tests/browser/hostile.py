"""A corpus whose documents and queries try to be more than text."""

import json

SCRIPT = "<script>document.title='pwned'</script>"
IMAGE = "<img src=x onerror=\"document.title='pwned'\">"
MARKDOWN = "**stars** `code` $x^2$ :smile: :material/home: :red[red] [link](javascript:alert(1)) --flag -> a~b~c"

DOCUMENTS = [
    {"_id": "h1", "title": f"{SCRIPT} relay", "text": f"{IMAGE} the relay {MARKDOWN}"},
    {"_id": "h2", "title": "Relay <b>two</b>", "text": "A sealed relay for wash-down."},
    {"_id": "h3", "title": "Pump", "text": "Hosing down the pump is allowed."},
]
QUERY = f"relay {IMAGE} <b>bold</b> :smile:"


def write_hostile(folder):
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in DOCUMENTS))
    queries = [{"_id": "q1", "text": QUERY, "class": "mixed"}, {"_id": "q2", "text": "sealed relay", "class": SCRIPT}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\th1\t3\nq1\th2\t1\nq2\th2\t3\n")

"""Who imports whom, read from the source; and what importing the library loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("text", "stop_words", "sparse", "dense", "chunking", "readers", "fusion", "embedders", "rerankers")
SHARED = ("types", "errors", "hub")
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "streamlit",
    "numba",
    "sklearn",
    "scipy",
    "pandas",
    "pyarrow",
    "plotly",
    "lingua",
    "pypdfium2",
    "mammoth",
    "pptx",
    "openpyxl",
    "docutils",
    "lxml",
    "yaml",
    "charset_normalizer",
    "tokenizers",
    "tree_sitter",
    "markdown_it",
    "sentencex",
}
OF_ONE_PART = {"text": "stop_words"}  # data of its own, in a file beside it


def imports_of(path):
    """What a file imports, at any depth: `from a import b` is both a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules(folder):
    """Dotted name of every module below `folder`, with its imports."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): imports_of(path) for path in paths}


LIBRARY, PAGES = modules("retrieval"), modules("pages")


def top(name):
    return name.partition(".")[0]


def test_the_files_were_read():
    assert len(LIBRARY) + len(PAGES) > 30
    assert {"retrieval", "retrieval.engine", "retrieval.sparse.index", "retrieval.embedders.lsa"} <= set(LIBRARY)
    assert len(PAGES) > 5
    assert "numpy" in LIBRARY["retrieval.engine"]
    assert "sentence_transformers" in LIBRARY["retrieval.embedders.sentence_transformer"]  # inside a function


def test_the_library_never_imports_the_app():
    for name, imports in LIBRARY.items():
        assert not {"streamlit", "plotly", "pages", "app"} & {top(imported) for imported in imports}, name


@pytest.mark.parametrize("part", PARTS)
def test_parts_never_import_one_another(part):
    own = {name: imports for name, imports in LIBRARY.items() if name.split(".")[1:2] == [part]}
    assert own
    for name, imports in own.items():
        used = {imported.split(".")[1] for imported in imports if imported.startswith("retrieval.")}
        assert used <= {part, *SHARED, OF_ONE_PART.get(part, part)}, name


def test_the_nouns_import_nothing_of_ours_but_errors():
    assert {name for name in LIBRARY["retrieval.types"] if name.startswith("retrieval")} <= {
        "retrieval.errors",
        "retrieval.errors.BadInput",
    }
    assert not {name for name in LIBRARY["retrieval.errors"] if name.startswith("retrieval")}


def test_what_a_page_needs_lies_beside_it():
    for name, imports in PAGES.items():
        page = name.split(".")[1]
        used = {imported.split(".")[1] for imported in imports if imported.startswith("pages.")}
        assert used <= {page, "common"}, name


def test_pages_use_the_library_by_its_face():
    face = {f"retrieval.{name}" for name in __import__("retrieval").__all__} | {"retrieval"}
    for name, imports in {**PAGES, "app": imports_of(ROOT / "app.py")}.items():
        assert {imported for imported in imports if top(imported) == "retrieval"} <= face, name


def test_charts_draw_without_streamlit():
    assert "streamlit" not in {top(imported) for imported in PAGES["pages.common.charts"]}


def test_caches_are_declared_in_one_place():
    for path in (ROOT / "pages").rglob("*.py"):
        if path.parent.name != "cached":
            assert "st.cache" not in path.read_text(encoding="utf-8"), path


def test_importing_the_library_loads_nothing_heavy():
    code = "import sys, time; start = time.perf_counter(); import retrieval; print(time.perf_counter() - start, *sys.modules)"
    seconds, *loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    print(f"import retrieval: {float(seconds):.2f} s")
    assert "retrieval.engine" in loaded
    assert not HEAVY & {top(name) for name in loaded}


def test_the_face_names_what_it_exports():
    face = __import__("retrieval")
    assert len(set(face.__all__)) == len(face.__all__)
    assert all(hasattr(face, name) for name in face.__all__)

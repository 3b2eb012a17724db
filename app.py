"""Retrieval Playground: page config, navigation, and the sentence where the database cannot be used; nothing else."""

from pathlib import Path

import streamlit as st

from retrieval import DatabaseUnavailable

HERE = Path(__file__).resolve().parent / "pages"

st.set_page_config(
    page_title="Retrieval Playground",
    page_icon=str(HERE / "common" / "icon.png"),  # a named icon would be fetched from the network
    layout="wide",
)
PAGES = [
    st.Page(HERE / "search" / "view.py", title="Search", icon=":material/search:", default=True),
    st.Page(HERE / "corpora" / "view.py", title="Corpora", icon=":material/library_books:", url_path="corpora"),
    st.Page(HERE / "judge" / "view.py", title="Judge", icon=":material/gavel:", url_path="judge"),
    st.Page(HERE / "evaluate" / "view.py", title="Evaluate", icon=":material/monitoring:", url_path="evaluate"),
    st.Page(HERE / "tune" / "view.py", title="Tune", icon=":material/tune:", url_path="tune"),
    st.Page(HERE / "experiments" / "view.py", title="Experiments", icon=":material/science:", url_path="experiments"),
]
page = st.navigation(PAGES, position="top")
try:
    page.run()
except DatabaseUnavailable as error:
    st.error(str(error), icon=":material/database_off:")

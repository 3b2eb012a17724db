"""Retrieval Playground: page config and navigation, nothing else."""

from pathlib import Path

import streamlit as st

ICON = Path(__file__).parent / "pages" / "common" / "icon.png"  # a named icon would be fetched from the network

st.set_page_config(page_title="Retrieval Playground", page_icon=str(ICON), layout="wide")
st.navigation([st.Page("pages/search/view.py", title="Search", icon=":material/search:", default=True)], position="top").run()

"""Retrieval Playground: page config and navigation, nothing else."""

import streamlit as st

st.set_page_config(page_title="Retrieval Playground", page_icon=":material/manage_search:", layout="wide")
st.navigation([st.Page("pages/search/view.py", title="Search", icon=":material/search:", default=True)], position="top").run()

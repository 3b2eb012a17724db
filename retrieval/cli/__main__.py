"""`python -m retrieval.cli`, which needs no installed command."""

from retrieval.cli import main

main()

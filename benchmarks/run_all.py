"""Every benchmark after the other, each in its own process; prints their tables.

python benchmarks/run_all.py
python benchmarks/run_all.py --collection FOLDER      with a BEIR folder for those that take one
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

NAMES = (
    "imports",
    "late_interaction",
    "slider",
    "indexing",
    "building",
    "opening",
    "fusion",
    "metrics",
    "tuning",
    "tune_slider",
    "bm25",
    "chunking",
)
WITH_COLLECTION = {"slider", "tune_slider", "indexing", "building", "opening", "tuning", "bm25", "chunking"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collection", help="a BEIR folder")
    given = parser.parse_args().collection
    failed = 0
    for name in NAMES:
        path = Path(__file__).with_name(f"{name}.py")
        if path.exists():
            print(f"\n## {name}\n", flush=True)
            options = ["--collection", given] if given and name in WITH_COLLECTION else []
            failed += subprocess.run([sys.executable, str(path), *options]).returncode != 0
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())

"""The time of `import retrieval` in fresh processes, beside that of sentence_transformers, and what it must not load.

    python benchmarks/imports.py

The two alternate. Each process times itself, so that the start of the interpreter does not count; both have their bytecode, in a
temporary folder, whatever the environment says about writing it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from statistics import median

from tables import HEADER, row

HEAVY = (
    "torch",
    "streamlit",
    "numba",
    "sklearn",
    "pandas",
    "sentence_transformers",
    "sqlalchemy",
    "pyarrow",
    "scipy",
    "transformers",
)
REPETITIONS = 7
PROBE = """
import sys, time
wall, cpu = time.perf_counter(), time.process_time()
import {module}
print(time.perf_counter() - wall, time.process_time() - cpu, *(name for name in {heavy} if name in sys.modules))
"""


def probe(module: str, bytecode: str) -> tuple[float, float, list[str]]:
    """Seconds by the clock, seconds of processor, and the heavy modules that came along."""
    code = PROBE.format(module=module, heavy=HEAVY)
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": bytecode}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    wall, cpu, *loaded = done.stdout.strip().splitlines()[-1].split()
    return float(wall), float(cpu), loaded


def main() -> None:
    modules = ("retrieval", "sentence_transformers")
    with tempfile.TemporaryDirectory() as bytecode:
        for module in modules:
            probe(module, bytecode)
        pairs = [[probe(module, bytecode) for module in modules] for _ in range(REPETITIONS)]
    loaded = sorted({name for ours, _ in pairs for name in ours[2]})
    print(HEADER)
    for at, name in enumerate(("by the clock", "processor time")):
        ours, peer = (median(pair[side][at] for pair in pairs) for side in (0, 1))
        target = ("< 0.3 s", ours < 0.3) if at == 0 else ("", None)
        print(
            row(f"`import retrieval`, peer sentence_transformers, {name}", f"{ours:.2f} s", f"{peer:.2f} s", peer / ours, *target)
        )
    print(row("heavy modules loaded", ", ".join(loaded) or "none", "", None, "none", not loaded))
    print(f"\nMedian of {REPETITIONS} fresh processes each. Heavy: {', '.join(HEAVY)}.")


if __name__ == "__main__":
    main()

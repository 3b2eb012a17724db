"""What `playground app` starts: app.py, out of a folder that has no folder `pages` beside it.

Beside one, Streamlit looks for pages of its older kind before app.py has run; the first deep link then gets "Page not found".
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
runpy.run_path(str(ROOT / "app.py"), run_name="__main__")

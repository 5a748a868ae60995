"""Serves the page of components until it is interrupted; nobody has to sign in."""

import logging
import sys
import tempfile
from pathlib import Path

from tests.browser.served import serve_minimal

logging.disable()
with tempfile.TemporaryDirectory() as folder, serve_minimal(Path(folder)) as site:
    print(f"Look at {site.url}/admin/components/, and press Enter to end it.", flush=True)
    sys.stdin.readline()

"""Every text of a screen exists in both languages: English is the msgid, Indonesian stands in the catalogue."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("polmas", "mapping", "fkpm", "patrol", "templates", "static/js", "locale", "manage.py")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A copy of the sources with its catalogues brought up to date, so that the checkout stays untouched."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = ROOT / name
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(source, copy / name)
    for domain in ("django", "djangojs"):
        command = [sys.executable, "manage.py", "makemessages", "-l", "id", "-d", domain, "--no-location", "--no-wrap"]
        subprocess.run(command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, check=True, capture_output=True)
    return copy / "locale/id/LC_MESSAGES"


@pytest.mark.parametrize("domain", ["django", "djangojs"])
@pytest.mark.parametrize("lack", ["--untranslated", "--only-fuzzy"])
def test_indonesian_is_complete(collected, domain, lack):
    command = ["msgattrib", lack, "--no-obsolete", "--no-wrap", str(collected / f"{domain}.po")]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = [line for line in found.stdout.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    assert not messages

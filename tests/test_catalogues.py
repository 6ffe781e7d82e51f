"""Every text of a screen exists in both languages: English is the msgid, Indonesian stands in the catalogue."""

import ast
import gettext
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


def test_no_text_hides_in_an_f_string_from_the_collecting(tmp_path):
    """xgettext looks into no f-string: what is translated in one has to stand in the catalogue all the same."""
    subprocess.run(["msgfmt", "-o", tmp_path / "id.mo", ROOT / "locale/id/LC_MESSAGES/django.po"], check=True)
    with (tmp_path / "id.mo").open("rb") as file:
        known = {key[0] if isinstance(key, tuple) else key for key in gettext.GNUTranslations(file)._catalog}
    texts = [text for app in ("polmas", "mapping", "fkpm", "patrol") for path in (ROOT / app).rglob("*.py") for text in hidden(path)]
    assert len(texts) > 10
    assert not [text for text in texts if text not in known]


def hidden(path):
    for string in ast.walk(ast.parse(path.read_text())):
        if isinstance(string, ast.JoinedStr):
            for call in ast.walk(string):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_" and isinstance(call.args[0], ast.Constant):
                    yield call.args[0].value

"""The mail server as the environment names it; docker-compose hands it on empty where nobody named one."""

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json
from polmas import settings as s
print(json.dumps([s.HAS_MAIL, s.EMAIL_BACKEND.split(".")[-2], s.EMAIL_HOST, s.EMAIL_HOST_PASSWORD, s.MAIL_ADDRESS]))
"""


@pytest.mark.parametrize(
    ("url", "sender", "told"),
    [
        ("", "", [False, "dummy", None, None, "polmas@polmas.example.id"]),
        (" ", " ", [False, "dummy", None, None, "polmas@polmas.example.id"]),
        ("smtp+tls://a:p%40ss@mail.example.id:587", "fkpm@example.id", [True, "smtp", "mail.example.id", "p@ss", "fkpm@example.id"]),
    ],
)
def test_without_a_mail_server_polmas_starts_and_mails_nothing(url, sender, told):
    environment = os.environ | {"EMAIL_URL": url, "MAIL_ADDRESS": sender, "PUBLIC_URL": "https://polmas.example.id"}
    answer = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    host = json.loads(answer.stdout)
    assert [value or None if place in (2, 3) else value for place, value in enumerate(host)] == told

"""Photos in a bucket: the settings that the environment makes, against a service that speaks as much of S3 as they need."""

import http.server
import os
import subprocess
import sys
import threading
import uuid

import pytest
from django.core.files.storage import storages

from patrol.models import Photo
from tests.patrol.items import file_report
from tests.patrol.pictures import jpeg, upload

ASK = """
from django.conf import settings
default = settings.STORAGES["default"]
print(default["BACKEND"], default.get("OPTIONS", {}).get("bucket_name"))
"""


class Bucket(http.server.BaseHTTPRequestHandler):
    """Objects by their path, for this test's requests."""

    objects: dict[str, bytes]

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        self.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, headers=[("ETag", '"x"')])

    def do_GET(self):
        kept = self.objects.get(self.path.split("?")[0])
        self.answer(404) if kept is None else self.answer(200, kept, [("ETag", '"x"'), ("Content-Type", "image/jpeg")])

    do_HEAD = do_GET  # noqa: N815

    def do_DELETE(self):
        self.objects.pop(self.path, None)
        self.answer(204)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def bucket():
    handler = type("Handler", (Bucket,), {"objects": {}})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, handler.objects
    server.shutdown()
    server.server_close()


def test_a_photo_lies_in_the_bucket_and_leaves_through_our_own_view_alone(cast, api, sign_in, bucket, settings, monkeypatch):
    port, objects = bucket
    options = {
        "bucket_name": "polmas",
        "endpoint_url": f"http://127.0.0.1:{port}",
        "region_name": "id-1",
        "access_key": "kunci",
        "secret_key": "rahasia",
        "addressing_style": "path",
        "default_acl": None,
        "file_overwrite": True,
    }
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
    monkeypatch.setattr(storages, "_backends", None, raising=False)
    report = file_report(cast.officer)
    path = f"/api/v1/reports/{report.uuid}/photos/"
    response = api(cast.officer).post(path, {"id": str(uuid.uuid4()), "file": upload(jpeg())}, format="multipart")
    assert response.status_code == 201, response.content
    assert len(objects) == 2  # the picture and its small one
    photo = Photo.objects.get()
    seen = sign_in(cast.officer).get(f"/foto/{photo.uuid}/")
    assert seen.status_code == 200
    assert seen.getvalue().startswith(b"\xff\xd8")
    assert sign_in(cast.colleague).get(f"/foto/{photo.uuid}/").status_code == 404


@pytest.mark.parametrize(
    ("bucket_name", "expected"), [("", "django.core.files.storage.FileSystemStorage None"), ("foto", "storages.backends.s3.S3Storage foto")]
)
def test_the_environment_chooses_the_storage(bucket_name, expected):
    env = {**os.environ, "S3_BUCKET": bucket_name, "S3_ENDPOINT_URL": "https://s3.example.org"}
    done = subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", ASK], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected

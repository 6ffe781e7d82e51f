"""The benchmark's own parts, at tiny sizes: the generator counts what is answered, pgbench's script inserts what polmas stores."""

import http.server
import itertools
import threading

import pytest
from django.db import connection

from patrol.models import Household, Opinion, Report, Visit
from tests.bench import bare, load, scene, table
from tests.patrol.items import file_report


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def port():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_generator_measures_each_unit_of_work(port):
    one = load.Request(load.request("POST", "/", body=b"x" * 70_000), (load.request("POST", "/", body=b"y"),))
    result = load.run(port, [itertools.repeat(one), iter([one] * 3)], seconds=0.3, warm_up=0, check=lambda answer: "" if b" 201 " in answer else "?")
    assert result.times
    assert not result.errors
    assert result.percentile(0.5) <= result.percentile(0.95)


def test_wrong_answers_are_told(port):
    result = load.run(port, [iter([load.Request(load.request("POST", "/", body=b"x"))])], seconds=0.1, warm_up=0, check=lambda answer: "wrong")
    assert result.errors == ["wrong"]


@pytest.mark.parametrize("number", [1, 5])
def test_pgbench_inserts_what_polmas_stores(cast, number):
    file_report(cast.officer, detail={"opinions": [{"kind": "KELUHAN", "text": "Lampu padam."}]})
    bare.keep_templates()
    sql = bare.script(number).split("BEGIN;\n")[1].split("COMMIT;")[0].replace(":n", "1")
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert {model.objects.count() for model in (Report, Visit, Opinion, Household)} == {1 + number}


def test_what_officers_send_is_taken(cast, api):
    officer = scene.Officer(cast.officer, "", "33.74.11.1004", 110.43, -7.06)
    answer = api(cast.officer).post("/api/v1/reports/", scene.item(officer, scene.Texts()))
    assert answer.status_code == 201, answer.content


def test_targets_are_floors_or_ceilings(capsys):
    assert table.Line("rate", 10, "/s", 9).is_met
    assert not table.Line("time", 10, "ms", 9, is_floor=False).is_met
    assert table.Line("size", 10, "B").is_met

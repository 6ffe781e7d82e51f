"""A mobile network between the phone and polmas: it can be gone, and it can lose answers after the server has done its work."""

import contextlib
import http.client
import http.server
import threading

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


class Network:
    """`up`, `down` (every connection is closed at once) and `lossy` (of what phones send, every third answer is lost)."""

    def __init__(self, port):
        self.port, self.state, self.sent, self.lost = port, "up", 0, 0
        self.has_new_version = False  # of polmas: the service worker is another one
        self.lock = threading.Lock()
        handler = type("Relay", (Relay,), {"network": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def loses(self, path) -> bool:
        """Whether this answer is lost on its way."""
        if self.state == "down":
            return True
        if self.state != "lossy" or not path.startswith("/api/v1/reports/"):
            return False
        with self.lock:
            self.sent += 1
            is_lost = self.sent % 3 == 0
            self.lost += is_lost
        return is_lost

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Relay(http.server.BaseHTTPRequestHandler):
    """Hands one request on and its answer back."""

    network: Network

    def relay(self):
        self.close_connection = True
        if self.network.state == "down":
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        if self.network.has_new_version:
            del headers["Accept-Encoding"]  # what is added below is added to plain text
        server = http.client.HTTPConnection("127.0.0.1", self.network.port, timeout=60)
        with contextlib.suppress(OSError, http.client.HTTPException):
            server.request(self.command, self.path, body, headers)
            answer = server.getresponse()
            content = answer.read()
            if self.network.has_new_version and self.path == "/sw.js":
                content += b"\n// another build"
            if not (self.command == "POST" and self.network.loses(self.path)):
                self.hand_back(answer, content)
        server.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = relay  # noqa: N815 (named by the library)

    def hand_back(self, answer, content):
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in {*HOP_BY_HOP, "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Quiet: the tests tell."""

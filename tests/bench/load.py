"""A lean closed-loop load generator: each of N clients holds one connection and sends its next request when the answer is there.

One thread and a selector, because the generator shares the machine with what it measures: a request costs it some 50 microseconds.
"""

import dataclasses
import selectors
import socket
import time
from collections.abc import Callable, Iterator

HEAD_END = b"\r\n\r\n"
ANSWER_TIMEOUT = 60  # seconds


@dataclasses.dataclass
class Result:
    """What one run saw: the time of each unit of work in seconds, and how long the run took as a whole."""

    times: list[float]
    seconds: float
    errors: list[str]
    clients: int

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")


@dataclasses.dataclass
class Request:
    """`rest` are the requests that follow on the same connection and belong to the same unit of work (a report, then its photo)."""

    data: bytes
    rest: tuple[bytes, ...] = ()


def request(method: str, path: str, token: str = "", body: bytes = b"", content_type: str = "application/json", cookie: str = "") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    if token:
        head.append(f"Authorization: Token {token}")
    if cookie:
        head.append(f"Cookie: {cookie}")
    if body:
        head += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + HEAD_END + body


class Client:
    """One connection: what it sends now, and what has come back of the answer."""

    def __init__(self, port: int, requests: Iterator[Request]):
        self.port, self.requests = port, requests
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def begin(self) -> bool:
        """Sends the next unit of work; False when there is none left."""
        following = next(self.requests, None)
        if following is None:
            return False
        self.started, self.queue = time.perf_counter(), list(following.rest)
        self.send(following.data)
        return True

    def send(self, data):
        self.got, self.wanted = bytearray(), 0
        self.socket.sendall(data)

    def receive(self) -> bytes | None:
        """The whole answer once it is there."""
        part = self.socket.recv(262144)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.got += part
        if not self.wanted and (end := self.got.find(HEAD_END)) >= 0:
            self.wanted = end + len(HEAD_END) + length_of(bytes(self.got[:end]))
        return bytes(self.got) if self.wanted and len(self.got) >= self.wanted else None


def length_of(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError(f"an answer without Content-Length: {head[:200]!r}")


def run(
    port: int, streams: list[Iterator[Request]], seconds: float, warm_up: float = 1.0, check: Callable[[bytes], str] = lambda answer: ""
) -> Result:
    """Runs one client per stream until the time is over. `check` gives what is wrong with an answer; the warm-up counts for nothing."""
    result = Result([], seconds, [], len(streams))
    selector = selectors.DefaultSelector()
    clients = [Client(port, stream) for stream in streams]
    start = time.perf_counter() + warm_up
    end = start + seconds
    for client in clients:
        if client.begin():
            selector.register(client.socket, selectors.EVENT_READ, client)
    while selector.get_map():
        ready = selector.select(ANSWER_TIMEOUT)
        if not ready:
            raise TimeoutError("no answer for a minute")
        for key, _events in ready:
            proceed(key.data, selector, result, start, end, check)
    return result


def proceed(client, selector, result, start, end, check) -> None:
    answer = client.receive()
    if answer is None:
        return
    now = time.perf_counter()
    wrong = check(answer)
    if wrong:
        result.errors.append(wrong)
    elif client.queue:
        client.send(client.queue.pop(0))
        return
    elif start <= now <= end:
        result.times.append(now - client.started)
    if b"\r\nConnection: close" in answer[:1000]:
        selector.unregister(client.socket)
        client.socket.close()
        client.connect()
        selector.register(client.socket, selectors.EVENT_READ, client)
    if now > end or not client.begin():
        selector.unregister(client.socket)
        client.socket.close()

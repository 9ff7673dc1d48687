"""A server that speaks as much of the Hugging Face hub's protocol as its client asks for."""

from __future__ import annotations

import hashlib
import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

_FILE = re.compile(r"/([\w.-]+/[\w.-]+)/resolve/main/(.+)")
_LISTING = re.compile(r"/api/models/([\w.-]+/[\w.-]+)(/.*)?")
_COMMIT = "0123456789abcdef0123456789abcdef01234567"
_CHUNK = 256 * 1024


class LocalHub:
    """Serves ``folder/<owner>/<model>/<file>``; remembers the ranges that it was asked for.

    ``delay`` is slept, in seconds, before each 256 KiB; ``announce`` replaces a file's SHA-256.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.delay = 0.0
        self.announce: str | None = None
        self.ranges: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def put(self, repository: str, name: str, content: bytes) -> None:
        path = self.folder / repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def __enter__(self) -> LocalHub:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(hub: LocalHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            if found := _FILE.fullmatch(self.path):
                self._file(hub.folder / found[1], found[2], with_body=with_body)
            elif found := _LISTING.fullmatch(self.path.partition("?")[0]):
                self._listing(hub.folder / found[1], tree=bool(found[2]))
            else:
                self._error("RepoNotFound")

        def _file(self, repository: Path, name: str, *, with_body: bool) -> None:
            path = repository / name
            if not path.is_file():
                self._error("EntryNotFound" if repository.is_dir() else "RepoNotFound")
                return
            content = path.read_bytes()
            start = 0
            if asked := self.headers.get("Range"):
                hub.ranges.append(asked)
                start = int(asked.removeprefix("bytes=").split("-")[0])
            self.send_response(206 if start else 200)
            self.send_header("ETag", f'"{hub.announce or hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", _COMMIT)
            if start:
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            for at in range(start, len(content) if with_body else 0, _CHUNK):
                time.sleep(hub.delay)
                self.wfile.write(content[at : at + _CHUNK])

        def _listing(self, repository: Path, *, tree: bool) -> None:
            if not repository.is_dir():
                self._error("RepoNotFound")
                return
            files = sorted(path for path in repository.iterdir() if path.is_file())
            answer: Any = [
                {"type": "file", "path": path.name, "size": path.stat().st_size, "oid": _COMMIT}
                for path in files
            ]
            if not tree:
                answer = {"id": repository.name, "siblings": [{"rfilename": p.name} for p in files]}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _error(self, code: str) -> None:
            self.send_response(404)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the tests' output clean."""

    return Handler

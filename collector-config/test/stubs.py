"""Receivers that stand in for a SIEM, on the loopback address. They keep every byte they are sent."""

import gzip
import json
import socket
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class HttpStub:
    """An HTTP server that keeps bodies and answers as its subclass says."""

    def __init__(self):
        stub = self
        self.lock = threading.Lock()
        self.bodies = []
        self.requests = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def body(self):
                if self.headers.get("Transfer-Encoding", "") == "chunked":
                    data = b""
                    while size := int(self.rfile.readline().strip(), 16):
                        data += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                else:
                    data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                return gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data

            def answer(self):
                data = self.body().decode()
                status, reply = stub.reply(self.command, self.path, self.headers, data)
                encoded = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            do_GET = do_POST = do_HEAD = answer

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def text(self):
        with self.lock:
            return "\n".join(self.bodies)


class HecStub(HttpStub):
    """Splunk's HTTP Event Collector. Answers that it is busy at first, so that a sender without retries loses findings."""

    def __init__(self, token, busy):
        self.token = token
        self.busy = busy
        self.events = []
        super().__init__()

    def reply(self, method, path, headers, body):
        with self.lock:
            self.requests.append(f"{method} {path}")
            if headers.get("Authorization") != f"Splunk {self.token}":
                return 403, {"text": "Invalid token", "code": 4}
            if self.busy:
                self.busy -= 1
                return 503, {"text": "Server is busy", "code": 9}
            self.bodies.append(body)
            decoder, at = json.JSONDecoder(), 0
            body = body.strip()
            while at < len(body):
                event, at = decoder.raw_decode(body, at)
                self.events.append(event)
                while at < len(body) and body[at].isspace():
                    at += 1
            return 200, {"text": "Success", "code": 0}


class ElasticsearchStub(HttpStub):
    """
    Elasticsearch's bulk API: documents by their ids; what is there already is a conflict. The first request's documents are taken, but
    its answer says that they are not, so that their sender brings them again.
    """

    def __init__(self, key, lost):
        self.key = key
        self.lost = lost
        self.documents = {}
        self.indices = set()
        self.conflicts = 0
        super().__init__()

    def reply(self, method, path, headers, body):
        with self.lock:
            self.requests.append(f"{method} {path}")
            if headers.get("Authorization") != f"ApiKey {self.key}":
                return 401, {"error": {"type": "security_exception"}, "status": 401}
            *index, endpoint = path.split("?")[0].strip("/").split("/")
            if endpoint != "_bulk":
                return 200, {"version": {"number": "9.2.0", "build_flavor": "default"}, "tagline": "You Know, for Search"}
            self.bodies.append(body)
            lines = body.splitlines()
            items = [self.item(json.loads(action), json.loads(document), index) for action, document in zip(lines[::2], lines[1::2])]
            if self.lost:
                self.lost -= 1
                return 503, {"error": {"type": "unavailable_shards_exception"}, "status": 503}
            return 200, {"took": 1, "errors": any("error" in result for item in items for result in item.values()), "items": items}

    def item(self, action, document, index):
        ((name, target),) = action.items()
        index = target.get("_index", "/".join(index))
        result = {"_index": index, "_id": target["_id"], "status": 201}
        if target["_id"] in self.documents:
            self.conflicts += 1
            reason = f"[{target['_id']}]: version conflict, document already exists (current version [1])"
            result |= {"status": 409, "error": {"type": "version_conflict_engine_exception", "reason": reason}}
        else:
            self.documents[target["_id"]] = document
            self.indices.add(index)
        return {name: result}


class SyslogStub:
    """Syslog over TCP in frames with their length in front (RFC 6587, 3.4.1)."""

    def __init__(self):
        stub = self
        self.lock = threading.Lock()
        self.messages = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while True:
                    length = b""
                    while (digit := self.rfile.read(1)).isdigit():
                        length += digit
                    if digit != b" ":
                        return
                    message = self.rfile.read(int(length)).decode()
                    with stub.lock:
                        stub.messages.append(message.rstrip("\n"))

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def text(self):
        with self.lock:
            return "\n".join(self.messages)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

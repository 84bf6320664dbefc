# SPDX-License-Identifier: Apache-2.0
"""A real server for the figures: the program on a port of 127.0.0.1 with `testing = true`, and its people through the
public API. Nothing here is Parley's own: any server of the same API could stand in."""
import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse

START_MAX_S = 600
STOP_MAX_S = 60
CALLERS = 4  # connections that set things up side by side
PASSWORD = "correct horse battery staple"  # of test/bench/gen.h, too
SCOPES = "read write follow push"


class Failed(Exception):
    """What stops a row, in one line."""


class Caller:
    """One kept-alive connection that asks and gets JSON."""

    def __init__(self, port):
        self.port = port
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method, path, form=None, token=None, expect=(200, 202)):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.http.request(method, path, body, headers)
            reply = self.http.getresponse()
            text = reply.read()
        except (OSError, http.client.HTTPException) as e:
            self.http.close()
            raise Failed(f"{method} {path}: {e}") from e
        if reply.status not in expect:
            raise Failed(f"{method} {path}: {reply.status} {text[:200]!r}")
        return json.loads(text) if text else None

    def status_of(self, path):
        """The status alone; 0 when nobody answers."""
        try:
            self.http.request("GET", path)
            reply = self.http.getresponse()
            reply.read()
            return reply.status
        except (OSError, http.client.HTTPException):
            self.http.close()
            return 0


class Server:
    def __init__(self, program, data, port, **settings):
        self.program, self.data, self.port, self.settings = str(program), pathlib.Path(data), port, settings
        self.child = None
        self.app = None

    def environment(self):
        ours = {"DATA": self.data, "LISTEN": f"127.0.0.1:{self.port}", "DOMAIN": f"localhost:{self.port}", "TESTING": "true"}
        ours |= {k.upper(): v for k, v in self.settings.items()}
        return os.environ | {f"PARLEY_{k}": str(v) for k, v in ours.items()}

    def start(self, path="/health"):
        """Gives the seconds until `path` was answered with 200."""
        self.data.mkdir(parents=True, exist_ok=True)
        log = open(self.data / "bench-server.log", "wb")
        began = time.monotonic()
        self.child = subprocess.Popen([self.program, "serve", "--data", str(self.data)], env=self.environment(),
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        caller = Caller(self.port)
        while caller.status_of(path) != 200:
            if self.child.poll() is not None:
                raise Failed(f"the server ended with {self.child.returncode}: see {self.data}/bench-server.log")
            if time.monotonic() - began > START_MAX_S:
                raise Failed(f"no answer at {path} after {START_MAX_S} s")
            time.sleep(0.001)
        caller.http.close()
        return time.monotonic() - began

    def wait_for_feed(self):
        """Until timelines are in memory, as the server says in its log; the seconds it took by its own count."""
        while True:
            for line in (self.data / "bench-server.log").read_text(errors="replace").splitlines():
                if "timelines are in memory after" in line:
                    return int(line.partition("in memory after ")[2].split(" ")[0]) / 1000
            if self.child.poll() is not None:
                raise Failed("the server ended before its timelines were in memory")
            time.sleep(0.05)

    def stop(self):
        """TERM, so that it keeps its snapshot; KILL when it does not end."""
        child, self.child = self.child, None
        if child is None:
            return
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(STOP_MAX_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    @property
    def pid(self):
        return self.child.pid

    def rss_kib(self):
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS:")))

    def caller(self):
        return Caller(self.port)

    def each(self, work, items):
        """Runs work(caller, item) for all items over a few connections; gives the results in order."""
        items = list(items)
        callers = [self.caller() for _ in range(CALLERS)]
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
            def part(k):
                return [work(callers[k], x) for x in items[k::CALLERS]]
            parts = list(pool.map(part, range(CALLERS)))
        out = [None] * len(items)
        for k, results in enumerate(parts):
            out[k::CALLERS] = results
        return out

    def _app(self):
        if self.app is None:
            c = self.caller()
            self.app = c.ask("POST", "/api/v1/apps", {"client_name": "bench", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
                                                      "scopes": SCOPES})
            self.app["token"] = self._token(c, {"grant_type": "client_credentials"})
        return self.app

    def _token(self, caller, grant):
        form = {"client_id": self.app["client_id"], "client_secret": self.app["client_secret"], "scope": SCOPES, **grant}
        return caller.ask("POST", "/oauth/token", form)["access_token"]

    def sign_up(self, names):
        """New members: a list of (token, account id)."""
        app = self._app()

        def one(c, name):
            form = {"username": name, "email": f"{name}@mail.example", "password": PASSWORD, "agreement": "true",
                    "locale": "en", "date_of_birth": "1990-04-01"}
            token = c.ask("POST", "/api/v1/accounts", form, app["token"])["access_token"]
            return token, c.ask("GET", "/api/v1/accounts/verify_credentials", token=token)["id"]
        return self.each(one, names)

    def sign_in(self, emails):
        self._app()
        return self.each(lambda c, e: self._token(c, {"grant_type": "password", "username": e, "password": PASSWORD}), emails)

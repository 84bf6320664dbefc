#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends pictures, on every connection the next one when the last is made: bench_uploads.py PORT TOKENS CONNECTIONS. Ends with
TERM, and then prints how many were taken ({"taken", "busy", "failed"}: made; 503, too many at once; anything else). Runs
at the lowest priority: who sends uploads has a machine of their own."""
import http.client
import json
import os
import pathlib
import random
import signal
import struct
import sys
import threading
import time
import zlib

WIDTH, HEIGHT, PICTURES = 1600, 1200, 8


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(seed):
    """Slopes with a little noise: neither flat nor incompressible, as photographs are."""
    dice = random.Random(seed)
    r, g, b = dice.randrange(1, 5), dice.randrange(1, 5), dice.randrange(1, 5)
    row = bytes(v for x in range(WIDTH) for v in (x * r & 255, x * g & 255, (x * b + dice.randrange(8)) & 255))
    rows = b"".join(b"\1" + row[i % 90 * 3:] + row[:i % 90 * 3] for i in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def body_of(bytes_):
    return (b'--b\r\nContent-Disposition: form-data; name="file"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n'
            + bytes_ + b"\r\n--b--\r\n")


def call(caller, method, path, headers, body=None):
    caller.request(method, path, body, headers)
    reply = caller.getresponse()
    return reply.status, reply.read()


def send_one(caller, token, body):
    """A client's way: what is answered 202 is asked for until it is there (206: not yet)."""
    who = {"Authorization": f"Bearer {token}"}
    status, said = call(caller, "POST", "/api/v2/media", {**who, "Content-Type": "multipart/form-data; boundary=b"}, body)
    while status in (202, 206):
        time.sleep(0.5)
        status, _ = call(caller, "GET", f"/api/v1/media/{json.loads(said)['id']}", who)
    return "taken" if status == 200 else "busy" if status == 503 else "failed"


def send(port, token, bodies, counts, lock):
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    dice = random.Random(token)
    while True:
        try:
            outcome = send_one(caller, token, dice.choice(bodies))
        except (OSError, http.client.HTTPException):
            caller.close()
            outcome = "failed"
        with lock:
            counts[outcome] += 1
        if outcome != "taken":
            time.sleep(0.1)


def main():
    port, tokens, connections = int(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text().split(), int(sys.argv[3])
    counts, lock = {"taken": 0, "busy": 0, "failed": 0}, threading.Lock()

    def end(*_):
        print(json.dumps(counts), flush=True)
        os._exit(0)

    os.nice(19)
    bodies = [body_of(picture(i)) for i in range(PICTURES)]
    signal.signal(signal.SIGTERM, end)
    for i in range(connections):
        threading.Thread(target=send, args=(port, tokens[i % len(tokens)], bodies, counts, lock), daemon=True).start()
    print("sending", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()

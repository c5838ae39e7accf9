"""Tries the running server by its own description: api_suite.py TALLY DEPLOYMENT.

Serves the sample deployment, signs in as an owner, makes an API key over HTTP, and lets
schemathesis send at least a hundred examples to every operation. Ends with its exit code.
"""

import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import time

EXAMPLES = os.environ.get("API_EXAMPLES", "100")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, method, path, body=None, headers=None):
    """One request; the answer's status, headers and JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = {"Host": f"localhost:{port}", "Accept": "application/json", **(headers or {})}
    data = None
    if body is not None:
        data = json.dumps(body)
        sent["Content-Type"] = "application/json"
    connection.request(method, path, data, sent)
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, answer.headers, json.loads(text) if text else None


def wait_for(port, server):
    for _ in range(600):
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("the server did not become ready")


def sign_in(port, email, password):
    """The headers of a signed-in person who has just confirmed who they are."""
    origin = {"Origin": f"http://localhost:{port}"}
    credentials = {"email": email, "password": password}
    status, headers, _ = ask(port, "POST", "/api/v1/session", credentials, origin)
    assert status == 200, f"sign-in answered {status}"
    cookie = headers["Set-Cookie"].split(";")[0]
    status, _, me = ask(port, "GET", "/api/v1/session", headers={"Cookie": cookie})
    assert status == 200, f"session answered {status}"
    signed = {"Cookie": cookie, "X-CSRF-Token": me["csrf"], **origin}
    status, headers, _ = ask(
        port, "POST", "/api/v1/session/confirm", {"password": password}, signed
    )
    assert status == 200, f"confirmation answered {status}"
    if headers["Set-Cookie"]:
        signed["Cookie"] = headers["Set-Cookie"].split(";")[0]
        _, _, me = ask(port, "GET", "/api/v1/session", headers=signed)
        signed["X-CSRF-Token"] = me["csrf"]
    return signed


def make_key(port, signed):
    wanted = {"name": "api suite", "scopes": ["read", "record", "money", "manage"], "days": 1}
    headers = {**signed, "Idempotency-Key": secrets.token_hex(8)}
    status, _, key = ask(port, "POST", "/api/v1/keys", wanted, headers)
    assert status in (200, 201), f"the key was answered {status}: {key}"
    return key["key"]


def main():
    tally, deployment = sys.argv[1:3]
    accounts = (pathlib.Path(deployment) / "demo-accounts.txt").read_text("utf-8")
    password = re.search(r"^(?:password|密码)[^:：]*[:：]\s*(\S+)", accounts, re.M).group(1)
    owner = re.search(r"(\S+@\S+).*\bowner\b", accounts).group(1)
    port = free_port()
    origin = f"http://localhost:{port}"
    words = ["--data", deployment, "serve", "--listen", f"127.0.0.1:{port}"]
    # The suite asks far more than a person would, from one address.
    words += ["--origin", origin]
    words += ["--rate-per-address", "10000000", "--rate-per-principal", "10000000"]
    server = subprocess.Popen([tally, *words], stdout=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        key = make_key(port, sign_in(port, owner, password))
        tester = pathlib.Path(sys.executable).with_name("st")
        answer = subprocess.run(
            [
                tester,
                "run",
                f"{origin}/api/v1/openapi.json",
                "--header",
                f"Authorization: Bearer {key}",
                "--max-examples",
                EXAMPLES,
                "--workers",
                "2",
                "--seed",
                "20261",
                "--request-timeout",
                "20",
                "--exclude-path-regex",
                "/live$",
            ],
            env={**os.environ, "SCHEMATHESIS_HOOKS": ""},
            check=False,
        )
        ended = server.poll()
        if ended is not None:
            sys.exit(f"the server ended with {ended} while it was tried")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    sys.exit(answer.returncode)


main()

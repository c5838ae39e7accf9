"""Tries the running server by its own description: api_suite.py TALLY DEPLOYMENT.

Serves the sample deployment, signs in as an owner, takes samples of what lies there over HTTP, and
lets schemathesis send at least a hundred examples to every operation (api_hooks.py: with whose key,
to which objects). Ends with its exit code, and fails too where an operation that can be reached
never answered with a success.
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
import tempfile
import time

EXAMPLES = os.environ.get("API_EXAMPLES", "100")
HERE = pathlib.Path(__file__).parent
ROLES = ["owner", "signatory", "negotiator", "finance", "operator", "annotator", "reviewer"]
ROLES += ["auditor"]

# Operations that need not succeed for a generated request: they want a secret, a signature or a
# code that only a person or a device has, files, a platform administrator, a deployment that is not
# set up.
UNREACHED = {
    "live",
    "accept_invitation",
    "change_password",
    "confirm",
    "confirm_totp",
    "confirm_with_passkey",
    "cosign",
    "deliver",
    "draw_sample",
    "end_provider_sign_in",
    "finish_passkey_sign_in",
    "get_platform",
    "get_signing",
    "inspect",
    "make_passkey",
    "print_credit_note",
    "remove_passkey",
    "remove_totp",
    "set_up",
    "sign",
    "sign_in_code",
    "start_link",
    "start_passkey_confirm",
    "start_provider_sign_in",
    "switch_organisation",
    # New terms, and steps that the sample's agreements have behind them or ahead of them; the tests
    # of the server and the walk of the sample do them.
    "act",
    "change_terms",
    "create_agreement",
    "issue_credit_note",
    "issue_invoice",
    "approve_statement",
    "object_to_statement",
    "submit_statement",
    "replay_delivery",
    "revoke_grant",
    # Word files, terms and playbooks that hold, and agreements that nobody has signed; the tests of
    # the server and the browser's scenarios bring them.
    "approve_finding",
    "sign_by_playbook",
    "draft_file",
    "drop_playbook",
    "get_playbook_text",
    "get_signed_file",
    "get_version_file",
    "keep_playbook",
    "offer_version",
    "redline_documents",
}

# What a refusal may be for input that matches the schema: who asks, what is not there, a state that
# forbids it, a value that is none (a cursor that was never given out, a day that no month has), too
# often. Never 400.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "422", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"]

# A browser stands there: it is sent to a page that says what was wrong.
[[operations]]
include-name = "GET /api/v1/oidc/{provider}/callback"
checks.negative_data_rejection.expected-statuses = ["302", "400", "404", "409", "422", "429"]
"""


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
    """Until the server answers; it writes to a log that is shown only should it fail."""
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


def take(port, key, path):
    """What a read answers, or nothing where this party may not read it."""
    proof = {"Authorization": f"Bearer {key}"}
    status, _, found = ask(port, "GET", "/api/v1" + path, headers=proof)
    return found if status == 200 else {}


def items(port, key, path, field):
    """The values of a field of a list, none twice."""
    rows = take(port, key, path).get("items", [])
    found = [row[field] for row in rows if row.get(field) is not None]
    return list(dict.fromkeys(found))


def samples(port, key, agreement):
    """What lies in an agreement, by the name of the path's parameter."""
    at = f"/agreements/{agreement}"
    return {
        "id": [agreement],
        "seq": items(port, key, f"{at}/entries?limit=20", "seq"),
        "size": items(port, key, f"{at}/checkpoints", "size"),
        "delivery": items(port, key, f"{at}/deliveries", "delivery"),
        "sha256": items(port, key, f"{at}/files", "sha256"),
        "number": items(port, key, f"{at}/invoices", "number"),
        "name": items(port, key, f"{at}/statements", "name"),
        "period": items(port, key, f"{at}/periods", "name"),
    }


def write(port, signed, path, body):
    """One write of the set-up."""
    headers = {**signed, "Idempotency-Key": secrets.token_hex(8)}
    status, _, answer = ask(port, "POST", "/api/v1" + path, body, headers)
    assert status in (200, 201, 204), f"{path} answered {status}: {answer}"
    return answer


def spares(port, signed, agreement):
    """Things to be taken away again: some of each."""
    scopes = {"name": "spare", "scopes": ["read"], "days": 1}
    note = {"text": "a spare note", "visibility": "mine"}
    guest = {"roles": ["auditor"], "email": "spare@example.com"}
    keys = [write(port, signed, "/keys", scopes) for _ in range(2)]
    notes = [write(port, signed, f"/agreements/{agreement}/notes", note) for _ in range(2)]
    invited = [write(port, signed, "/invitations", guest) for _ in range(2)]
    hook = {"url": "https://example.com/tally"}
    hooks = [write(port, signed, "/webhooks", hook) for _ in range(2)]
    return keys, notes, invited, hooks


def prepare(port, emails, password):
    """Who asks, and what there is to ask for."""
    email, other, newcomer = emails
    guessed = sign_in(port, other, password)
    _, _, me = ask(port, "GET", "/api/v1/session", headers=sign_in(port, email, password))
    me = me["person"]["id"]
    write(port, sign_in(port, email, password), f"/people/{me}/roles", {"roles": ROLES})
    signed = sign_in(port, email, password)
    scopes = ["read", "record", "money", "manage"]
    made = write(port, signed, "/keys", {"name": "api suite", "scopes": scopes, "days": 1})
    key = made["key"]
    agreements = items(port, key, "/agreements", "id")
    assert len(agreements) == 4, f"the sample has {agreements}"
    keys, notes, invited, hooks = spares(port, signed, agreements[0])
    _, _, sessions = ask(port, "GET", "/api/v1/sessions", headers=signed)
    office = {
        "person": [id for id in items(port, key, "/people", "id") if id != me],
        "notice": items(port, key, "/notices", "id"),
        "key": [row["id"] for row in keys],
        "session": [row["id"] for row in sessions["items"] if not row["current"]],
        "token": [row["link"].rsplit("#", 1)[1] for row in invited],
        "invitation": [row["id"] for row in invited],
        "webhook": [row["id"] for row in hooks],
        "schema": ["fact", "action", "agreement", "event", "position"],
    }
    return {
        "key": key,
        "port": port,
        "credentials": {"email": email, "password": password},
        "newcomer": {"email": newcomer, "password": password},
        "guessed": guessed,
        "keep": [me, made["id"]],
        "office": office,
        "notes": [row["id"] for row in notes],
        "agreements": [samples(port, key, agreement) for agreement in agreements],
    }


def try_all(port, folder, prepared):
    """Runs schemathesis; its exit code and the answers to each operation."""
    (folder / "prepared.json").write_text(json.dumps(prepared), "utf-8")
    (folder / "schemathesis.toml").write_text(CONFIG, "utf-8")
    tester = pathlib.Path(sys.executable).with_name("st")
    words = [tester, "--config-file", folder / "schemathesis.toml", "run"]
    words += [f"http://localhost:{port}/api/v1/openapi.json"]
    words += ["--max-examples", EXAMPLES, "--workers", "1", "--seed", "20261"]
    words += ["--request-timeout", "60"]
    told = {"SCHEMATHESIS_HOOKS": "api_hooks", "API_SUITE": str(folder), "PYTHONPATH": str(HERE)}
    # The tester keeps one processor busy, and its threads share what is not made for that: two of
    # them with one thread each, each with a half.
    within, stream = "^/api/v1/agreements/", "/live$"
    halves = [
        ["--include-path-regex", within, "--exclude-path-regex", stream],
        ["--exclude-path-regex", within],
    ]
    running = []
    for number, half in enumerate(halves):
        said = (folder / f"said-{number}.txt").open("w+")
        env = {**os.environ, **told}
        tester = subprocess.Popen([*words, *half], env=env, cwd=folder, stdout=said, stderr=said)
        running.append((tester, said))
    codes = [tester.wait() for tester, _ in running]
    for _, said in running:
        said.seek(0)
        print(said.read())
    answered = {}
    for part in folder.glob("answered-*.json"):
        answered.update(json.loads(part.read_text("utf-8")))
    return max(codes), answered


def never_done(port, answered):
    """The operations that never succeeded, and those that were never asked."""
    _, _, document = ask(port, "GET", "/api/v1/openapi.json")
    names = [way["operationId"] for at in document["paths"].values() for way in at.values()]
    return [name for name in names if not any(s[0] == "2" for s in answered.get(name, {}))]


def main():
    tally, deployment = sys.argv[1:3]
    accounts = (pathlib.Path(deployment) / "demo-accounts.txt").read_text("utf-8")
    password = re.search(r"^(?:password|密码)[^:：]*[:：]\s*(\S+)", accounts, re.M).group(1)
    roles = ["owner", "auditor", "finance"]
    emails = [re.search(rf"(\S+@\S+)  {role}\b", accounts).group(1) for role in roles]
    port = free_port()
    words = ["--data", deployment, "serve", "--listen", f"127.0.0.1:{port}"]
    words += ["--origin", f"http://localhost:{port}"]
    # The suite asks far more than a person would. Each of its requests comes from an address of its
    # own, as a proxy would say, so that one with a wrong key locks out no other.
    words += ["--behind-proxy", "--rate-per-address", "10000000"]
    words += ["--rate-per-principal", "10000000"]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen([tally, *words], stdout=log, stderr=log)
        code, ended = 1, None
        try:
            wait_for(port, server)
            prepared = prepare(port, emails, password)
            code, answered = try_all(port, pathlib.Path(folder), prepared)
            ended = server.poll()
            never = never_done(port, answered) if ended is None else []
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
            log.seek(0)
            told = [line for line in log if " INFO" not in line]
            if code != 0:
                print("".join(told[-40:]))
    if ended is not None:
        sys.exit(f"the server ended with {ended} while it was tried")
    for name, counts in sorted(answered.items()):
        print(name, *(f"{status}:{counts[status]}" for status in sorted(counts)))
    print(len(answered), "operations,", sum(sum(c.values()) for c in answered.values()), "requests")
    print("never with success:", *never)
    unknown = sorted(set(never) - UNREACHED)
    if unknown:
        sys.exit(f"never answered with a success: {', '.join(unknown)}")
    sys.exit(code)


if __name__ == "__main__":
    main()

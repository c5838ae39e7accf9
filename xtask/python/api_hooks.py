"""How the API suite asks: with whose proof, to which objects, under which key (api_suite.py).

Every request has an Idempotency-Key and an address of its own. What was generated as a valid path
is mostly led to something that is there. The suite's own person, key and session are never the
object.
"""

import atexit
import json
import os
import pathlib
import random
import re
import secrets
import threading
import time
import zlib

import schemathesis
from api_suite import ask, sign_in
from schemathesis.core.parameters import ParameterLocation

FOLDER = pathlib.Path(os.environ["API_SUITE"])
PREPARED = json.loads((FOLDER / "prepared.json").read_text("utf-8"))
KEY = re.compile("[A-Za-z0-9_-]{1,64}")
COOKIE = "__Host-tally"
# What ends or changes the session that asks: these are asked with the key.
WITH_KEY = {"sign_out", "switch_organisation"}
# Where secrets are guessed, which locks an account out: asked with the session of another person.
GUESSES = {"confirm", "change_password", "confirm_totp", "remove_totp", "begin_totp"}
GUESSES |= {"start_passkey_confirm", "confirm_with_passkey", "make_passkey", "start_passkey"}
# A session may do what a person has to confirm for five minutes.
RENEWED = 200
PERIODS = sorted({name for each in PREPARED["agreements"] for name in each["period"]})
# Bodies that are more than of the right form, for what chance would never write.
BODIES = {
    "sign_in": [PREPARED["newcomer"]],
    "invite": [{"roles": ["reviewer"]}, {"roles": ["auditor"], "email": "guest@example.com"}],
    "make_webhook": [{"url": "https://example.com/tally"}],
    "grant": [{"roles": ["auditor"], "person": id} for id in PREPARED["office"]["person"]],
    "object_to_statement": [{"lines": [0], "reason": "price"}],
    "submit_statement": [{"period": period} for period in PERIODS],
    "issue_credit_note": [
        {"gross": {"amount": "1.00", "currency": "CNY"}, "reason": "error"},
    ],
    "record_payment": [
        {
            "payment": {
                "payment": f"bank-{number}",
                "by": "customer",
                "amount": {"amount": "1.00", "currency": "CNY"},
                "on": "2026-11-02",
                "towards": {"for": "open"},
            }
        }
        for number in range(40)
    ],
}
session = {"made": 0.0}

answered = {}
turns = {}
lock = threading.Lock()


def name_of(operation):
    return operation.definition.raw["operationId"]


def chance(case, of):
    """A number below `of` that is the same whenever the same case comes again."""
    seen = [case.method, case.path, case.path_parameters, case.query, repr(case.body)]
    return zlib.crc32(repr(seen).encode("utf-8", "replace")) % of


@schemathesis.auth(refresh_interval=None, retry_on=[])
class Proof:
    """The key for half of the requests, the session of the same person for the others."""

    def get(self, case, context):
        name = name_of(case.operation)
        with lock:
            turns[name] = turns.get(name, 0) + 1
            if name in WITH_KEY or turns[name] % 2:
                return "key"
        return PREPARED["guessed"] if name in GUESSES else signed()

    def set(self, case, data, context):
        if data == "key":
            case.headers["Authorization"] = "Bearer " + PREPARED["key"]
        else:
            case.cookies[COOKIE] = data["Cookie"].split("=", 1)[1]
            case.headers["X-CSRF-Token"] = data["X-CSRF-Token"]


def signed():
    """A session that was confirmed a short while ago; a new one when it grows old."""
    with lock:
        if time.monotonic() - session["made"] > RENEWED:
            who, port = PREPARED["credentials"], PREPARED["port"]
            session.update(sign_in(port, who["email"], who["password"]), made=time.monotonic())
            _, _, all = ask(port, "GET", "/api/v1/sessions", headers={"Cookie": session["Cookie"]})
            PREPARED["keep"] += [row["id"] for row in all["items"] if row["current"]]
        return session


def place(names, chosen):
    """Values for the names of a path, all of one agreement; nothing where there are none."""
    agreements = list(PREPARED["agreements"])
    chosen.shuffle(agreements)
    for agreement in agreements:
        known = {**PREPARED["office"], **agreement} if "id" in names else PREPARED["office"]
        if "id" in names and agreement is PREPARED["agreements"][0]:
            known = {**known, "note": PREPARED["notes"]}
        if all(known.get(name) for name in names):
            return {name: chosen.choice(known[name]) for name in names}
    return None


def is_valid(case, location):
    if case.meta is None:
        return True
    component = case.meta.components.get(location)
    return component is None or component.mode.is_positive


def lead(case):
    """Leads three of four valid paths to what is there, and none to what the suite needs."""
    names = list(case.path_parameters or {})
    if not names:
        return
    stateful = case.meta is not None and case.meta.phase.name.value == "stateful"
    if is_valid(case, ParameterLocation.PATH) and not stateful and chance(case, 4):
        chosen = random.Random(chance(case, 1 << 32))
        if name_of(case.operation) == "remove_invitation":
            found = {"token": chosen.choice(PREPARED["office"]["invitation"])}
        else:
            found = place(names, chosen)
        case.path_parameters.update(found or {})
    for name, value in case.path_parameters.items():
        if value in PREPARED["keep"]:
            case.path_parameters[name] = secrets.token_hex(16)


def fill(case):
    """Gives every third valid body a sense."""
    bodies = BODIES.get(name_of(case.operation))
    if bodies and is_valid(case, ParameterLocation.BODY) and chance(case, 3) == 0:
        case.body = random.Random(chance(case, 1 << 32)).choice(bodies)


@schemathesis.hook
def before_call(context, case, kwargs):
    fill(case)
    lead(case)
    # One that was left out or made wrong on purpose stays so.
    key = case.headers.get("Idempotency-Key")
    if isinstance(key, str) and KEY.fullmatch(key):
        case.headers["Idempotency-Key"] = secrets.token_hex(16)
    parts = [str(secrets.randbelow(250) + 1) for _ in range(3)]
    case.headers["X-Forwarded-For"] = ".".join(["10", *parts])


@schemathesis.hook
def after_call(context, case, response):
    with lock:
        counts = answered.setdefault(name_of(case.operation), {})
        status = str(response.status_code)
        counts[status] = counts.get(status, 0) + 1


@atexit.register
def tell():
    (FOLDER / f"answered-{os.getpid()}.json").write_text(json.dumps(answered), "utf-8")

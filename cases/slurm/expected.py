#!/usr/bin/env python3
"""What a bill must come to, computed from sacct's text alone, to be held against our own result.

    expected.py SACCT_TXT [EVENTS_TXT]

Reads the `sacct -X -P` and `sacctmgr -n -P show event` texts that month.sh writes and prints JSON.
Integers only; shares no code with the importer: GPUs come from AllocTRES, seconds from ElapsedRaw.
Clause: lease-3.1.1 (GPU-hours actually used), lease-6.2 (repair clock).
"""

import datetime
import json
import re
import sys

BILLABLE = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT"}
NOT_BILLABLE = {"NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "OUT_OF_MEMORY", "DEADLINE", "REQUEUED"}
OPEN = {"RUNNING", "SUSPENDED"}


def gpus_of(tres):
    """The number of GPUs; the untyped count includes the typed ones."""
    counts = dict(pair.split("=", 1) for pair in tres.split(",") if "=" in pair)
    if "gres/gpu" in counts:
        return int(counts["gres/gpu"])
    return sum(int(n) for name, n in counts.items() if name.startswith("gres/gpu:"))


def jobs_of(path):
    lines = open(path, encoding="utf-8").read().splitlines()
    columns = lines[0].split("|")
    for line in lines[1:]:
        row = dict(zip(columns, line.split("|"), strict=True))
        state = row["State"].split()[0]
        gpus, seconds = gpus_of(row["AllocTRES"]), int(row["ElapsedRaw"])
        if state not in BILLABLE | NOT_BILLABLE | OPEN | {"PENDING"}:
            sys.exit(f"unknown state {state} in {line}")
        yield {
            "job": row["JobID"],
            "account": row.get("Account", ""),
            "state": state,
            "start": row["Start"],
            "gpus": gpus,
            "seconds": seconds,
            "gpu_seconds": gpus * seconds,
            "billable": state in BILLABLE,
            "open": state in OPEN,
        }


def outages_of(path):
    form = "%Y-%m-%dT%H:%M:%S"
    for line in open(path, encoding="utf-8").read().splitlines():
        start, end, node, state, reason = line.split("|", 4)
        if not node:
            continue
        seconds = None
        if re.match(r"\d", end):
            begin = datetime.datetime.strptime(start, form)
            seconds = int((datetime.datetime.strptime(end, form) - begin).total_seconds())
        yield {"node": node, "state": state, "reason": reason, "start": start, "seconds": seconds}


def totals(jobs, key):
    sums = {}
    for job in jobs:
        sums[job[key]] = sums.get(job[key], 0) + job["gpu_seconds"]
    return dict(sorted(sums.items()))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    jobs = list(jobs_of(sys.argv[1]))
    ended = [job for job in jobs if not job["open"]]
    billable = [job for job in ended if job["billable"]]
    result = {
        "records": len(jobs),
        "held_gpus": sum(1 for job in jobs if job["gpus"] > 0),
        "billable_gpu_seconds": sum(job["gpu_seconds"] for job in billable),
        "not_billable_gpu_seconds": sum(j["gpu_seconds"] for j in ended if not j["billable"]),
        "open_jobs": [job["job"] for job in jobs if job["open"]],
        "billable_by_account": totals(billable, "account"),
        "ended_by_state": totals(ended, "state"),
        "jobs": jobs,
    }
    if len(sys.argv) == 3:
        result["outages"] = list(outages_of(sys.argv[2]))
    json.dump(result, sys.stdout, indent=2, sort_keys=True)
    print()


main()

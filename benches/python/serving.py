"""Serves one classifier in three ways on this machine and asks each as fast as answers come.

    python serving.py TALLY PACKAGE IMAGES [SECONDS]

TALLY is the binary, PACKAGE a package with one view (`centre`), IMAGES a folder of JPEG files. The
same ONNX file runs in all of them with two workers of one thread: `tally serve`; FastAPI under
uvicorn with onnxruntime and PIL; LitServe with the same code. Prints requests a second, p50, p99,
processor time of a request and peak memory at 1, 8 and 32 connections, and the share of what the
network alone does. On a machine with other work read the processor time. An answer that is no
success ends the run.
"""

import asyncio
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

CONNECTIONS = (1, 8, 32)
WORKERS = 2

PEER = '''
import io, json, os
import numpy as np
import onnxruntime
from PIL import Image

folder = os.environ["PACKAGE"]
manifest = json.load(open(folder + "/manifest.json"))
recipe = manifest["views"][0]["recipe"]
side, margin = recipe["side"], recipe["fit"]["centre"]["margin"]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1


def session():
    return onnxruntime.InferenceSession(folder + "/model.onnx", options)


def prepare(body):
    image = Image.open(io.BytesIO(body)).convert("RGB")
    wide, tall = image.size
    part = min(wide, tall) * side // (side + margin)
    left, top = (wide - part) // 2, (tall - part) // 2
    image = image.resize((side, side), Image.BICUBIC, (left, top, left + part, top + part))
    values = (np.asarray(image, np.float32) - recipe["mean"]) / recipe["scale"]
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def answer(network, body):
    given = network.run(["probabilities"], {"input": prepare(body)})[0][0]
    best = np.argsort(-given)[:5]
    return {"classes": [[manifest["classes"][i], float(given[i])] for i in best]}
'''

FASTAPI = PEER + '''
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

app = FastAPI()
network = session()


@app.post("/v1/classify")
async def classify(request: Request):
    body = await request.body()
    return await run_in_threadpool(answer, network, body)
'''

LITSERVE = PEER + '''
import base64
import litserve


class Peer(litserve.LitAPI):
    def setup(self, device):
        self.network = session()

    def decode_request(self, request):
        return base64.b64decode(request["image"])

    def predict(self, body):
        return answer(self.network, body)

    def encode_response(self, given):
        return given


if __name__ == "__main__":
    server = litserve.LitServer(Peer(), accelerator="cpu", workers_per_device=2)
    server.run(port=int(os.environ["PORT"]), host="127.0.0.1", log_level="error",
               generate_client_file=False)
'''

ALONE = PEER + '''
import sys, time
network = session()
body = open(sys.argv[1], "rb").read()
given = prepare(body)
for _ in range(5):
    network.run(["probabilities"], {"input": given})
until, count, begun = time.perf_counter() + float(sys.argv[2]), 0, time.process_time()
while time.perf_counter() < until:
    network.run(["probabilities"], {"input": given})
    count += 1
print(count / float(sys.argv[2]), 1e3 * (time.process_time() - begun) / count)
'''


def descendants(process):
    """The process and everything that it started."""
    found = [process]
    for child in pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found += descendants(int(child))
    return found


def peak(process):
    """Peak resident mebibytes of the process and its children together."""
    total = 0
    for one in descendants(process):
        status = pathlib.Path(f"/proc/{one}/status").read_text()
        total += int(status.split("VmHWM:")[1].split()[0])
    return total / 1024


def used(process):
    """Milliseconds of processor that the process and its children took so far."""
    ticks = 0
    for one in descendants(process):
        fields = pathlib.Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return 1e3 * ticks / os.sysconf("SC_CLK_TCK")


async def connection(port, path, bodies, until, times):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    at = 0
    while time.perf_counter() < until:
        head, body = bodies[at % len(bodies)]
        at += 1
        begun = time.perf_counter()
        writer.write(f"POST {path} HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        status = answer.split(b" ", 2)[1]
        length = answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]
        said = await reader.readexactly(int(length))
        if status != b"200":
            raise SystemExit(f"{status} {said[:200]}")
        times.append(time.perf_counter() - begun)
    writer.close()


async def load(port, path, bodies, connections, seconds):
    times, until = [], time.perf_counter() + seconds
    lines = [connection(port, path, bodies[at:] + bodies[:at], until, times)
             for at in range(connections)]
    await asyncio.gather(*lines)
    times.sort()
    return len(times) / seconds, times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3


def ready(port, path, body):
    head, content = body
    kind = head.split("content-type: ")[1].split("\r\n")[0]
    for _ in range(600):
        try:
            url = f"http://127.0.0.1:{port}{path}"
            request = urllib.request.Request(url, content, {"content-type": kind})
            return json.load(urllib.request.urlopen(request, timeout=10))
        except OSError:
            time.sleep(0.1)
    raise SystemExit("it does not answer")


def main():
    tally, package, images = sys.argv[1:4]
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 8.0
    files = [path.read_bytes() for path in sorted(pathlib.Path(images).rglob("*.jpg"))[:64]]
    raw = [(f"content-type: image/jpeg\r\ncontent-length: {len(body)}", body) for body in files]
    import base64
    coded = [json.dumps({"image": base64.b64encode(body).decode()}).encode() for body in files]
    coded = [(f"content-type: application/json\r\ncontent-length: {len(body)}", body)
             for body in coded]
    scratch = pathlib.Path(tempfile.mkdtemp())
    for name, text in (("fast", FASTAPI), ("lit", LITSERVE), ("alone", ALONE)):
        (scratch / f"{name}.py").write_text(text)
    image = scratch / "image.jpg"
    image.write_bytes(files[0])
    python, environ = sys.executable, dict(os.environ, PACKAGE=os.path.abspath(package))
    alone = [subprocess.Popen([python, "alone.py", str(image), "5"], cwd=scratch, env=environ,
                              stdout=subprocess.PIPE) for _ in range(WORKERS)]
    told = [[float(word) for word in one.communicate()[0].split()] for one in alone]
    limit, each = sum(rate for rate, _ in told), sum(cpu for _, cpu in told) / len(told)
    print(f"the network alone, {WORKERS} processes: {limit:.0f} images a second, "
          f"{each:.1f} ms of processor each")
    usage = ["--usage", str(scratch / "usage"), "--offline"]
    serve = [tally, "serve", package, "--workers", str(WORKERS), *usage, "--addr"]
    uvicorn = [python, "-m", "uvicorn", "fast:app", "--workers", str(WORKERS), "--log-level",
               "error", "--port"]
    contenders = [
        ("tally serve", [*serve, "127.0.0.1:9101"], 9101, "/v1/classify", raw),
        ("FastAPI", [*uvicorn, "9102"], 9102, "/v1/classify", raw),
        ("LitServe", [python, "lit.py"], 9103, "/predict", coded),
    ]
    print("server        connections  req/s   p50 ms   p99 ms  of limit   cpu ms  peak MiB")
    for name, words, port, path, bodies in contenders:
        environ["PORT"] = str(port)
        child = subprocess.Popen(words, cwd=scratch if name != "tally serve" else None,
                                 env=environ, stdout=subprocess.DEVNULL,
                                 start_new_session=True)
        try:
            ready(port, path, bodies[0])
            asyncio.run(load(port, path, bodies, 2, 2.0))
            for count in CONNECTIONS:
                before = used(child.pid)
                rate, middle, late = asyncio.run(load(port, path, bodies, count, seconds))
                print(f"{name:13} {count:11} {rate:6.0f} {middle:8.1f} {late:8.1f} "
                      f"{100 * rate / limit:8.0f} % "
                      f"{(used(child.pid) - before) / (rate * seconds):8.1f} "
                      f"{peak(child.pid):9.0f}", flush=True)
        finally:
            os.killpg(child.pid, signal.SIGTERM)
            child.wait()


if __name__ == "__main__":
    main()

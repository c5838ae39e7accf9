"""Holds what `tally` makes of photographs against what PIL makes of them.

    python parity.py TALLY PACKAGE IMAGES [COUNT]

TALLY is the binary, PACKAGE a package with one view (`centre`), IMAGES a folder of photographs (300
are taken, evenly spread). The same ONNX file answers: prepared by tally and run by ONNX Runtime and
by `rten`; prepared by PIL in one step as the package says (crop, then resize); and by PIL in the two
steps of torchvision's recipe on PIL images (shorter side to side + margin, then the middle), which
resizes by PIL itself. Prints how many photographs get the same class as in the first, and how far the
probability of that class differs. Nothing is asserted.
"""

import json
import pathlib
import statistics
import subprocess
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

TALLY, PACKAGE, IMAGES = sys.argv[1:4]
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 300

manifest = json.loads(pathlib.Path(PACKAGE, "manifest.json").read_text())
classes = manifest["classes"]
recipe = manifest["views"][0]["recipe"]
side, margin = recipe["side"], recipe["fit"]["centre"]["margin"]
session = onnxruntime.InferenceSession(str(pathlib.Path(PACKAGE, "model.onnx")))


def spread():
    found = sorted(path for path in pathlib.Path(IMAGES).rglob("*") if path.is_file())
    step = max(1, len(found) // COUNT)
    return [str(path) for path in found[::step][:COUNT]]


def by_tally(files, engine):
    """Probabilities of all classes, image by image."""
    rows = []
    for start in range(0, len(files), 100):
        words = [TALLY, "classify", PACKAGE, *files[start : start + 100], "--json"]
        words += ["--top", str(len(classes)), "--engine", engine, "--lang", "en"]
        said = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
        for answer in said["answers"]:
            given = {one["class"]: one["probability"] for one in answer["classes"]}
            rows.append([given[name] for name in classes])
    return np.array(rows)


def one_step(image):
    part = min(image.size) * side // (side + margin)
    left, top = (image.width - part) // 2, (image.height - part) // 2
    box = (left, top, left + part, top + part)
    return image.resize((side, side), Image.BICUBIC, box)


def two_steps(image):
    short = side + margin
    wide, tall = image.size
    if wide <= tall:
        size = (short, int(short * tall / wide))
    else:
        size = (int(short * wide / tall), short)
    image = image.resize(size, Image.BICUBIC)
    left, top = round((size[0] - side) / 2), round((size[1] - side) / 2)
    return image.crop((left, top, left + side, top + side))


def by_pil(files, prepare):
    rows = []
    for file in files:
        image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        values = (np.asarray(prepare(image), np.float32) - recipe["mean"]) / recipe["scale"]
        tensor = np.ascontiguousarray(values.transpose(2, 0, 1)[None])
        rows.append(session.run(["probabilities"], {"input": tensor})[0][0])
    return np.array(rows)


def main():
    files = spread()
    first = by_tally(files, "onnxruntime")
    best = first.argmax(axis=1)
    sure = first[np.arange(len(files)), best]
    print(f"{len(files)} photographs, against tally's preparation under ONNX Runtime")
    print(f"{'':44} {'same class':>12} {'median |dp|':>12} {'largest |dp|':>13}")
    others = [
        ("the same under rten", lambda: by_tally(files, "rten")),
        ("PIL, one step as the package says", lambda: by_pil(files, one_step)),
        ("PIL, two steps as torchvision's recipe", lambda: by_pil(files, two_steps)),
    ]
    for name, run in others:
        given = run()
        equal = int((given.argmax(axis=1) == best).sum())
        apart = np.abs(given[np.arange(len(files)), best] - sure)
        share = f"{equal}/{len(files)}"
        print(f"{name:44} {share:>12} {statistics.median(apart):12.6f} {apart.max():13.6f}")


main()

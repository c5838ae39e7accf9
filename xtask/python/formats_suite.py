"""Labelled data between tally and Datumaro: formats_suite.py TALLY FOLDER.

A seeded dataset is converted by tally into every format that Datumaro reads, and Datumaro must find
the same boxes; Datumaro writes the same dataset, and tally must find the same boxes. Prints a line a
format and fails with the boxes that differ.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

from datumaro.components.annotation import AnnotationType
from datumaro.components.dataset import Dataset
from PIL import Image

TALLY, FOLDER = sys.argv[1], Path(sys.argv[2])
CLASSES = ["cat", "dog", "traffic light"]
IMAGES, BOXES = 12, 60


def make(folder):
    """A COCO folder with real images."""
    chance = random.Random(20261122)
    (folder / "images" / "train").mkdir(parents=True)
    (folder / "annotations").mkdir()
    images, boxes = [], []
    for number in range(1, IMAGES + 1):
        size = chance.randrange(200, 800), chance.randrange(200, 800)
        name = f"{number:04}.jpg"
        Image.new("RGB", size).save(folder / "images" / "train" / name)
        images.append({"id": number, "file_name": name, "width": size[0], "height": size[1]})
    for number in range(1, BOXES + 1):
        image = images[chance.randrange(IMAGES - 1)]
        left, top = chance.randrange(0, 100), chance.randrange(0, 100)
        bbox = [left + chance.randrange(100) / 100, top, 40 + chance.randrange(100) / 100, 30]
        boxes.append(
            {
                "id": number,
                "image_id": image["id"],
                "category_id": chance.randrange(len(CLASSES)) + 1,
                "bbox": bbox,
                "area": bbox[2] * bbox[3],
                "iscrowd": 0,
                "segmentation": [],
            }
        )
    classes = [{"id": at + 1, "name": name} for at, name in enumerate(CLASSES)]
    data = {"images": images, "annotations": boxes, "categories": classes}
    path = folder / "annotations" / "instances_train.json"
    path.write_text(json.dumps(data))
    return folder


def tally(source, form, out):
    command = [TALLY, "--json", "convert", str(source), "--to", form, "--out", str(out), "--strict"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"tally: {' '.join(command)}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def theirs(path, form):
    """The boxes that Datumaro finds: stem, class and corners to four places."""
    dataset = Dataset.import_from(str(path), form)
    labels = dataset.categories()[AnnotationType.label]
    found = []
    for item in dataset:
        for one in item.annotations:
            if one.type == AnnotationType.bbox:
                corners = [round(value, 4) for value in (one.x, one.y, one.w, one.h)]
                found.append((Path(item.id).name, labels[one.label].name, *corners))
    return sorted(found)


def ours(path):
    """The boxes of a file of COCO."""
    found = []
    for file in sorted(Path(path).glob("annotations/*.json")):
        data = json.loads(file.read_text())
        stems = {one["id"]: Path(one["file_name"]).stem for one in data["images"]}
        names = {one["id"]: one["name"] for one in data["categories"]}
        for one in data["annotations"]:
            corners = [round(value, 4) for value in one["bbox"]]
            found.append((stems[one["image_id"]], names[one["category_id"]], *corners))
    return sorted(found)


def compare(what, want, have):
    near = len(want) == len(have) and all(
        a[:2] == b[:2] and all(abs(x - y) <= 0.011 for x, y in zip(a[2:], b[2:]))
        for a, b in zip(want, have)
    )
    if not near:
        lost, made = sorted(set(want) - set(have)), sorted(set(have) - set(want))
        sys.exit(f"{what}: {len(have)} of {len(want)} boxes; lost {lost[:5]}, made {made[:5]}")
    print(f"{what}: {len(have)} boxes alike")


def main():
    source = make(FOLDER / "source")
    want = ours(source)
    pictures = source / "images" / "train"
    for form, beside in [
        ("coco", "images/train"),
        ("voc", "JPEGImages"),
        ("yolo", "images/train"),
        ("cvat", "images"),
        ("datumaro", "images/train"),
    ]:
        out = FOLDER / f"ours-{form}"
        tally(source, form, out)
        (out / beside).mkdir(parents=True, exist_ok=True)
        for picture in pictures.iterdir():
            (out / beside / picture.name).write_bytes(picture.read_bytes())
        compare(f"tally to {form}, read by Datumaro", want, theirs(out, form))
    dataset = Dataset.import_from(str(source), "coco")
    for form, name in [
        ("coco", "coco"),
        ("voc", "voc"),
        ("yolo", "yolo"),
        ("cvat", "cvat"),
        ("datumaro", "datumaro"),
    ]:
        out = FOLDER / f"theirs-{form}"
        dataset.export(str(out), name, save_media=True)
        back = FOLDER / f"back-{form}"
        tally(out, "coco", back)
        compare(f"Datumaro to {form}, read by tally", want, ours(back))


main()

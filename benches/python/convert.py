"""The peers' conversion of boxes: convert.py TOOL FORMAT GOLD OUT.

Prints one JSON object: CPU and wall seconds without start-up and imports, CPU seconds of loading,
and the peak memory of the process. No image is read or written.
"""

import json
import pathlib
import shutil
import sys
import tempfile
import time

from peak import peak_mib

TOOL, FORM, GOLD, OUT = sys.argv[1:5]
if TOOL == "datumaro":
    from datumaro.components.dataset import Dataset
else:
    from hotcoco import COCO


def placed(folder):
    """The file where Datumaro looks for it, beside a folder of images, which is empty."""
    annotations = pathlib.Path(folder, "annotations")
    annotations.mkdir()
    pathlib.Path(folder, "images").mkdir()
    link = annotations / "instances_val.json"
    link.symlink_to(pathlib.Path(GOLD).resolve())
    return str(link)


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    folder = tempfile.mkdtemp()
    gold = placed(folder)
    cpu, wall = time.process_time(), time.perf_counter()
    if TOOL == "datumaro":
        data = Dataset.import_from(gold, "coco_instances")
        load_cpu = time.process_time() - cpu
        data.export(OUT, {"yolo": "yolo", "voc": "voc_detection"}[FORM], save_media=False)
    else:
        data = COCO(GOLD)
        load_cpu = time.process_time() - cpu
        getattr(data, f"to_{FORM}")(OUT)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    shutil.rmtree(folder)
    result = {"cpu": cpu, "wall": wall, "load_cpu": load_cpu, "peak_mib": peak_mib()}
    print(json.dumps({**result, "answer": ""}))


main()

"""The peers' conversion of boxes: convert.py TOOL FORMAT GOLD OUT.

Prints one JSON object: CPU and wall seconds without start-up and imports, CPU seconds of loading,
and the peak memory of the process. No image is read or written.
"""

import json
import shutil
import sys
import time

from peak import peak_mib

TOOL, FORM, GOLD, OUT = sys.argv[1:5]
if TOOL == "datumaro":
    from datumaro.components.dataset import Dataset
else:
    from hotcoco import COCO


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cpu, wall = time.process_time(), time.perf_counter()
    if TOOL == "datumaro":
        data = Dataset.import_from(GOLD, "coco_instances")
        load_cpu = time.process_time() - cpu
        data.export(OUT, {"yolo": "yolo", "voc": "voc_detection"}[FORM], save_media=False)
    else:
        data = COCO(GOLD)
        load_cpu = time.process_time() - cpu
        getattr(data, f"to_{FORM}")(OUT)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    result = {"cpu": cpu, "wall": wall, "load_cpu": load_cpu, "peak_mib": peak_mib()}
    print(json.dumps({**result, "answer": ""}))


main()

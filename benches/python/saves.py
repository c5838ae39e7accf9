"""The peers' evaluation of one image after the other: saves.py TOOL GOLD WORK.

Prints one JSON object: CPU and wall seconds without start-up and imports, CPU seconds of loading,
and the peak memory of the process. One threshold, one range of areas and no accumulation: the
least that gives the matches of an image.
"""

import contextlib
import io
import json
import sys
import time

from peak import peak_mib

TOOL, GOLD, WORK = sys.argv[1:4]
if TOOL == "pycocotools":
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
else:
    from faster_coco_eval import COCO
    from faster_coco_eval import COCOeval_faster as COCOeval


def main():
    cpu, wall = time.process_time(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        gold = COCO(GOLD)
        work = gold.loadRes(WORK)
        load_cpu = time.process_time() - cpu
        evaluation = COCOeval(gold, work, "bbox")
        evaluation.params.iouThrs = evaluation.params.iouThrs[:1]
        evaluation.params.areaRng = evaluation.params.areaRng[:1]
        evaluation.params.areaRngLbl = evaluation.params.areaRngLbl[:1]
        for image in gold.getImgIds():
            # As many classes as the image has on either side.
            boxes = gold.imgToAnns[image] + work.imgToAnns[image]
            evaluation.params.imgIds = [image]
            evaluation.params.catIds = sorted({box["category_id"] for box in boxes})
            if boxes:
                evaluation.evaluate()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    result = {"cpu": cpu, "wall": wall, "load_cpu": load_cpu, "peak_mib": peak_mib()}
    print(json.dumps({**result, "answer": ""}))


main()

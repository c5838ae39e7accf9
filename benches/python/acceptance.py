"""The peers' evaluation of boxes: acceptance.py TOOL GOLD WORK.

Prints one JSON object: CPU and wall seconds without start-up and imports, CPU seconds of loading,
the peak memory of the process, and the twelve figures as src/acceptance.rs writes them.
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
elif TOOL == "faster":
    from faster_coco_eval import COCO
    from faster_coco_eval import COCOeval_faster as COCOeval
else:
    from hotcoco import COCO, COCOeval


def main():
    cpu, wall = time.process_time(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        gold = COCO(GOLD)
        load = gold.loadRes if hasattr(gold, "loadRes") else gold.load_res
        work = load(WORK)
        load_cpu = time.process_time() - cpu
        evaluation = COCOeval(gold, work, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        evaluation.summarize()
    answer = " ".join(f"{float(figure):.6f}" for figure in evaluation.stats[:12])
    result = {"cpu": cpu, "wall": wall, "load_cpu": load_cpu, "peak_mib": peak_mib()}
    print(json.dumps({**result, "answer": answer}))


main()

import contextlib, hashlib, io, json, os, struct, sys, tempfile
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy.stats import beta
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
import krippendorff

request = json.load(sys.stdin)
answer = {}


def coco(gold, work):
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = os.path.join(folder, "gold.json")
        json.dump(gold, open(path, "w"))
        truth = COCO(path)
        run = COCOeval(truth, truth.loadRes(work), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return [None if value < 0 else float(value) for value in run.stats]


answer["coco"] = [coco(gold, work) for gold, work in request["coco"]]
answer["texts"] = [
    {
        "accuracy": accuracy_score(gold, work),
        "micro_f1": f1_score(gold, work, average="micro"),
        "macro_f1": f1_score(gold, work, average="macro"),
        "kappa": cohen_kappa_score(gold, work),
    }
    for work, gold in request["texts"]
]


def alpha(items):
    columns = list(map(list, zip(*items)))
    names = sorted({label for row in items for label in row if label})
    coded = [[float("nan") if v is None else names.index(v) for v in c] for c in columns]
    return krippendorff.alpha(reliability_data=coded, level_of_measurement="nominal")


answer["alpha"] = alpha(request["ratings"])
answer["alpha_whole"] = alpha(request["whole"])
answer["fleiss"] = fleiss_kappa(aggregate_raters(request["whole"])[0])
answer["bounds"] = [float(beta.ppf(0.05, k, n - k + 1)) for k, n in request["bounds"]]


def words(key):
    def rotate(v, n):
        return ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF

    def quarter(s, a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            s[z] = rotate(s[z] ^ s[x], n)

    block = 0
    while True:
        start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
        start += [block & 0xFFFFFFFF, block >> 32, 0, 0]
        s = start[:]
        for _ in range(10):
            for i in range(4):
                quarter(s, i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        out = struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(s, start)))
        yield from struct.unpack("<8Q", out)
        block += 1


draw = request["draw"]
text = b"tallystick sample seed v1\0" + bytes(draw["customer"]) + bytes(draw["vendor"])
stream = words(hashlib.sha256(text + draw["lot"].encode()).digest())
items = sorted(draw["items"], key=lambda item: item.encode())
for i in range(draw["count"]):
    left = len(items) - i
    word = next(stream)
    while word >= (1 << 64) // left * left:
        word = next(stream)
    j = i + word % left
    items[i], items[j] = items[j], items[i]
answer["draw"] = sorted(items[: draw["count"]], key=lambda item: item.encode())
print(json.dumps(answer))

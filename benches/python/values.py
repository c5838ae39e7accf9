"""The peer's way of finding amounts, dates, lengths of time and shares: values.py FILE..

Prints one JSON object: CPU milliseconds without start-up and imports, the peak memory of the
process, and how many of each kind were found.

LexNLP asks NLTK to cut sentences before it finds amounts, with data that NLTK fetches from the
network at run time; its own model, which it carries, cuts them here.
"""

import json
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import nltk.tokenize
from lexnlp.extract.en.dates import get_dates
from lexnlp.extract.en.durations import get_durations
from lexnlp.extract.en.money import get_money
from lexnlp.extract.en.percents import get_percents
from lexnlp.nlp.en.segments.sentences import SENTENCE_SEGMENTER_MODEL

nltk.tokenize.sent_tokenize = lambda text, language="english": SENTENCE_SEGMENTER_MODEL.tokenize(
    text
)

KINDS = {
    "money": get_money,
    "dates": get_dates,
    "durations": get_durations,
    "percents": get_percents,
}


def main():
    found = dict.fromkeys(KINDS, 0)
    begin = time.process_time()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        for kind, find in KINDS.items():
            found[kind] += sum(1 for _ in find(text))
    took = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"files": len(sys.argv) - 1, "cpu_ms": round(took * 1000), "peak_kib": peak}
    print(json.dumps(result | found))


main()

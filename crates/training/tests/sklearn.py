import json, sys
import numpy as np
from sklearn.metrics import (
    accuracy_score, f1_score, log_loss, precision_recall_fscore_support, precision_score,
    recall_score, roc_auc_score, top_k_accuracy_score,
)

answers = []
for case in json.load(sys.stdin):
    truth, rows = np.array(case["truth"]), np.array(case["rows"], dtype=np.float64)
    given, classes = rows.argmax(axis=1), list(range(rows.shape[1]))
    answer = {"accuracy": accuracy_score(truth, given)}
    for mean in ["macro", "micro", "weighted"]:
        for name, of in [("precision", precision_score), ("recall", recall_score), ("f1", f1_score)]:
            answer[f"{mean}_{name}"] = of(truth, given, average=mean, zero_division=0)
    each = precision_recall_fscore_support(truth, given, labels=classes, zero_division=0)
    answer["classes"] = [list(map(float, row)) for row in zip(*each)]
    curves = [
        roc_auc_score(truth == c, rows[:, c]) if 0 < (truth == c).sum() < len(truth) else None
        for c in classes
    ]
    answer["auroc"] = curves
    answer["log_loss"] = log_loss(truth, rows, labels=classes)
    two = len(classes) == 2
    answer["top2"] = 1.0 if two else top_k_accuracy_score(truth, rows, k=2, labels=classes)
    answers.append(answer)
print(json.dumps(answers))

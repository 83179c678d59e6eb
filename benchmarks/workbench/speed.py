"""Does with scikit-learn what `train` does on pooled activations, and tells how long it took.

Usage: speed.py POOLED.safetensors ROUNDS
For every layer and pooling: standardises, learns L2 logistic regression for five strengths on the training part, and takes
the AUROC on the validation part. Prints a line `sklearn SECONDS` per round, and the best AUROC. Needs numpy, safetensors
and scikit-learn. Reading the file is not counted.
"""

import sys
import time

import numpy as np
from safetensors.numpy import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1)  # of --learner logistic
LEAST_DEVIATION = 1e-3  # of the workbench's standardisation


def learn(tensors):
    y, truth = tensors["train.y"], tensors["validation.y"]
    best = (0, "", 0)
    for name in sorted(tensors):
        if not name.startswith("train.") or name == "train.y":
            continue
        x, held = tensors[name], tensors[name.replace("train.", "validation.", 1)]
        scaler = StandardScaler().fit(x)
        scaler.scale_ = np.maximum(scaler.scale_, LEAST_DEVIATION * np.sqrt(np.mean(np.square(x, dtype=np.float64))))
        x, held = scaler.transform(x), scaler.transform(held)
        for c in STRENGTHS:
            clf = LogisticRegression(C=c, max_iter=1000).fit(x, y)
            best = max(best, (roc_auc_score(truth, clf.decision_function(held)), name[6:], c))
    return best


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tensors = load_file(sys.argv[1])
    for _ in range(int(sys.argv[2])):
        begin = time.monotonic()
        auroc, place, strength = learn(tensors)
        print("sklearn", time.monotonic() - begin, flush=True)
        print(f"best {auroc:.5f} at {place}, C = {strength:g}", file=sys.stderr)


if __name__ == "__main__":
    main()

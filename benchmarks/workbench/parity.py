"""Compares the workbench's probes with scikit-learn's on the same activations.

Usage: parity.py TRAIN.csv TEST.csv POSITIVE PACK MODEL.onnx TOKENIZER.json OUT
The tables have the columns text and label; PACK's probe pools by mean. Needs numpy, safetensors and scikit-learn.
The imported probe is read once more on the spans of an application under the built agent (INNERSPAN_AGENT: its jar).
Exit code 1 when an AUROC differs by more than .002, or an imported probe's logit by more than 1e-5 of max(1, |logit|).

The workbench divides no dimension by a deviation below a thousandth of the activations' root mean square: what varies
less is rounding (MiniLM's last layer has dimensions that vary by 1e-9). StandardScaler does, and its probe then learns
from rounding; so scikit-learn is shown with both scalers, and held to the one with the same floor.
"""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import agent
import numpy as np
from safetensors.numpy import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

INNERSPAN = os.environ.get("INNERSPAN", pathlib.Path(__file__).resolve().parents[2] / "workbench" / "innerspan")
STRENGTH = 1e-2  # of evaluate --by-layer
AGENT_TEXTS = 200
LEAST_DEVIATION = 1e-3  # of the workbench's standardisation


def innerspan(*args):
    return subprocess.run([str(INNERSPAN), *map(str, args)], check=True, stdout=subprocess.PIPE, text=True).stdout


def labels(path, positive):
    with path.open(newline="") as file:
        return np.array([row["label"] == positive for row in csv.DictReader(file)])


def captured(path, model, tokenizer, places, out):
    words = [word for place in places for word in ("--hook-point", place)]
    innerspan("capture", "--model", model, "--tokenizer", tokenizer, "--data", path, "--text-column", "text",
              *words, "--pooling", "mean", "--out", out)
    return load_file(out)


def fitted(x, y, floor):
    scaler = StandardScaler().fit(x)
    scaler.scale_ = np.maximum(scaler.scale_, floor * np.sqrt(np.mean(np.square(x, dtype=np.float64))))
    clf = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-6).fit(scaler.transform(x), y)
    return scaler, clf


def main():
    if len(sys.argv) != 8:
        sys.exit(__doc__)
    train, test, _, pack, model, tokenizer, out = map(pathlib.Path, sys.argv[1:])
    positive = sys.argv[3]
    out.mkdir(parents=True, exist_ok=True)
    report = json.loads(innerspan(
        "evaluate", "--pack", pack, "--model", model, "--tokenizer", tokenizer, "--data", test, "--train", train,
        "--keep-duplicates",
        "--text-column", "text", "--label-column", "label", "--positive", positive,
        "--by-layer", "--latency-texts", 0, "--json"))
    if report["data"]["positive_rows"] + report["data"]["other_rows"] != report["data"]["rows"]:
        sys.exit("rows of the test table were left out: the tables share texts")
    layers = {layer["hook_point"]: layer["auroc"] for layer in report["by_layer"]}
    x = captured(train, model, tokenizer, layers, out / "train.safetensors")
    held = captured(test, model, tokenizer, layers, out / "test.safetensors")
    y, truth = labels(train, positive), labels(test, positive)
    worst, best = 0, (0,)
    print("| hook point | innerspan AUROC | scikit-learn AUROC | difference | scikit-learn without the floor |")
    print("|---|---|---|---|---|")
    begin = time.monotonic()
    for place, ours in layers.items():
        scaler, clf = fitted(x[place], y, LEAST_DEVIATION)
        theirs = roc_auc_score(truth, clf.decision_function(scaler.transform(held[place])))
        plain, without = fitted(x[place], y, 0)
        floorless = roc_auc_score(truth, without.decision_function(plain.transform(held[place])))
        worst = max(worst, abs(ours - theirs))
        best = max(best, (theirs, place, scaler, clf), key=lambda each: each[0])
        print(f"| `{place}` | {ours:.5f} | {theirs:.5f} | {ours - theirs:+.5f} | {floorless:.5f} |")
    print(f"scikit-learn fitted {2 * len(layers)} probes on {len(y)} rows in {time.monotonic() - begin:.1f} s", file=sys.stderr)
    _, place, scaler, clf = best
    rows = held[place][:64].astype(np.float64)
    (out / "sklearn.json").write_text(json.dumps({
        "coef": clf.coef_[0].tolist(), "intercept": float(clf.intercept_[0]),
        "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist(),
        "x": rows.tolist(), "logit": clf.decision_function(scaler.transform(rows)).tolist(),
        "hook_point": place, "pooling": "mean"}))
    shutil.rmtree(out / "pack", ignore_errors=True)
    innerspan("pack", "import", "sklearn", out / "sklearn.json", "--model", model, "--tokenizer", tokenizer,
              "--id", "parity", "--out", out / "pack")
    verified = json.loads(innerspan("pack", "verify", out / "pack", "--model", model, "--json"))
    golden = load_file(out / "pack" / "golden.safetensors")
    expected = clf.decision_function(scaler.transform(golden["parity.golden.x"].astype(np.float64)))
    logit = np.max(np.abs(golden["parity.golden.logit"] - expected) / np.maximum(1, np.abs(expected)))
    # What the grafted session read of the golden inputs, whose activations are the last of golden.x, in another order.
    live = np.sort(np.concatenate([value for name, value in golden.items() if name.endswith(".logit.parity")]))
    theirs = np.sort(expected[-len(live):])
    read = np.max(np.abs(live - theirs) / np.maximum(1, np.abs(theirs)))
    # Texts that no golden input holds, through an application's own session under the agent.
    splits = held["row_splits"]
    texts = [held["input_ids"][splits[i]:splits[i + 1]].tolist() for i in range(AGENT_TEXTS)]
    theirs = clf.decision_function(scaler.transform(held[place][:AGENT_TEXTS].astype(np.float64)))
    ours = np.array(agent.logits(out / "pack", "parity", model, texts))
    running = np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))
    print(f"\nworst difference of AUROC {worst:.5f}; imported probe's logits: {logit:.1e} of max(1, |logit|), "
          f"read by a grafted session: {read:.1e}, again {'right' if verified['right'] else 'WRONG'}, "
          f"read on {len(texts)} spans of the agent: {running:.1e}")
    sys.exit(0 if worst <= 0.002 and max(logit, read, running) <= 1e-5 and verified["right"] else 1)


if __name__ == "__main__":
    main()

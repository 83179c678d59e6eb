"""Trains and evaluates probes on public data with workbench/innerspan, and prints the table of docs/workbench-results.md.

Usage: quality.py DATA MODEL.onnx TOKENIZER.json OUT [TASK...]
DATA holds the files that data.py reads. OUT gets the tables, the packs and the reports; what is there is made again.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import data

INNERSPAN = os.environ.get("INNERSPAN", pathlib.Path(__file__).resolve().parents[2] / "workbench" / "innerspan")
TASKS = {"jailbreak": ("jailbreak", True), "toxicity": ("toxic", False), "sentiment": ("positive", False)}
SHOWN = ["tf_idf", "char_ngram_naive_bayes", "length", "difference_of_means", "random_direction", "label_shuffled"]


def innerspan(*args):
    begin = time.monotonic()
    result = subprocess.run([str(INNERSPAN), *map(str, args)], stdout=subprocess.PIPE, text=True)
    if result.returncode not in (0, 3):
        sys.exit(f"innerspan {args[0]}: exit code {result.returncode}")
    return result.stdout, result.returncode, time.monotonic() - begin


def columns(positive, grouped):
    words = ["--text-column", "text", "--label-column", "label", "--positive", positive]
    return words + (["--group-column", "family"] if grouped else [])


def run(model, tokenizer, out, tasks):
    reports = {}
    for task in tasks:
        positive, grouped = TASKS[task]
        pack = out / f"{task}-pack"
        shutil.rmtree(pack, ignore_errors=True)
        train = out / f"{task}-train.csv"
        _, _, seconds = innerspan(
            "train", "--data", train, *columns(positive, grouped), "--model", model,
            "--tokenizer", tokenizer, "--id", task, "--out", pack)
        print(f"{task}: trained in {seconds:.0f} s", file=sys.stderr)
        for where in ("same", "other"):
            text, code, seconds = innerspan(
                "evaluate", "--pack", pack, "--data", out / f"{task}-{where}.csv", "--train", train,
                *columns(positive, grouped), "--model", model, "--tokenizer", tokenizer,
                "--by-layer", "--slice-column", "source", "--gate", "--json")
            (out / f"{task}-{where}.json").write_text(text)
            reports[task, where] = json.loads(text)
            print(f"{task} on {where}: exit code {code} in {seconds:.0f} s", file=sys.stderr)
    return reports


def interval(report, name):
    return f"{report[name]:.3f} [{report[name + '_low']:.3f}, {report[name + '_high']:.3f}]"


def table(reports):
    lines = ["| | " + " | ".join(f"{task}, {where} source" for task, where in reports) + " |",
             "|---|" + "---|" * len(reports)]

    def row(title, value):
        lines.append(f"| {title} | " + " | ".join(value(report) for report in reports.values()) + " |")

    row("rows tested (positive + other)", lambda r: f"{r['data']['positive_rows']} + {r['data']['other_rows']}")
    row("left out: seen by the pack / in the training file",
        lambda r: f"{r['data']['excluded_seen_by_pack']} / {r['data']['excluded_in_train_file']}")
    row("probe reads", lambda r: f"{r['pack']['hook_point'].split('.')[1]}, {r['pack']['pooling']}")
    row("**probe AUROC**", lambda r: "**" + interval(r, "auroc") + "**")
    for name in SHOWN:
        row(f"`{name}` AUROC", lambda r: interval(r["baselines"][name], "auroc"))
    row("best baseline", lambda r: f"`{r['best_baseline']}`")
    row("probe − best baseline", lambda r: interval(r, "difference_to_best_baseline"))
    row("gate", lambda r: "passed" if r["gate"] else "shut")
    row("probe PR-AUC", lambda r: interval(r, "pr_auc"))
    for rate in ("0.01", "0.001"):
        row(f"TPR at {rate} FPR", lambda r: tpr(r["tpr_at_fpr"][rate]))
    row("at the threshold: TPR / FPR", lambda r: f"{r['threshold']['tpr']['value']:.3f} / {r['threshold']['fpr']['value']:.3f}")
    row("ECE", lambda r: f"{r['ece']:.3f}")
    row("Brier", lambda r: f"{r['brier']:.3f}")
    row("AUROC by layer", lambda r: " ".join(f"{layer['auroc']:.3f}" for layer in r["by_layer"]))
    return "\n".join(lines)


def tpr(point):
    if not point["certified"]:
        return f"refused: n = {point['benign_n']} certify {100 * point['fpr_bound']:.2f} %"
    return f"{point['tpr']:.3f} [{point['tpr_low']:.3f}, {point['tpr_high']:.3f}]"


def main():
    if len(sys.argv) < 5 or not set(sys.argv[5:]) <= set(TASKS):
        sys.exit(__doc__)
    folder, model, tokenizer, out = map(pathlib.Path, sys.argv[1:5])
    data.tables(folder, out)
    print(table(run(model.resolve(), tokenizer.resolve(), out, sys.argv[5:] or TASKS)))


if __name__ == "__main__":
    main()

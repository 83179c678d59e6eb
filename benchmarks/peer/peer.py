"""Runs all-MiniLM-L6-v2 in PyTorch, with or without hooks, in blocks as it is told.

    peer.py MODEL.onnx CHECK.safetensors [PACK]

Says "ready" once its output, and what its hooks read, equal what CHECK holds of ONNX Runtime. Then
each line "batch sequence threads runs" of standard input is answered by each run's nanoseconds.
"""

import sys
import time

import torch

import files
from bert import Bert
from signals import HookedModel

HEADS = 12
OUTPUT_TOLERANCE = 1e-4
READING_TOLERANCE = 1e-3
READING = "reading."


def require_equal(what, expected, actual, tolerance):
    allowed = tolerance * expected.abs().clamp(min=1)
    difference = (actual - expected).abs()
    if actual.shape != expected.shape or not bool((difference <= allowed).all()):
        worst = float(difference.max()) if actual.shape == expected.shape else "another shape"
        sys.exit(f"peer.py: {what}: expected what ONNX Runtime gives, found it off by {worst}")


def check(model, path):
    expected = files.safetensors(path)
    ids, mask = expected["input_ids"], expected["attention_mask"]
    output = model(ids, mask, torch.zeros_like(ids))
    real = mask.bool()
    require_equal("output", expected["output"][real], output[real], OUTPUT_TOLERANCE)
    readings = model.run.readings if isinstance(model, HookedModel) else {}
    found = {READING + name for name in readings}
    wanted = {name for name in expected if name.startswith(READING)}
    if found != wanted:
        missing, others = sorted(wanted - found), sorted(found - wanted)
        sys.exit(f"peer.py: signals: expected those of ONNX Runtime, without {missing}, but {others}")
    for name, reading in readings.items():
        require_equal(name, expected[READING + name], reading, READING_TOLERANCE)


def block(model, batch, sequence, runs):
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(1000, 30000, (batch, sequence), generator=generator)
    mask, types = torch.ones_like(ids), torch.zeros_like(ids)
    model(ids, mask, types)  # Others had the caches: not counted.
    nanos = []
    for _ in range(runs):
        begin = time.perf_counter_ns()
        model(ids, mask, types)
        nanos.append(time.perf_counter_ns() - begin)
    return nanos


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    with torch.inference_mode():
        model = Bert(files.onnx_weights(sys.argv[1]), HEADS)
        if len(sys.argv) > 3:
            model = HookedModel(model, sys.argv[3])
        check(model, sys.argv[2])
        print("ready", flush=True)
        for line in sys.stdin:
            batch, sequence, threads, runs, session = map(int, line.split())
            if (threads, session) != (1, 0):
                sys.exit(f"peer.py: expected 1 thread and session 0, found {threads} and {session}")
            print(*block(model, batch, sequence, runs), flush=True)


if __name__ == "__main__":
    main()

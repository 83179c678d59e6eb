"""A probe pack's signals, computed by forward hooks."""

import json
import math
import os

import torch

import files
from features import SaeFeatures
from probes import AttentionProbe, LinearProbe, MlpProbe
from run import Run

STATISTICS = ["l2_norm", "mean", "sparsity", "kurtosis", "largest_share", "cosine_to_previous"]


class ActivationSummary:
    def __init__(self, signal, tensor):
        self.hook_point = signal["hook_point"]
        self.previous = signal.get("previous")
        self.statistics = [name for name in STATISTICS if name in signal["statistics"]]

    def read(self, x, run):
        squares = x.square()
        total = squares.sum(dim=-1)
        norm = total.sqrt()
        root = math.sqrt(x.shape[-1])
        columns = []
        for statistic in self.statistics:
            if statistic == "l2_norm":
                columns.append(norm)
            elif statistic == "mean":
                columns.append(x.mean(dim=-1))
            elif statistic == "sparsity":
                columns.append((root - x.abs().sum(dim=-1) / norm) / (root - 1))
            elif statistic == "kurtosis":
                centred = (x - x.mean(dim=-1, keepdim=True)).square()
                columns.append(centred.square().mean(dim=-1) / centred.mean(dim=-1).square())
            elif statistic == "largest_share":
                columns.append(squares.amax(dim=-1) / total)
            else:
                previous = run.outputs[self.previous]
                columns.append((x * previous).sum(dim=-1) / (norm * previous.norm(dim=-1)))
        return run.mean(torch.stack(columns, dim=-1))


class AttentionSummary:
    def __init__(self, signal, tensor):
        self.hook_point = signal["hook_point"]

    def read(self, pattern, run):
        positions = torch.arange(pattern.shape[-1], dtype=torch.float32)
        distances = (positions[:, None] - positions[None, :]).abs()
        entropy = torch.special.entr(pattern).sum(dim=-1)
        first = run.at(run.first, pattern.permute(0, 3, 1, 2))
        distance = (pattern * distances).sum(dim=-1)
        statistics = torch.cat([entropy, first, distance], dim=1)
        return run.mean(statistics.transpose(1, 2))


class OutputConfidence:
    def __init__(self, signal, tensor):
        if signal["position"]["kind"] != "last" or "disagreement" in signal:
            raise ValueError(f"confidence: expected the last token's alone, found {signal}")
        self.hook_point = signal["hook_point"]
        self.temperature = signal["temperature"]

    def read(self, logits, run):
        probabilities = (run.at(run.last, logits) / self.temperature).softmax(dim=-1)
        two = probabilities.topk(2, dim=-1).values
        entropy = torch.special.entr(probabilities).sum(dim=-1)
        return torch.stack([two[:, 0], two[:, 0] - two[:, 1], entropy], dim=-1)


class PopulationDistance:
    """The squared Mahalanobis distance, of a covariance of low rank and a rest."""

    def __init__(self, signal, tensor):
        self.hook_point = signal["hook_point"]
        self.kind = signal["pooling"]["kind"]
        if self.kind not in ("mean", "cls", "last"):
            raise ValueError(f"pooling: expected one of activations, found {self.kind}")
        self.mean = tensor(signal["mean"])
        self.components = tensor(signal["components"]).t().contiguous()
        self.rest = 1 / signal["residual_variance"]
        self.weights = 1 / tensor(signal["variances"]) - self.rest

    def read(self, x, run):
        x = run.pooled(self.hook_point, self.kind, x) - self.mean
        along = (x @ self.components).square()
        return (along @ self.weights + x.square().sum(dim=-1) * self.rest)[:, None]


_KINDS = {
    "linear_probe": LinearProbe,
    "mlp_probe": MlpProbe,
    "attention_probe": AttentionProbe,
    "activation_summary": ActivationSummary,
    "attention_summary": AttentionSummary,
    "output_confidence": OutputConfidence,
    "population_distance": PopulationDistance,
}


def _signal(signal, tensor, folder):
    kind = signal["kind"]
    if signal.get("special_tokens", "include") != "include" or "mask" in signal:
        raise ValueError(f"{signal['id']}: expected all real tokens to take part")
    if kind == "sae_features":
        return SaeFeatures(signal, tensor, folder)
    if kind not in _KINDS:
        raise ValueError(f"kind of signal: expected one of this benchmark's, found {kind}")
    return _KINDS[kind](signal, tensor)


def _module(model, hook_point):
    if hook_point == "last_hidden_state":
        return model.encoder
    _, layer, place = hook_point.split(".", 2)
    block = model.encoder.layer[int(layer)]
    return block.attention.self.pattern if place == "attn.hook_pattern" else block


class HookedModel:
    """A model whose forward hooks compute the signals of a pack."""

    def __init__(self, model, folder):
        self.model = model
        with open(os.path.join(folder, "probe.json")) as file:
            manifest = json.load(file)
        opened = {}

        def tensor(reference):
            name = reference["file"]
            if name not in opened:
                opened[name] = files.safetensors(os.path.join(folder, name))
            return opened[name][reference["tensor"]]

        by_place = {}
        for signal in manifest["signals"]:
            made = _signal(signal, tensor, folder)
            by_place.setdefault(made.hook_point, []).append((signal["id"], made))
            previous = getattr(made, "previous", None)
            if previous:
                by_place.setdefault(previous, [])
        for hook_point, signals in by_place.items():
            _module(model, hook_point).register_forward_hook(self._hook(hook_point, signals))

    def _hook(self, hook_point, signals):
        def hook(module, arguments, output):
            self.run.outputs[hook_point] = output
            for name, signal in signals:
                self.run.readings[name] = signal.read(output, self.run)

        return hook

    def __call__(self, ids, mask, types):
        self.run = Run(mask)
        output = self.model(ids, mask, types)
        self.reading = torch.cat(list(self.run.readings.values()), dim=1)
        return output

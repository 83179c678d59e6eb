"""A probe pack's signals, computed by forward hooks."""

import json
import math
import os

import torch

import files

STATISTICS = ["l2_norm", "mean", "sparsity", "kurtosis", "largest_share", "cosine_to_previous"]


def _mean(values, mask):
    """The mean over the real tokens: values [rows, tokens, ...], mask [rows, tokens] of floats."""
    weights = mask / mask.sum(dim=1, keepdim=True)
    return torch.einsum("rt,rt...->r...", weights, values)


class Run:
    """What the hooks of one inference share."""

    def __init__(self):
        self.mask = None
        self.outputs = {}
        self.pooled = {}
        self.readings = {}

    def begin(self, mask):
        self.mask = mask.float()
        self.outputs.clear()
        self.pooled.clear()
        self.readings = {}

    def pool(self, hook_point, x):
        if hook_point not in self.pooled:
            self.pooled[hook_point] = _mean(x, self.mask)
        return self.pooled[hook_point]


class LinearProbe:
    def __init__(self, signal, tensor):
        if signal["pooling"]["kind"] != "mean":
            raise ValueError(f"pooling: expected mean, found {signal['pooling']}")
        self.hook_point = signal["hook_point"]
        self.weight = tensor(signal["weight"]).reshape(-1, 1)
        self.bias = tensor(signal["bias"]).reshape(())

    def read(self, x, run):
        return run.pool(self.hook_point, x) @ self.weight + self.bias


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
        return _mean(torch.stack(columns, dim=-1), run.mask)


class AttentionSummary:
    def __init__(self, signal, tensor):
        self.hook_point = signal["hook_point"]

    def read(self, pattern, run):
        positions = torch.arange(pattern.shape[-1], dtype=torch.float32)
        distances = (positions[:, None] - positions[None, :]).abs()
        entropy = torch.special.entr(pattern).sum(dim=-1)
        distance = (pattern * distances).sum(dim=-1)
        statistics = torch.cat([entropy, pattern[..., 0], distance], dim=1)
        return _mean(statistics.transpose(1, 2), run.mask)


class SaeFeatures:
    def __init__(self, signal, tensor, folder):
        if signal["scope"] != "pooled":
            raise ValueError(f"scope: expected pooled, found {signal['scope']}")
        with open(os.path.join(folder, signal["sae"]["config"]["file"])) as file:
            config = json.load(file)
        wanted = {
            "architecture": "topk",
            "normalize_activations": "none",
            "apply_b_dec_to_input": True,
            "rescale_acts_by_decoder_norm": False,
        }
        for option, value in wanted.items():
            if config[option] != value:
                raise ValueError(f"{option}: expected {value}, found {config[option]}")
        weights = files.safetensors(os.path.join(folder, signal["sae"]["weights"]["file"]))
        self.hook_point = signal["hook_point"]
        self.k = config["k"]
        self.top = signal["top"]
        self.encoder, self.decoder = weights["W_enc"], weights["W_dec"]
        self.encoder_bias, self.decoder_bias = weights["b_enc"], weights["b_dec"]

    def read(self, x, run):
        x = run.pool(self.hook_point, x)
        preactivations = (x - self.decoder_bias) @ self.encoder + self.encoder_bias
        values, indices = preactivations.topk(self.k, dim=-1)
        values = values.relu()
        acts = torch.zeros_like(preactivations).scatter(-1, indices, values)
        error = (x - acts @ self.decoder - self.decoder_bias).norm(dim=-1) / x.norm(dim=-1)
        active = (values > 0).sum(dim=-1)
        return torch.cat(
            [
                indices[:, : self.top].float(),
                values[:, : self.top],
                active[:, None].float(),
                error[:, None],
            ],
            dim=-1,
        )


def _signal(signal, tensor, folder):
    kind = signal["kind"]
    if kind == "linear_probe":
        return LinearProbe(signal, tensor)
    if kind == "activation_summary":
        return ActivationSummary(signal, tensor)
    if kind == "attention_summary":
        return AttentionSummary(signal, tensor)
    if kind == "sae_features":
        return SaeFeatures(signal, tensor, folder)
    raise ValueError(f"kind of signal: expected one of this benchmark's, found {kind}")


def _module(model, hook_point):
    _, layer, place = hook_point.split(".", 2)
    block = model.encoder.layer[int(layer)]
    return block.attention.self.pattern if place == "attn.hook_pattern" else block


class HookedModel:
    """A model whose forward hooks compute the signals of a pack."""

    def __init__(self, model, folder):
        self.model = model
        self.run = Run()
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
        self.run.begin(mask)
        output = self.model(ids, mask, types)
        self.reading = torch.cat(list(self.run.readings.values()), dim=1)
        return output

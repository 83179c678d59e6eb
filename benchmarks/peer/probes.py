"""Probes: linear ones of every pooling, MLPs and attention probes."""

import math

import torch

_OF_ACTIVATIONS = ("mean", "cls", "last")


def _max(logits, run):
    return run.only_real(logits, -math.inf).amax(dim=1)


def _top_k_mean(k):
    def pool(logits, run):
        most = min(k, logits.shape[1])
        counts = run.count.clamp(max=most)
        largest = run.only_real(logits, -math.inf).topk(most, dim=1).values
        taken = torch.arange(most) < counts[:, None]
        return largest.masked_fill(~taken, 0).sum(dim=1) / counts

    return pool


def _rolling_max(window):
    def pool(logits, run):
        width = min(window, logits.shape[1])
        sums = run.only_real(logits, 0).unfold(1, width, 1).sum(dim=2)
        means = sums / run.count.clamp(max=width)[:, None]
        return means.masked_fill(~run.windows(width), -math.inf).amax(dim=1)

    return pool


def _softmax(temperature):
    def pool(logits, run):
        weights = run.only_real(logits / temperature, -math.inf).softmax(dim=1)
        return (weights * logits).sum(dim=1)

    return pool


def _ema(alpha):
    def pool(logits, run):
        ages = torch.arange(logits.shape[1])
        ages = (ages[:, None] - ages[None, :]).float()
        factors = (alpha * (1 - alpha) ** ages).tril()
        averages = run.only_real(logits, 0) @ factors.t()
        return _max(averages, run)

    return pool


def _pooling(spec):
    """What makes one logit [rows] of the tokens' logits [rows, tokens]."""
    kind = spec["kind"]
    if kind == "max":
        return _max
    if kind == "top_k_mean":
        return _top_k_mean(int(spec["k"]))
    if kind == "rolling_max":
        return _rolling_max(int(spec["window"]))
    if kind == "softmax":
        return _softmax(spec["temperature"])
    if kind == "ema":
        return _ema(spec["alpha"])
    raise ValueError(f"pooling: expected one of this benchmark's, found {spec}")


class _Readout:
    """A direction and a bias, with a pooling before or after them."""

    def __init__(self, signal, tensor):
        self.weight = tensor(signal["weight"]).reshape(-1, 1)
        self.bias = tensor(signal["bias"]).reshape(())
        self.kind = signal["pooling"]["kind"]
        self.pool = None if self.kind in _OF_ACTIVATIONS else _pooling(signal["pooling"])

    def read(self, source, x, run):
        if self.pool is None:
            return run.pooled(source, self.kind, x) @ self.weight + self.bias
        return self.pool((x @ self.weight + self.bias).squeeze(-1), run)[:, None]


class LinearProbe:
    def __init__(self, signal, tensor):
        self.hook_point = signal["hook_point"]
        self.readout = _Readout(signal, tensor)

    def read(self, x, run):
        return self.readout.read(self.hook_point, x, run)


class MlpProbe:
    def __init__(self, signal, tensor):
        self.hook_point = signal["hook_point"]
        self.id = signal["id"]
        self.layers = [
            (tensor(layer["weight"]).t().contiguous(), tensor(layer["bias"]))
            for layer in signal["mlp"]
        ]
        self.readout = _Readout(signal, tensor)

    def read(self, x, run):
        for weight, bias in self.layers:
            x = (x @ weight + bias).relu()
        return self.readout.read(self.id, x, run)


class AttentionProbe:
    def __init__(self, signal, tensor):
        if "mlp" in signal:
            raise ValueError("attention probe: expected none with an MLP")
        self.hook_point = signal["hook_point"]
        self.rule = signal["rule"]["kind"]
        if self.rule not in ("attention", "multimax", "rolling_attention"):
            raise ValueError(f"rule: expected one of this benchmark's, found {self.rule}")
        self.window = signal["rule"].get("window")
        value = tensor(signal["value"])
        self.heads = value.shape[0]
        both = value if self.rule == "multimax" else torch.cat([value, tensor(signal["query"])])
        self.weight = both.t().contiguous()
        self.bias = tensor(signal["bias"]).reshape(())

    def read(self, x, run):
        products = x @ self.weight
        values = products[..., : self.heads]
        if self.rule == "multimax":
            logit = run.only_real(values, -math.inf).amax(dim=1).sum(dim=1)
        else:
            scores = run.only_real(products[..., self.heads :], -math.inf)
            logit = self._attention(scores, values, run)
        return logit[:, None] + self.bias

    def _attention(self, scores, values, run):
        if self.rule == "attention":
            return (scores.softmax(dim=1) * values).sum(dim=(1, 2))
        width = min(self.window, values.shape[1])
        # [rows, windows, heads, width]
        weights = scores.unfold(1, width, 1).softmax(dim=3)
        logits = (weights * values.unfold(1, width, 1)).sum(dim=(2, 3))
        return logits.masked_fill(~run.windows(width), -math.inf).amax(dim=1)

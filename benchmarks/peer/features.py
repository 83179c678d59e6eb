"""Features of sparse autoencoders, of a row's mean activation or of each of its tokens."""

import json
import os

import torch

import files

_CONFIG = {
    "architecture": "topk",
    "normalize_activations": "none",
    "apply_b_dec_to_input": True,
    "rescale_acts_by_decoder_norm": False,
}


class SaeFeatures:
    def __init__(self, signal, tensor, folder):
        with open(os.path.join(folder, signal["sae"]["config"]["file"])) as file:
            config = json.load(file)
        for option, value in _CONFIG.items():
            if config[option] != value:
                raise ValueError(f"{option}: expected {value}, found {config[option]}")
        weights = files.safetensors(os.path.join(folder, signal["sae"]["weights"]["file"]))
        self.hook_point = signal["hook_point"]
        self.of_tokens = {"pooled": False, "tokens": True}[signal["scope"]]
        self.k = config["k"]
        self.top = signal["top"]
        self.encoder, self.decoder = weights["W_enc"], weights["W_dec"]
        self.encoder_bias, self.decoder_bias = weights["b_enc"], weights["b_dec"]

    def read(self, x, run):
        if self.of_tokens:
            return self._of_tokens(x, run)
        x = run.pooled(self.hook_point, "mean", x)
        values, indices, active, error = self._encode(x)
        told = [indices[:, : self.top].float(), values[:, : self.top]]
        return torch.cat(told + [active[:, None], error[:, None]], dim=1)

    def _of_tokens(self, x, run):
        values, indices, active, error = self._encode(x)
        values = run.only_real(values, 0)
        strongest = torch.zeros(x.shape[0], self.decoder.shape[0])
        strongest.scatter_reduce_(1, indices.flatten(1), values.flatten(1), "amax")
        largest, features = strongest.topk(self.top, dim=1)
        # [rows, tokens, k, top]: the first token that has the feature with this value.
        has = indices[..., None] == features[:, None, None]
        has &= values[..., None] == largest[:, None, None]
        has &= run.real[:, :, None, None]
        token = has.any(dim=2).int().argmax(dim=1)
        means = run.mean(torch.stack([active, error], dim=2))
        return torch.cat([features.float(), largest, token.float(), means], dim=1)

    def _encode(self, x):
        """The k activations and their features, how many are active, the reconstruction error."""
        preactivations = (x - self.decoder_bias) @ self.encoder + self.encoder_bias
        values, indices = preactivations.topk(self.k, dim=-1)
        values = values.relu()
        # Of the decoder only the rows of active features, which is far less than all of them.
        decoded = torch.nn.functional.embedding_bag(
            indices.view(-1, self.k),
            self.decoder,
            per_sample_weights=values.view(-1, self.k),
            mode="sum",
        ).view(x.shape)
        error = (x - decoded - self.decoder_bias).norm(dim=-1) / x.norm(dim=-1)
        return values, indices, (values > 0).sum(dim=-1).float(), error

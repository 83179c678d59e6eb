"""BERT in plain PyTorch, with the module names of its usual exports."""

import math

import torch
from torch import nn


class Embeddings(nn.Module):
    def __init__(self, vocabulary, positions, types, width):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, width)
        self.position_embeddings = nn.Embedding(positions, width)
        self.token_type_embeddings = nn.Embedding(types, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, ids, types):
        positions = torch.arange(ids.shape[1])
        embedded = self.word_embeddings(ids) + self.token_type_embeddings(types)
        return self.LayerNorm(embedded + self.position_embeddings(positions))


class SelfAttention(nn.Module):
    """Attention whose probabilities are the output of a module, so that a hook can see them."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.pattern = nn.Softmax(dim=-1)

    def forward(self, x, bias):
        batch, tokens, width = x.shape
        size = width // self.heads

        def split(y):
            return y.view(batch, tokens, self.heads, size).transpose(1, 2)

        scores = split(self.query(x)) @ split(self.key(x)).transpose(2, 3) / math.sqrt(size)
        mixed = self.pattern(scores + bias) @ split(self.value(x))
        return mixed.transpose(1, 2).reshape(batch, tokens, width)


class Output(nn.Module):
    def __init__(self, width, out):
        super().__init__()
        self.dense = nn.Linear(width, out)
        self.LayerNorm = nn.LayerNorm(out, eps=1e-12)

    def forward(self, x, residual):
        return self.LayerNorm(self.dense(x) + residual)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self = SelfAttention(width, heads)
        self.output = Output(width, width)

    def forward(self, x, bias):
        return self.output(self.self(x, bias), x)


class Intermediate(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.dense = nn.Linear(width, hidden)

    def forward(self, x):
        return nn.functional.gelu(self.dense(x))


class Layer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.attention = Attention(width, heads)
        self.intermediate = Intermediate(width, hidden)
        self.output = Output(hidden, width)

    def forward(self, x, bias):
        attended = self.attention(x, bias)
        return self.output(self.intermediate(attended), attended)


class Encoder(nn.Module):
    def __init__(self, layers, width, heads, hidden):
        super().__init__()
        self.layer = nn.ModuleList(Layer(width, heads, hidden) for _ in range(layers))

    def forward(self, x, bias):
        for layer in self.layer:
            x = layer(x, bias)
        return x


class Bert(nn.Module):
    """From token ids, attention mask and token types, each [rows, tokens], to [rows, tokens, width]."""

    def __init__(self, weights, heads):
        super().__init__()
        vocabulary, width = weights["embeddings.word_embeddings.weight"].shape
        positions = weights["embeddings.position_embeddings.weight"].shape[0]
        types = weights["embeddings.token_type_embeddings.weight"].shape[0]
        hidden = weights["encoder.layer.0.intermediate.dense.bias"].shape[0]
        layers = 1 + max(
            int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer.")
        )
        self.embeddings = Embeddings(vocabulary, positions, types, width)
        self.encoder = Encoder(layers, width, heads, hidden)
        own = self.state_dict()
        self.load_state_dict({name: weights[name] for name in own})
        self.eval()

    def forward(self, ids, mask, types):
        bias = (1 - mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        return self.encoder(self.embeddings(ids, types), bias)

"""What the hooks of one inference share."""

from functools import cached_property

import torch


class Run:
    """One inference's real tokens, and what its hooks have computed so far.

    The real tokens of a row are neighbours: padding stands before or after them, or on neither side.
    """

    def __init__(self, mask):
        self.real = mask.bool()  # [rows, tokens]
        self.outputs = {}
        self.readings = {}
        self._pooled = {}
        self._windows = {}

    @cached_property
    def count(self):
        return self.real.sum(dim=1)

    @cached_property
    def first(self):
        return self.real.int().argmax(dim=1)

    @cached_property
    def last(self):
        return self.first + self.count - 1

    @cached_property
    def _rows(self):
        return torch.arange(self.real.shape[0])

    @cached_property
    def _weights(self):
        mask = self.real.float()
        return mask / mask.sum(dim=1, keepdim=True)

    def mean(self, values):
        """The mean over the real tokens of values [rows, tokens, ...]."""
        return torch.einsum("rt,rt...->r...", self._weights, values)

    def at(self, tokens, values):
        """Of values [rows, tokens, ...] one token of each row."""
        return values[self._rows, tokens]

    def pooled(self, source, kind, x):
        """x [rows, tokens, width] as [rows, width], once for all that read the same source."""
        key = source, kind
        if key not in self._pooled:
            if kind == "mean":
                self._pooled[key] = self.mean(x)
            else:
                self._pooled[key] = self.at(self.first if kind == "cls" else self.last, x)
        return self._pooled[key]

    def only_real(self, values, other):
        """values [rows, tokens] or [rows, tokens, ...] with another number for padding."""
        padding = ~self.real
        return values.masked_fill(padding.view(padding.shape + (1,) * (values.dim() - 2)), other)

    def windows(self, width):
        """Which windows of so many tokens hold as many real ones as they can: [rows, windows]."""
        if width not in self._windows:
            real = self.real.unfold(1, width, 1).sum(dim=2)
            self._windows[width] = real == self.count.clamp(max=width)[:, None]
        return self._windows[width]

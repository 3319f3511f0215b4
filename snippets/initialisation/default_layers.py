"""Each layer draws its first weights by a rule of its own, as measured here."""

import math

import torch
from torch import nn

torch.manual_seed(0)
rules = [
    (nn.Linear(64, 8), "weight", 64, "`fan_in` = 64"),
    (nn.Conv2d(3, 16, 3), "weight", 27, "`fan_in` = 3 · 3 · 3"),
    (nn.ConvTranspose2d(3, 16, 3), "weight", 144, "16 · 3 · 3, from the output channels"),
    (nn.LSTM(64, 256), "weight_ih_l0", 256, "hidden size 256"),
    (nn.MultiheadAttention(64, 4), "in_proj_weight", (64 + 192) / 6, "Xavier, (64 + 192) / 6"),
    (nn.Embedding(100, 64), "weight", None, "N(0, 1)"),
    (nn.BatchNorm2d(16), "weight", None, "all 1, bias all 0"),
]
largest, bound = {}, {}
print("| layer | shape | sd | largest | bound | what decides |")
print("|---|---|---|---|---|---|")
for layer, name, root, rule in rules:
    kind = type(layer).__name__
    weight = getattr(layer, name).detach()
    largest[kind] = weight.abs().max().item()
    bound[kind] = 1 / math.sqrt(root) if root else math.inf
    limit = f"{bound[kind]:.4f}" if root else "–"
    print(
        f"| `{kind}` | {tuple(weight.shape)} | {weight.std().item():.3f} "
        f"| {largest[kind]:.4f} | {limit} | {rule} |"
    )

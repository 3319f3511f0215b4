"""Dropout keeps the mean and adds variance p / (1 - p) for each unit."""

import matplotlib.pyplot as plt
import torch
from torch import nn

UNITS, DRAWS = 64, 20_000
CHANCES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
torch.manual_seed(0)

outputs = {p: nn.Dropout(p)(torch.ones(DRAWS, UNITS)) for p in CHANCES}
mean = {p: output.mean().item() for p, output in outputs.items()}
variance = {p: output.var().item() for p, output in outputs.items()}
theory = {p: p / (1 - p) for p in CHANCES}
for p in (0.1, 0.3, 0.5, 0.9):
    print(f"p = {p}: mean {mean[p]:.3f}, variance {variance[p]:.3f}", end="")
    print(f", p/(1-p) = {theory[p]:.3f}")

# %%
values = torch.linspace(0, 2, 101)
bins = torch.arange(-0.5, UNITS + 1) / UNITS
for p, output in outputs.items():
    figure, (left, right) = plt.subplots(
        1, 2, num=f"{p:g}", figsize=(6.4, 3.2), layout="constrained"
    )
    kept = (output[0] > 0).view(8, 8).nonzero()
    left.scatter(*(output[0] == 0).view(8, 8).nonzero().T, color="0.8", marker="x", s=20)
    left.scatter(*kept.T, color="C0", s=60 / (1 - p) ** 0.5)
    left.set(xlim=(-0.7, 7.7), ylim=(-0.7, 7.7), xticks=[], yticks=[], aspect="equal")
    left.set_xlabel(f"kept: {len(kept)} of {UNITS}, each times {1 / (1 - p):.2f}")
    right.hist(output.mean(1), bins=bins / (1 - p), density=True, color="C0", alpha=0.4)
    normal = torch.distributions.Normal(1, (theory[p] / UNITS) ** 0.5)
    right.plot(values, normal.log_prob(values).exp(), color="C1")
    right.set(xlabel="mean of the layer", ylabel="density", xlim=(0, 2), ylim=(0, 8))

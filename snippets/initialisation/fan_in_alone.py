"""Linear's default range depends on its inputs alone, not on its outputs."""

import math

import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
inputs, outputs = 64, (8, 512)
weights = {count: nn.Linear(inputs, count).weight.detach().ravel() for count in outputs}
largest = {count: weight.abs().max().item() for count, weight in weights.items()}
bound = 1 / math.sqrt(inputs)
xavier = {count: math.sqrt(6 / (inputs + count)) for count in outputs}
for count in outputs:
    print(
        f"Linear(64, {count}): largest weight {largest[count]:.4f}, "
        f"1/sqrt(fan_in) {bound:.4f}, Xavier's bound {xavier[count]:.4f}"
    )

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 2.8), sharey=True)
for axes, count in zip(panels, outputs, strict=True):
    axes.hist(
        weights[count].numpy(), bins=25, range=(-0.125, 0.125), density=True, color="C0", alpha=0.6
    )
    for sign in (-1, 1):
        axes.axvline(
            sign * bound, color="black", label="$1/\\sqrt{fan_{in}}$" if sign > 0 else None
        )
        axes.axvline(
            sign * xavier[count], color="C1", linestyle="--", label="Xavier" if sign > 0 else None
        )
    axes.set(title=f"Linear(64, {count})", xlabel="weight", xlim=(-0.32, 0.32))
panels[0].set(ylabel="density")
figure.legend(
    *panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize=9
)

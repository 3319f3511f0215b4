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

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 2.8), sharey=True)
for axes, count in zip(panels, outputs, strict=True):
    bins = torch.linspace(-0.125, 0.125, 26)
    look = {"histtype": "stepfilled", "color": "C0", "alpha": 0.6}
    axes.hist(weights[count], bins=bins, density=True, **look)
    for sign, labels in ((-1, (None, None)), (1, ("1/√fan_in", "Xavier"))):
        axes.axvline(sign * bound, color="black", label=labels[0])
        limit = {"color": "C1", "linestyle": "--", "label": labels[1]}
        axes.axvline(sign * xavier[count], **limit)
    axes.set(title=f"Linear(64, {count})", xlabel="weight", xlim=(-0.32, 0.32))
panels[0].set(ylabel="density")
shown = panels[0].get_legend_handles_labels()
figure.legend(*shown, loc="outside upper center", ncols=2, fontsize=9)

"""The more weights are drawn, the closer their histogram comes to N(0, 1)."""

import math

import matplotlib.pyplot as plt
import torch

COUNTS = (27, 108, 432, 1728, 6912, 27648, 110592)

torch.manual_seed(12)
weights = torch.nn.init.normal_(torch.empty(COUNTS[-1]))
mean = {count: weights[:count].mean().item() for count in COUNTS}

# %%
grid = torch.linspace(-4, 4, 200)
density = torch.exp(-(grid**2) / 2) / math.sqrt(2 * math.pi)
for count in COUNTS:
    figure, axes = plt.subplots(num=f"{count}", figsize=(6.4, 3.4))
    drawn, bins = weights[:count].numpy(), torch.linspace(-4, 4, 31)
    axes.hist(drawn, bins=bins, density=True, histtype="stepfilled", color="C0", alpha=0.6)
    axes.plot(grid, density, color="C1", linestyle="--", label="N(0, 1)")
    axes.axvline(mean[count], color="black", linestyle=":", label="sample mean")
    axes.set(xlabel="weight", ylabel="density", xlim=(-4, 4), ylim=(0, 0.8))
    axes.legend(fontsize=9, loc="upper right")

"""The mean of 432 weights scatters around 0 as wide as 1/sqrt(432) says."""

import math

import matplotlib.pyplot as plt
import torch

SEEDS, COUNT, ARTICLE = 2000, 432, 12


def drawn(seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.nn.init.normal_(torch.empty(16, 3, 3, 3), generator=generator)


means = torch.tensor([drawn(seed).mean() for seed in range(SEEDS)])
spread = means.std().item()
theory = 1 / math.sqrt(COUNT)
ours = means[ARTICLE].item()
farther = (means.abs() > abs(ours)).float().mean().item()

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
look = {"histtype": "stepfilled", "color": "C0", "alpha": 0.6, "label": f"{SEEDS} seeds"}
axes.hist(means.numpy(), bins=40, density=True, **look)
grid = torch.linspace(-0.2, 0.2, 200)
density = torch.exp(-((grid / theory) ** 2) / 2) / (theory * math.sqrt(2 * math.pi))
axes.plot(grid, density, color="C1", linestyle="--", label="N(0, 1/432)")
axes.axvline(ours, color="black", linestyle=":", label=f"seed {ARTICLE}")
axes.set(xlabel="mean of the 432 weights", ylabel="density")
axes.legend(fontsize=9)

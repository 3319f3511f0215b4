"""The article's 432 weights are a fair sample of N(0, 1); its mean is not 0."""

import math

import matplotlib.pyplot as plt
import torch

BINS = 30

conv1 = torch.nn.Conv2d(3, 16, 3)
torch.manual_seed(12)
torch.nn.init.normal_(conv1.weight, mean=0, std=1)
seed = torch.initial_seed()

weights = conv1.weight.detach().ravel()
count = weights.numel()
mean, sd = weights.mean().item(), weights.std().item()
standard_error = 1 / math.sqrt(count)

ordered = weights.double().sort().values
rank = torch.arange(1, count + 1) / count
distance = torch.maximum(
    (rank - torch.special.ndtr(ordered)).max(),
    (torch.special.ndtr(ordered) - rank + 1 / count).max(),
).item()
critical = 1.358 / math.sqrt(count)

generator = torch.Generator().manual_seed(0)
images = torch.randn(64, 3, 32, 32, generator=generator)
growth = conv1(images).std().item()
growth_theory = math.sqrt(27)

# %%
figure, axes = plt.subplots()
look = {"histtype": "stepfilled", "color": "C0", "alpha": 0.6, "label": "432 weights"}
_, edges, _ = axes.hist(weights.numpy(), bins=BINS, **look)
grid = torch.linspace(-3.5, 3.5, 200)
density = torch.exp(-(grid**2) / 2) / math.sqrt(2 * math.pi)
expected = count * (edges[1] - edges[0]) * density
axes.plot(grid, expected, color="C1", linestyle="--", label="N(0, 1), expected")
axes.axvline(mean, color="black", linestyle=":", label=f"their mean {mean:.2f}")
axes.set(xlabel="weight", ylabel="count", xlim=(-3.5, 3.5))
axes.legend(fontsize=9)

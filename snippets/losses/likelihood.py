"""The likelihood of many tosses underflows; their mean negative log is cross-entropy."""

import math

import matplotlib.pyplot as plt
import torch

SHARE, SIZES = 0.7, (10, 100, 10_000)
stated = torch.linspace(0.01, 0.99, 99, dtype=torch.float64)


def logarithm(tosses):
    """Log-likelihood of so many tosses, seven heads in ten, at each stated probability."""
    heads = SHARE * tosses
    return heads * stated.log() + (tosses - heads) * (1 - stated).log()


products = {tosses: logarithm(tosses).exp() for tosses in SIZES}
means = {tosses: -logarithm(tosses) / tosses for tosses in SIZES}
best = {tosses: stated[mean.argmin()].item() for tosses, mean in means.items()}
highest = {tosses: product.max().item() for tosses, product in products.items()}
entropy = -(SHARE * math.log(SHARE) + (1 - SHARE) * math.log(1 - SHARE))
seven = {p: products[10][round(100 * p) - 1].item() for p in (0.5, 0.7)}
cross = {p: means[10][round(100 * p) - 1].item() for p in (0.5, 0.7, 0.9)}
divergence = {p: value - entropy for p, value in cross.items()}

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.4))
for tosses, shade in zip(SIZES[:2], ("C0", "C2"), strict=True):
    left.semilogy(stated, products[tosses], color=shade)
left.set(xlabel="stated probability $p$", title="likelihood", ylim=(1e-45, 1e1))
left.text(0.04, 1e-2, f"{SIZES[0]} tosses", color="C0")
left.text(0.5, 1e-40, f"{SIZES[1]} tosses", color="C2")
right.plot(stated, means[10], color="C1", linestyle="-")
right.axhline(entropy, color="0.5", linestyle=":")
right.fill_between(stated, entropy, means[10], color="C1", alpha=0.25)
right.set(xlabel="stated probability $p$", title="mean $-\\log$", ylim=(0, 1.8))
right.text(0.5, entropy - 0.18, "entropy", ha="center")
right.text(0.13, 0.75, "KL")

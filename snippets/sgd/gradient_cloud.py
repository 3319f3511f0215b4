"""A larger minibatch draws its gradients together around the full gradient."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data[:, [2, 8]])
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n = len(X)

single = -2 * y[:, None] * X
full = single.mean(0)

torch.manual_seed(0)
draws, shown = 200, 40
sizes = (1, 4, 16, 64, 256, n)
orders = torch.rand(draws, n).argsort(1)
clouds = {size: single[orders[:, :size]].mean(1) for size in sizes}
wrong, radius = {}, {}
for size, cloud in clouds.items():
    wrong[size] = (cloud @ full < 0).double().mean().item()
    radius[size] = (cloud - full).square().sum(1).mean().sqrt().item()
    print(f"B = {size:3}: distance {radius[size]:.2f}, uphill {wrong[size]:.0%}")

# %%
for size, cloud in clouds.items():
    figure, axes = plt.subplots(num=str(size), figsize=(6.4, 4.2))
    dots = {"s": 12, "alpha": 0.5, "zorder": 3}
    axes.scatter(*-cloud[:shown].T, **dots, label="$-$ minibatch gradient")
    arrow = [0, -full[0]], [0, -full[1]]
    axes.plot(*arrow, color="C1", linewidth=3, label="$-$ full gradient")
    axes.plot(0, 0, "o", color="black")
    axes.set(xlim=(-4, 8), ylim=(-3, 6), xlabel="$-g_1$", ylabel="$-g_2$")
    axes.legend(loc="upper right")

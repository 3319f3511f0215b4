"""All, sixteen or one example a step: three ways down the same valley at three prices."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data[:, [2, 8]])
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, steps, rate, runs = len(X), 40, 0.1, 200
start = torch.tensor([-0.8, 1.2], dtype=torch.float64)


def risk(w):
    return (w @ X.T - y).square().mean(-1) / 2


def descend(size):
    w, path = start, [start]
    for _ in range(steps):
        i = torch.randperm(n)[:size]
        w = w - rate * X[i].T @ (X[i] @ w - y[i]) / size
        path.append(w)
    return torch.stack(path)


def fallen(path):
    """How much of its possible fall the loss has fallen, in the mean of the last ten steps."""
    return ((risk(start) - risk(path[-10:]).mean()) / (risk(start) - lowest)).item()


torch.manual_seed(0)
names = {n: "all 442", 16: "minibatch of 16", 1: "one"}
paths = {size: descend(size) for size in names}
price = {size: size * steps for size in names}
best = torch.linalg.lstsq(X, y).solution
lowest = risk(best).item()
covered, worst = {}, {}
for size, name in names.items():
    shares = [fallen(descend(size)) for _ in range(runs)]
    covered[size], worst[size] = sum(shares) / runs, min(shares)
    reached = f"{covered[size]:.0%} of the way down, at worst {worst[size]:.0%}"
    print(f"{name:15}: {price[size]:6} gradients, {reached}")

# %%
ticks = torch.linspace(-1.2, 1.2, 60), torch.linspace(-0.2, 1.5, 60)
a, b = torch.meshgrid(*ticks, indexing="xy")
figure, axes = plt.subplots(figsize=(6.4, 3.6))
axes.contour(a, b, risk(torch.stack([a, b], -1).double()), levels=10, colors="0.8")
looks = {n: ("C1", 2.5), 16: ("C0", 2), 1: ("C2", 1)}
for size in (1, 16, n):
    color, width = looks[size]
    axes.plot(*paths[size].T, "-", color=color, linewidth=width, label=names[size])
axes.plot(*start, "o", color="black")
axes.plot(*best, "+", color="black", markersize=14, label="minimum")
axes.set(xlabel="$w_1$", ylabel="$w_2$", xticks=[-1, 0, 1], yticks=[0, 0.5, 1, 1.5])
axes.legend(loc="upper right")

"""A large step arrives soon and then wanders; a small one comes close, but late."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data[:, [2, 8]])
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, steps, tail, runs = len(X), 1000, 100, 200
best = torch.linalg.lstsq(X, y).solution
rates = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)


def descend(rate):
    torch.manual_seed(0)
    w, path = torch.tensor([-0.6, 1.2], dtype=torch.float64).expand(runs, 2), []
    for i in torch.randint(n, (steps, runs)):
        path.append(w)
        w = w - rate * ((w * X[i]).sum(1) - y[i])[:, None] * X[i]
    return torch.stack(path)


paths = {rate: descend(rate) for rate in rates}
away = {}
for rate, path in paths.items():
    away[rate] = (path[-tail:] - best).norm(dim=2).mean().item()
    print(f"rate {rate:5}: mean distance of the last {tail} steps {away[rate]:.2g}")

# %%
ticks = torch.linspace(-1, 2, 60), torch.linspace(-0.7, 1.5, 60)
a, b = torch.meshgrid(*ticks, indexing="xy")
grid = torch.stack([a, b], -1).double()
risk = (grid @ X.T - y).square().mean(-1) / 2
for rate, path in paths.items():
    figure, axes = plt.subplots(num=str(rate), figsize=(6.4, 3.8))
    axes.contour(a, b, risk, levels=10, colors="0.8")
    axes.plot(*path[::5, 0].T, color="C0", alpha=0.4, linewidth=1, linestyle="-")
    axes.plot(*path[-tail:, 0].T, ".", color="C1", label=f"last {tail} steps")
    axes.plot(*best, "+", color="black", markersize=14, label="minimum")
    axes.set(xticks=[-1, 0, 1, 2], yticks=[0, 1])
    axes.set(xlim=(-1, 2), ylim=(-0.7, 1.5), xlabel="$w_1$", ylabel="$w_2$")
    axes.legend(loc="upper right")

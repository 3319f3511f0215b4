"""In the long run shuffling leaves a smaller ball of noise than replacement."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, passes, runs, rate = len(X), 40, 20, 0.01
H = X.T @ X / n
best = torch.linalg.solve(H, X.T @ y / n)


def descend(order):
    w = torch.zeros(runs, X.shape[1], dtype=torch.float64)
    excess = []
    for i in order:
        w -= rate * ((w * X[i]).sum(-1) - y[i])[:, None] * X[i]
        excess.append(((w - best) @ H * (w - best)).sum(-1) / 2)
    return torch.stack(excess, 1).reshape(runs, passes, n).mean(-1)


torch.manual_seed(0)
shuffles = torch.stack([torch.randperm(n) for _ in range(passes * runs)])
ways = {
    "with replacement": torch.randint(n, (passes * n, runs)),
    "shuffled": shuffles.reshape(runs, -1).T,
}
excess = {name: descend(order) for name, order in ways.items()}
late = {name: run[:, passes // 2 :].mean(1) for name, run in excess.items()}
ball = {name: level.mean().item() for name, level in late.items()}
spread = {name: level.std().item() for name, level in late.items()}
for name in ways:
    print(f"{name:16}: excess risk {ball[name]:.2g} +- {spread[name]:.1g}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
x = range(1, passes + 1)
for name, run in excess.items():
    axes.plot(x, run.mean(0), label=name)
    axes.fill_between(x, run.quantile(0.1, 0), run.quantile(0.9, 0), alpha=0.2)
axes.set(xlabel="passes over the data", ylabel="excess risk", ylim=(0, 0.03))
axes.legend()

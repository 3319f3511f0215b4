"""In one epoch the way of drawing matters far less than the luck of the draw."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

digits = load_digits()
X = torch.tensor(digits.data / 16)
X = torch.cat([X, torch.ones(len(X), 1)], 1)
sign = 1.0 - 2 * torch.tensor(digits.target % 2)
n, runs, rate = len(X), 200, 0.1


def epoch(order):
    w = torch.zeros(runs, X.shape[1], dtype=torch.float64)
    for i in order:
        x, s = X[i], sign[i, None]
        w += rate * s * torch.sigmoid(-s * (w * x).sum(1, keepdim=True)) * x
    return torch.nn.functional.softplus(-sign * (w @ X.T)).mean(1)


torch.manual_seed(0)
orders = {
    "with replacement": list(torch.randint(n, (n, runs)).T),
    "shuffled 10xS": [torch.randperm(10 * n)[:n] % n for _ in range(runs)],
    "shuffled S": [torch.randperm(n) for _ in range(runs)],
}
risks = {name: epoch(torch.stack(order, 1)) for name, order in orders.items()}
few = 20
mean = {name: risk.mean().item() for name, risk in risks.items()}
spread = {name: risk.std().item() for name, risk in risks.items()}
for name in risks:
    print(f"{name:16}: {mean[name]:.3f}, single runs spread by {spread[name]:.3f}")
difference, error = {}, {}
for count in (few, runs):
    some = torch.stack([risk[:count] for risk in risks.values()])
    middle = some.mean(1)
    difference[count] = (middle.max() - middle.min()).item()
    error[count] = (some.var(1).mean() * 2 / count).sqrt().item()
    apart = f"{difference[count]:.3f} +- {error[count]:.3f}"
    print(f"{count} runs: largest difference {apart}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 2.6))
for row, (name, risk) in enumerate(risks.items()):
    axes.plot(risk, [row] * runs, "o", color=f"C{row}", alpha=0.2, markersize=5)
    axes.plot(mean[name], row, "|", color="black", markersize=24)
axes.set_yticks(range(3), list(risks))
axes.set(xlabel="risk after $n$ steps", ylim=(2.6, -0.6))

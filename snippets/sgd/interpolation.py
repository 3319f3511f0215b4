"""The noise of a constant rate vanishes if the model fits every example, or is corrected."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

digits = load_digits()
weights, steps, every, rate = 100, 12_000, 100, 0.5
torch.manual_seed(0)
directions = torch.randn(64, weights, dtype=torch.float64)
phases = 2 * torch.pi * torch.rand(weights, dtype=torch.float64)
features = torch.cos(torch.tensor(digits.data / 16) @ directions + phases)
features *= (2 / weights) ** 0.5
odd = torch.tensor(2.0 * (digits.target % 2) - 1)
order = torch.randperm(len(odd))


def descend(n, corrected=False):
    X, y = features[order[:n]], odd[order[:n]]
    best = torch.linalg.lstsq(X, y, driver="gelsd").solution
    fit = (X @ best - y).square().mean().item() / 2
    w, excess = torch.zeros(weights, dtype=torch.float64), []
    for t, i in enumerate(torch.randint(n, (steps,))):
        if t % every == 0:
            excess.append((X @ (w - best)).square().mean().item() / 2)
        if corrected and t % n == 0:
            anchor, full = w.clone(), X.T @ (X @ w - y) / n
        gradient = (X[i] @ w - y[i]) * X[i]
        if corrected:
            gradient += full - (X[i] @ anchor - y[i]) * X[i]
        w -= rate * gradient
    return fit, excess


runs = {
    "50 images": descend(50),
    "1000 images": descend(1000),
    "1000 images, corrected": descend(1000, corrected=True),
}
smallest = {name: fit for name, (fit, _) in runs.items()}
level = {name: sum(excess[-20:]) / 20 for name, (_, excess) in runs.items()}
ending = {}
for name in runs:
    ending[name] = "arrives" if level[name] < 1e-5 else "keeps wandering"
    print(f"{name:22}: smallest risk {smallest[name]:.2f}, {ending[name]}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.6))
for (name, (_, excess)), line in zip(runs.items(), ("-", "--", "-."), strict=True):
    axes.semilogy(range(0, steps, every), excess, line, label=name)
axes.set(xlabel="step", ylabel="excess loss", ylim=(1e-12, 10), xlim=(0, steps))
axes.legend(loc="lower left")

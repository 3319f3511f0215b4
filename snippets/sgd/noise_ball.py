"""A constant step stops in a ball of noise; a decaying step goes on down."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, steps, runs, every, decay = len(X), 20_000, 10, 100, 500
rates = (0.04, 0.02, 0.01, 0.005)

H = X.T @ X / n
best = torch.linalg.solve(H, X.T @ y / n)
noise = ((X @ best - y)[:, None] * X).square().sum(1).mean().item()
theory = {rate: rate * noise / 4 for rate in rates}


def excess(w):
    return ((w - best) @ H * (w - best)).sum(-1).mean(-1) / 2


torch.manual_seed(0)
constant = torch.tensor(rates, dtype=torch.float64)
w = torch.zeros(len(rates) + 1, runs, X.shape[1], dtype=torch.float64)
curves = [excess(w)]
for t, i in enumerate(torch.randint(n, (steps, runs))):
    step = torch.cat([constant, constant[:1] / (1 + t / decay)])[:, None, None]
    w -= step * ((w * X[i]).sum(-1) - y[i])[..., None] * X[i]
    if (t + 1) % every == 0:
        curves.append(excess(w))
curves = dict(zip([*rates, "decaying"], torch.stack(curves, -1), strict=True))
last = steps // every // 4
ball = {name: curve[-last:].mean().item() for name, curve in curves.items()}
halving = {rate: ball[2 * rate] / ball[rate] for rate in rates[1:]}
above = {rate: ball[rate] / theory[rate] - 1 for rate in rates}
curvature, directions = torch.linalg.eigh(H)
start = curvature * (directions.T @ best).square() / 2
late = every * torch.arange(steps // every - last + 1, steps // every + 1)[:, None]
left = {r: (start * (1 - r * curvature) ** (2 * late)).sum(1).mean().item() for r in rates}
for rate in rates:
    print(f"rate {rate:5}: excess risk {ball[rate]:.2g}, theory {theory[rate]:.2g}", end="")
    print(f", left of the start {left[rate]:.0e}")
print(f"decaying  : excess risk {ball['decaying']:.2g}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.8))
x = range(0, steps + 1, every)
for k, rate in enumerate(rates):
    axes.semilogy(x, curves[rate], color=f"C{k}", label=f"{rate}")
    axes.axhline(theory[rate], linestyle="-", linewidth=1, color="0.5")
label = rf"${rates[0]}/(1+t/{decay})$"
axes.semilogy(x, curves["decaying"], linestyle="-", color="black", label=label)
axes.set(
    xlabel="step $t$",
    ylabel="excess risk",
    xlim=(0, steps),
    xticks=range(0, steps + 1, 5000),
    ylim=(5e-4, 1),
)
axes.legend(ncols=3, loc="upper right")

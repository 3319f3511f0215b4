"""A constant rate stops at a height that can be computed; a decaying one goes on down."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, steps, runs, every, decay = len(X), 20_000, 20, 100, 500
rates = (0.04, 0.02, 0.01, 0.005)

H = X.T @ X / n
best = torch.linalg.solve(H, X.T @ y / n)
residual = y - X @ best
outer = (X[:, :, None] * X[:, None, :]).reshape(n, 100)
fourth, third = outer.T @ outer / n, (residual[:, None] * X).T @ outer / n
noise = (residual.square() @ outer / n).reshape(10, 10)
theory = {rate: rate * noise.trace().item() / 4 for rate in rates}
eye, plateau, exact = torch.eye(10, dtype=torch.float64), {}, {}
for rate in rates:
    pull = torch.kron(eye, H) + torch.kron(H, eye) - rate * fourth
    spread = torch.linalg.solve(pull, rate * noise.flatten()).reshape(10, 10)
    plateau[rate] = (H @ spread).trace().item() / 2
    move = torch.eye(111, dtype=torch.float64)
    move[:10, :10] -= rate * H
    move[10:110, :10] = -2 * rate**2 * third.T
    move[10:110, 10:110] -= rate * pull
    move[10:110, 110] = rate**2 * noise.flatten()
    leap = torch.linalg.matrix_power(move, every)
    state = torch.cat([-best, torch.outer(best, best).flatten(), torch.ones(1)])
    exact[rate] = []
    for _ in range(0, steps, every):
        exact[rate].append((H.flatten() @ state[10:110]).item() / 2)
        state = leap @ state
above = {rate: plateau[rate] / theory[rate] - 1 for rate in rates}

torch.manual_seed(0)
constant = torch.tensor(rates, dtype=torch.float64)
w = torch.zeros(len(rates) + 1, runs, 10, dtype=torch.float64)
curves = []
for t, i in enumerate(torch.randint(n, (steps, runs))):
    if t % every == 0:
        e = w - best
        curves.append((e @ H * e).sum(-1).mean(-1) / 2)
    step = torch.cat([constant, constant[:1] / (1 + t / decay)])[:, None, None]
    w -= step * ((w * X[i]).sum(-1) - y[i])[..., None] * X[i]
names = [*rates, "decaying"]
curves = dict(zip(names, torch.stack(curves, -1), strict=True))
last = steps // every // 4
ball = {name: curve[-last:].mean().item() for name, curve in curves.items()}
expected = {rate: sum(path[-last:]) / last for rate, path in exact.items()}
waiting = {rate: expected[rate] / theory[rate] - 1 for rate in rates}
print("| rate | formula | exact | above it | at the end of the runs |")
print("|---|---:|---:|---:|---:|")
for rate in rates:
    row = f"{theory[rate]:.4f} | {plateau[rate]:.4f} | {above[rate]:.0%} | {ball[rate]:.3f}"
    print(f"| {rate} | {row} |")
print(f"| decaying |  |  |  | {ball['decaying']:.3f} |")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.8))
x = range(0, steps, every)
for k, rate in enumerate(rates):
    axes.semilogy(x, curves[rate], color=f"C{k}", label=f"{rate}")
    axes.semilogy(x, exact[rate], "-", linewidth=1, color="0.3")
label = rf"${rates[0]}/(1+t/{decay})$"
axes.semilogy(x, curves["decaying"], linestyle="-", color="black", label=label)
axes.set(xlabel="step $t$", ylabel="excess loss", xlim=(0, steps), ylim=(5e-4, 1))
axes.set_xticks(range(0, steps + 1, 5000))
axes.legend(ncols=3, loc="upper right")

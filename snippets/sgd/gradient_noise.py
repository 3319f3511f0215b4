"""The error of a minibatch gradient falls as one over the root of the batch size."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy, one_hot

digits = load_digits()
X = torch.tensor(digits.data / 16)
y = torch.tensor(digits.target)
n = len(X)

w = torch.zeros(64, 10, dtype=torch.float64, requires_grad=True)
cross_entropy(X @ w, y).backward()
full = w.grad
residual = (X @ w).detach().softmax(1) - one_hot(y, 10)
single = torch.einsum("ni,nj->nij", X, residual)
sigma = ((single - full).square().sum((1, 2)).mean().sqrt() / full.norm()).item()


def error(picked):
    noise = X[picked].mT @ residual[picked] / picked.shape[1] - full
    return (noise.square().sum((1, 2)).mean().sqrt() / full.norm()).item()


torch.manual_seed(0)
draws = 200
sizes = [2**power for power in range(11)]
replaced = {size: error(torch.randint(n, (draws, size))) for size in sizes}
orders = torch.rand(draws, n).argsort(1)
distinct = {size: error(orders[:, :size]) for size in sizes}
shrink = {size: ((n - size) / (n - 1)) ** 0.5 for size in sizes}
theory = {size: sigma / size**0.5 * shrink[size] for size in sizes}

scale, losses = {}, []
for goal in (2.0, 1.0, 0.3):
    while not losses or losses[-1] > goal:
        loss = cross_entropy(X @ w, y)
        losses.append(loss.item())
        slope = torch.autograd.grad(loss, w)[0]
        w.data -= slope
    wrong = (X @ w).detach().softmax(1) - one_hot(y, 10)
    average = X.T @ wrong / n
    size = (X.square().sum(1) * wrong.square().sum(1)).mean() - average.square().sum()
    scale[goal] = (size / average.square().sum()).item()

logs = torch.tensor([[size, replaced[size]] for size in sizes]).log()
x, z = (logs - logs.mean(0)).T
slope = (x @ z / (x @ x)).item()
print(f"slope with replacement: {slope:.1f}, theory -0.5")
for goal, size in scale.items():
    print(f"at a loss of {goal} noise equals signal at a batch of {size:.0f}")
for size in (1, 32, 1024):
    print(f"B = {size:4}: {replaced[size]:.2g} with, {distinct[size]:.2g} without")

# %%
curve = torch.logspace(0, 3.25, 200)
figure, axes = plt.subplots(figsize=(6.4, 3.6))
line = sigma / curve**0.5
factor = ((n - curve).clamp(min=0) / (n - 1)) ** 0.5
axes.loglog(curve, line, "--", color="0.6", label=r"$\sigma/\sqrt{B}$")
label = r"$\sigma\sqrt{(n-B)/(n-1)}/\sqrt{B}$"
axes.loglog(curve, line * factor, ":", color="0.4", label=label)
axes.loglog(sizes, replaced.values(), "o", color="C0", label="with replacement")
axes.loglog(sizes, distinct.values(), "s", color="C1", label="without replacement")
axes.set(xlabel="batch size $B$", ylabel="relative error of the gradient")
axes.set_ylim(0.05, 15)
axes.legend()

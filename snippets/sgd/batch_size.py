"""A larger batch saves updates up to a point; its price in gradients goes on rising."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy, one_hot

digits = load_digits()
X, y = torch.tensor(digits.data / 16), torch.tensor(digits.target)
Y, n, goal, hold, seeds = one_hot(y, 10).double(), len(X), 0.3, 5, 3
tuned = {1: 0.2, 4: 0.8, 8: 1.6, 16: 1.6, 32: 3.2, 64: 6.4, 128: 6.4, 512: 12.8}
tuned[n] = 12.8
neighbours = (0.5, 1.0, 2.0)


def train(size, rate, seed):
    torch.manual_seed(seed)
    w, losses, every = torch.zeros(64, 10, dtype=torch.float64), [], max(1, 16 // size)
    while len(losses) < 100 and not (losses and max(losses[-hold:]) <= goal):
        for _ in range(every):
            i = torch.randint(n, (size,)) if size < n else slice(n)
            w -= rate / size * X[i].T @ ((X[i] @ w).softmax(1) - Y[i])
        losses.append(cross_entropy(X @ w, y).item())
    return [every * look for look in range(1, len(losses) + 1)], losses


best, paths, updates, samples = {}, {}, {}, {}
for size, rate in tuned.items():
    runs, mean = {}, {}
    for tried in (factor * rate for factor in neighbours):
        runs[tried] = [train(size, tried, seed) for seed in range(seeds)]
        mean[tried] = sum(steps[-hold] for steps, _ in runs[tried]) / seeds
    best[size] = min(mean, key=mean.get)
    paths[size] = runs[best[size]]
    updates[size] = mean[best[size]]
    samples[size] = size * updates[size]
    count = f"{updates[size]:3.0f} updates, {samples[size]:5.0f} gradients"
    print(f"B = {size:4}, rate {best[size]:4}: {count}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.6))
axes.loglog(samples.keys(), samples.values(), "-o", label="gradients of one example")
axes.loglog(updates.keys(), updates.values(), "--s", label="updates")
fall = [updates[1], updates[1] / n]
axes.loglog([1, n], fall, ":", color="0.5", label="updates falling as $1/B$")
axes.set(xlabel="batch size $B$", ylabel=f"needed to hold loss {goal}", ylim=(5, 2e5))
axes.legend()

# %%
for size, ran in paths.items():
    figure, panels = plt.subplots(1, 2, num=str(size), figsize=(6.4, 3.2), sharey=True)
    for steps, losses in ran:
        seen = [size * step for step in steps]
        panels[0].loglog(steps, losses, "-", color="C1", alpha=0.7)
        panels[1].loglog(seen, losses, "-", color="C0", alpha=0.7)
    panels[0].plot(updates[size], goal, "s", color="black", zorder=3)
    panels[1].plot(samples[size], goal, "o", color="black", zorder=3)
    panels[0].set(xlim=(0.8, 2000), ylim=(0.15, 40), xlabel="updates", ylabel="loss")
    panels[1].set(xlim=(0.8, 1e5), xlabel="gradients of one example")
    for axes in panels:
        axes.axhline(goal, color="0.7")

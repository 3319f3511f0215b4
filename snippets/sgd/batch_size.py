"""A larger batch saves updates up to a point; its price in gradients goes on rising."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import one_hot

torch.set_default_dtype(torch.float64)
digits = load_digits()
X, y = torch.tensor(digits.data / 16), torch.tensor(digits.target)
Y, n, goal, hold, most = one_hot(y, 10).double(), len(X), 0.3, 3, 60
pull = X.T @ Y / n
tuning, judging, base = 12, 24, 0.2
sizes = (1, 2, 4, 8, 16, 32, 64, 128, 512, n)


def updates_needed(size, rates, seeds, enough):
    """Updates until the loss holds the goal, one row for each rate, one column for each seed."""
    w = torch.zeros(seeds, 64, len(rates) * 10)  # side by side, as all rates see the same images
    step = torch.tensor(rates)[:, None] / size
    every, held = max(1, 32 // size), torch.zeros(seeds, len(rates))
    needed = torch.full(held.shape, torch.inf)
    for look in range(1, most + 1):
        for _ in range(every):
            i = torch.randint(n, (seeds, size)) if size < n else torch.arange(n)[None]
            x, target = X[i], Y[i][:, :, None]
            error = (x @ w).unflatten(-1, (-1, 10)).softmax(-1) - target
            w.baddbmm_(x.mT, (step * error).flatten(2), alpha=-1)
        score = (X @ w.movedim(0, 1).flatten(1)).reshape(n, seeds, len(rates), 10)
        straight = (w.unflatten(-1, (-1, 10)) * pull[:, None]).sum((1, 3))
        loss = score.logsumexp(-1).mean(0) - straight
        held = torch.where(loss <= goal, held + 1, 0)
        first = (held == hold) & needed.isinf()
        needed[first] = every * (look - hold + 1.0)
        if needed.isfinite().all(0).sum() >= enough:
            break
    return needed.T


def rough(number, allowed=torch.inf):
    return f"{float(f'{number:.2g}'):,.0f}" if number < torch.inf else f"not in {allowed}"


torch.manual_seed(0)
best, inside, updates, samples, scaled = {}, {}, {}, {}, {}
print("| batch | best rate | updates | gradients | updates at a rate scaled linearly |")
print("|---:|---:|---:|---:|---:|")
for size in sizes:
    middle = 0.3 * min(size, 32) ** 0.85
    rates = [middle * 2.0**k for k in (-1.5, -0.75, 0, 0.75, 1.5, 2.25)]
    cost = updates_needed(size, rates, tuning if size < n else 1, 4).mean(1)
    chosen = cost.argmin().item()
    best[size], inside[size] = rates[chosen], 0 < chosen < len(rates) - 1
    pair = [best[size], base * size]
    own, line = updates_needed(size, pair, judging if size < n else 1, 2).mean(1).tolist()
    updates[size], samples[size], scaled[size] = own, size * own, line
    row = f"{float(f'{best[size]:.1g}'):g} | {rough(own)} | {rough(size * own)}"
    print(f"| {size} | {row} | {rough(line, most * max(1, 32 // size))} |")
worse = {size: scaled[size] / updates[size] - 1 for size in sizes}
about = {size: float(f"{updates[size]:.2g}") for size in sizes}
dearer = samples[n] / samples[8]
fails = min(size for size in sizes if scaled[size] == torch.inf)
beyond = int(base * 512 / best[512] // 10 * 10)  # at least so many times

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.3))
axes.loglog(samples.keys(), samples.values(), "-o", label="gradients of one example")
axes.loglog(updates.keys(), updates.values(), "--s", label="updates")
fall = [updates[1], updates[1] / n]
axes.loglog([1, n], fall, ":", color="0.5", label="updates falling as $1/B$")
axes.set(xlabel="batch size $B$", ylabel=f"needed to hold loss {goal}", ylim=(5, 1e6))
axes.legend()

"""Each at its own best rate, the five optimizers overlap on test images."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

SEEDS, STEPS, BATCH = 12, 120, 64
KINDS = {
    "SGD": (torch.optim.SGD, {}, (0.7, 1.0, 1.4)),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, (0.1, 0.2, 0.3)),
    "RMSprop": (torch.optim.RMSprop, {}, (0.007, 0.01, 0.015)),
    "Adam": (torch.optim.Adam, {}, (0.02, 0.03, 0.05)),
    "AdamW": (torch.optim.AdamW, {}, (0.02, 0.03, 0.05)),
}
pixels, digit = load_digits(return_X_y=True)
order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(0))
x = torch.tensor(pixels / 16, dtype=torch.float32)[order]
y = torch.tensor(digit)[order]


def losses(weights, images, labels):
    w1, b1, w2, b2 = weights
    logits = (images @ w1 + b1).relu() @ w2 + b2
    picked = logits.log_softmax(-1).gather(-1, labels[..., None])
    return -picked.mean((-2, -1))


def final_losses(kind, rate, settings):
    generator = torch.Generator().manual_seed(1)
    shapes = [(64, 64, 64), (64, 1, 64), (64, 64, 10), (64, 1, 10)]
    weights = [
        torch.rand(SEEDS, *shape, generator=generator).mul(2).sub(1).div(fan_in**0.5)
        for fan_in, *shape in shapes
    ]
    weights = [part.requires_grad_() for part in weights]
    optimizer = kind(weights, lr=rate, **settings)
    for _ in range(STEPS):
        batch = torch.randint(1000, (SEEDS, BATCH), generator=generator)
        optimizer.zero_grad()
        losses(weights, x[batch], y[batch]).sum().backward()
        optimizer.step()
    with torch.no_grad():
        parts = (slice(1000), slice(1000, 1400), slice(1400, None))
        found = [losses(weights, x[part], y[part].expand(SEEDS, -1)) for part in parts]
        return torch.stack(found)


runs = {
    name: {rate: final_losses(kind, rate, settings) for rate in rates}
    for name, (kind, settings, rates) in KINDS.items()
}
best = {name: min(tried, key=lambda rate: tried[rate][1].mean()) for name, tried in runs.items()}
final = {name: runs[name][rate] for name, rate in best.items()}
mean = {name: loss.mean(1).tolist() for name, loss in final.items()}
spread = {name: loss.std(1).tolist() for name, loss in final.items()}
champions = torch.stack([loss[2] for loss in final.values()]).argmin(0)
winners = champions.bincount(minlength=len(best)).tolist()
wins = dict(zip(best, winners, strict=True))
fewest_wins, most_wins = min(winners), max(winners)
print("| optimizer | best rate | training loss | test loss | lowest test loss |")
print("|---|---|---|---|---|")
for name, rate in best.items():
    pairs = zip(mean[name], spread[name], strict=True)
    train, _, test = (f"{middle:.2f} ± {width:.2f}" for middle, width in pairs)
    print(f"| {name} | {rate:g} | {train} | {test} | {wins[name]}/{SEEDS} |")

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
for axes, part, index in zip(panels, ("train", "test"), (0, 2), strict=True):
    for row, loss in enumerate(final.values()):
        axes.plot(loss[index], [row] * SEEDS, "o", color=f"C{row}", fillstyle="none")
        axes.plot(loss[index].mean(), row, "|", color="black", markersize=18)
    axes.set(xlabel=f"{part} loss", xlim=(0, 0.4))
panels[0].set_yticks(range(len(best)), list(best))
panels[0].invert_yaxis()

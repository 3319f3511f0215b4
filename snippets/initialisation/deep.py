"""Ten layers deep SGD learns from Xavier and Kaiming alone; Adam mends a part of the rest."""

from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

DEPTH, WIDTH, BATCH, SHOWN, MATTERS = 10, 32, 50, (5, 10, 15), 0.03
SPLITS, MOST = 20, 40  # the most for Xavier and Kaiming with SGD, whose results scatter
EARLY, LATE = 5, 15
STARTS = {
    "std 1": nn.init.normal_,
    "std 0.01": lambda weight: nn.init.normal_(weight, std=0.01),
    "default": None,
    "Xavier": nn.init.xavier_normal_,
    "Kaiming": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}
NAMES = {"std 1": "one", "std 0.01": "small"}
RATES = {
    "SGD": {
        "std 1": (1e-9, 1e-8, 1e-7, 0.01),
        "std 0.01": (0.01, 0.1, 1),
        "default": (0.01, 0.1, 1),
        "Xavier": (0.007, 0.014, 0.028, 0.056),
        "Kaiming": (0.0035, 0.007, 0.014, 0.028),
    },
    "Adam": {
        "std 1": (0.001, 0.003, 0.01, 0.03),
        "std 0.01": (0.001, 0.01, 0.1),
        "default": (0.001, 0.003, 0.01, 0.03),
        "Xavier": (0.001, 0.003, 0.01, 0.03),
        "Kaiming": (0.001, 0.003, 0.01, 0.03),
    },
}

torch.set_default_dtype(torch.float64)  # whose rounding stays below what is shown
digits = load_digits()
labels = torch.tensor(digits.target)
generator = torch.Generator().manual_seed(0)
orders = torch.stack([torch.randperm(len(labels), generator=generator) for _ in range(MOST)])
train, held, test = orders.split([1000, 400, 397], 1)
train_size, held_size, test_size = train.shape[1], held.shape[1], test.shape[1]
pixels = torch.tensor(digits.data)
images = torch.stack([(pixels - pixels[rows].mean()) / pixels[rows].std() for rows in train])


def network(fill):
    layers = [nn.Linear(*pair) for pair in pairwise([64] + [WIDTH] * DEPTH + [10])]
    for layer in layers if fill else []:
        fill(layer.weight)
        nn.init.zeros_(layer.bias)
    return layers


def trained(method, rate, starts):
    torch.manual_seed(0)
    splits = MOST if method == "SGD" and starts[0] in ("Xavier", "Kaiming") else SPLITS
    split = torch.arange(splits)[:, None]
    models = {start: [network(STARTS[start]) for _ in range(splits)] for start in STARTS}
    models = [model for start in starts for model in models[start]]
    stacks = [
        torch.stack([part.detach() for part in parts]).requires_grad_()
        for layers in zip(*models, strict=True)
        for parts in ([layer.bias[None] for layer in layers], [layer.weight.T for layer in layers])
    ]
    options = {"momentum": 0.9} if method == "SGD" else {}
    optimizer = getattr(torch.optim, method)(stacks, lr=rate, fused=True, **options)

    def logits(rows):
        signal = images[split, rows].repeat(len(starts), 1, 1)
        for bias, weight in zip(stacks[:-2:2], stacks[1:-2:2], strict=True):
            signal = F.relu(torch.baddbmm(bias, signal, weight))
        return torch.baddbmm(stacks[-2], signal, stacks[-1])

    @torch.no_grad()
    def accuracy(rows):
        hits = logits(rows).argmax(-1) == labels[rows].repeat(len(starts), 1)
        return hits.double().mean(1).view(-1, splits)

    scores = {}
    for epoch in range(1, LATE + 1):
        shuffled = train[:splits].gather(1, torch.rand(splits, train_size).argsort(1))
        for rows in shuffled.split(BATCH, 1):
            optimizer.zero_grad()
            targets = labels[rows].repeat(len(starts), 1)
            loss = F.cross_entropy(logits(rows).mT, targets, reduction="sum") / BATCH
            loss.backward()
            optimizer.step()
        if epoch in SHOWN:
            scores[epoch] = accuracy(held[:splits]), accuracy(test[:splits])
    with torch.no_grad():
        broken = logits(test[:splits]).isnan().flatten(1).any(1).view(-1, splits).sum(1)
    return scores, broken


def verdict(low, high, better, worse):
    if max(-low, high) < MATTERS:
        return "no difference that matters"
    return f"{better} better" if low > 0 else f"{worse} better" if high < 0 else "cannot tell"


found = {}
for method, grids in RATES.items():
    for rate in sorted(set().union(*grids.values())):
        starts = [start for start, rates in grids.items() if rate in rates]
        scores, _ = trained(method, rate, starts)
        for row, start in enumerate(starts):
            kept = found.setdefault((method, start), {})
            kept[rate] = {epoch: [part[row] for part in pair] for epoch, pair in scores.items()}
torch.set_default_dtype(torch.float32)  # the usual one, whose range is smaller
images, broken, tried = images.float(), {}, {}
for method, grids in RATES.items():
    rates = [rate for rate in grids["std 1"] if rate > 1e-4]
    broken[method] = sum(trained(method, rate, ["std 1"])[1].item() for rate in rates)
    tried[method] = SPLITS * len(rates)
reached, accuracy, least, most, chosen = {}, {}, {}, {}, {}
for (method, start), kept in found.items():
    name = f"{method}, {NAMES.get(start, start)}"
    accuracy[name], least[name], most[name], chosen[name] = {}, {}, {}, {}
    for epoch in SHOWN:
        best = max(kept, key=lambda rate: kept[rate][epoch][0].mean())
        final = reached[method, start, epoch] = kept[best][epoch][1]
        accuracy[name][epoch], chosen[name][epoch] = final.mean().item(), best
        least[name][epoch], most[name][epoch] = final.min().item(), final.max().item()
paired, lines = {}, []
pairs = ("SGD", "Kaiming", "Xavier"), ("Adam", "Kaiming", "Xavier"), ("Adam", "Kaiming", "default")
for method, one, other in pairs:
    for epoch in (EARLY, LATE):
        first, second = reached[method, one, epoch], reached[method, other, epoch]
        low, high = (float(end) for end in ttest_rel(first, second).confidence_interval())
        mean, told = (first - second).mean().item(), verdict(low, high, one, other)
        name = f"{one} against {other}, {method}, {epoch} epochs"
        paired[name] = {"mean": mean, "low": low, "high": high, "verdict": told}
        paired[name] |= {"runs": len(first), "matters": MATTERS}
        shown = [f"{round(value, 2) + 0:+.2f}" for value in (mean, low, high)]
        cells = f"{shown[0]} | {shown[1]} to {shown[2]} | {len(first)} | {MATTERS}"
        if method == "SGD" or epoch == LATE:  # with Adam the end is asked for, not the way
            lines.append(f"| {name} | {cells} | {told} |")
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|", *lines, sep="\n")

# %%
for epoch in SHOWN:
    figure, panels = plt.subplots(2, 1, num=f"{epoch}", figsize=(6.4, 4.2), sharex=True)
    for axes, method in zip(panels, RATES, strict=True):
        for row, start in enumerate(STARTS):
            scores = reached[method, start, epoch]
            shift = torch.linspace(-0.2, 0.2, len(scores))
            axes.plot(row + shift, scores, "o", color=f"C{row}", markersize=4)
        axes.axhline(0.1, color="0.5", linewidth=1, linestyle=":")
        axes.set(title=method, ylabel="test accuracy", ylim=(0, 1.05))
        axes.set_xticks(range(len(STARTS)), STARTS)

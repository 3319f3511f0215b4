"""At depth 10 the start decides whether SGD trains; Adam mends a part of it."""

from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

DEPTH, WIDTH, SEEDS, BATCH = 10, 32, 2, 64
SHOWN = (25, 50, 75, 100, 125, 150)
RATES = {"SGD": (0.003, 0.01, 0.03, 0.1), "Adam": (0.001, 0.003, 0.01, 0.03)}
STARTS = {
    "std 1": nn.init.normal_,
    "std 0.01": lambda weight: nn.init.normal_(weight, std=0.01),
    "default": None,
    "Xavier": nn.init.xavier_normal_,
    "Kaiming": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}

digits = load_digits()
labels = torch.tensor(digits.target)
shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
train, held, test = shuffled.split([1000, 400, 397])
train_size, held_size, test_size = len(train), len(held), len(test)
pixels = torch.tensor(digits.data, dtype=torch.float32)
images = (pixels - pixels[train].mean()) / pixels[train].std()


def network(fill):
    sizes = [64] + [WIDTH] * DEPTH + [10]
    layers = [nn.Linear(*pair) for pair in pairwise(sizes)]
    for layer in layers if fill else []:
        fill(layer.weight)
        nn.init.zeros_(layer.bias)
    return layers


def trained(method, rate):
    torch.manual_seed(0)
    models = [network(fill) for fill in STARTS.values() for _ in range(SEEDS)]
    stacks = [
        torch.stack([part.detach() for part in parts]).requires_grad_()
        for layers in zip(*models, strict=True)
        for parts in (
            [layer.bias[None] for layer in layers],
            [layer.weight.T for layer in layers],
        )
    ]
    options = {"momentum": 0.9} if method == "SGD" else {}
    optimizer = getattr(torch.optim, method)(stacks, lr=rate, **options)

    def logits(rows):
        signal = images[rows].expand(len(models), -1, -1)
        for bias, weight in zip(stacks[:-2:2], stacks[1:-2:2], strict=True):
            signal = F.relu(torch.baddbmm(bias, signal, weight))
        return torch.baddbmm(stacks[-2], signal, stacks[-1])

    @torch.no_grad()
    def accuracy(rows):
        hits = (logits(rows).argmax(-1) == labels[rows]).float().mean(1)
        return hits.view(-1, SEEDS).mean(1)

    history = {}
    for step in range(1, SHOWN[-1] + 1):
        rows = train[torch.randint(len(train), (BATCH,))]
        optimizer.zero_grad()
        targets = labels[rows].repeat(len(models))
        loss = F.cross_entropy(logits(rows).flatten(0, 1), targets)
        (loss * len(models)).backward()
        optimizer.step()
        if step in SHOWN:
            history[step] = accuracy(held)
    with torch.no_grad():
        broken = logits(test).isnan().flatten(1).any(1).view(-1, SEEDS).sum(1)
    return history, accuracy(test), broken


runs, grids = {}, {}
for method, rates in RATES.items():
    runs[method] = [trained(method, rate) for rate in rates]
    histories = [history for history, *_ in runs[method]]
    grids[method] = {
        step: torch.stack([history[step] for history in histories], 1) for step in SHOWN
    }
names = {"std 1": "one", "std 0.01": "small"}
accuracy, best, broken = {}, {}, {}
tried_count = SEEDS * len(RATES["SGD"])
for method, tried in runs.items():
    accuracy[method], best[method] = {}, {}
    for row, start in enumerate(STARTS):
        chosen = grids[method][SHOWN[-1]][row].argmax().item()
        name = names.get(start, start)
        best[method][name] = RATES[method][chosen]
        accuracy[method][name] = tried[chosen][1][row].item()
    broken[method] = sum(run[2][0].item() for run in tried)
    scores = [f"{name} {value:.2f}" for name, value in accuracy[method].items()]
    print(f"{method:4}:", ", ".join(scores))
print(f"std 1 ends in nan, of {tried_count} runs: {broken}")

# %%
for step in SHOWN:
    size = {"figsize": (6.4, 3.2), "sharey": True, "layout": "constrained"}
    figure, panels = plt.subplots(1, 2, num=f"{step}", **size)
    for axes, (method, grid) in zip(panels, grids.items(), strict=True):
        shades = {"cmap": "viridis", "vmin": 0.1, "vmax": 1, "aspect": "auto"}
        picture = axes.imshow(grid[step].numpy(), **shades)
        axes.set_xticks(range(4), RATES[method], fontsize=9)
        axes.set(title=method, xlabel="learning rate")
        axes.grid(False)
    panels[0].set_yticks(range(len(STARTS)), STARTS)
    figure.colorbar(picture, ax=panels, label="accuracy")

"""Two hidden layers deep the default starts more slowly than Xavier and nearly catches up."""

from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

WIDTH, SPLITS, BATCH, MATTERS = 32, 40, 50, 0.01
EARLY, LATE = 4, 20
RATES = {"SGD": (0.02, 0.05, 0.07, 0.1, 0.2), "Adam": (0.001, 0.003, 0.01, 0.03, 0.1)}
STARTS = {
    "default": None,
    "Xavier": nn.init.xavier_normal_,
    "Kaiming": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}

torch.set_default_dtype(torch.float64)  # whose rounding stays below what is shown
digits = load_digits()
labels = torch.tensor(digits.target)
generator = torch.Generator().manual_seed(0)
orders = torch.stack([torch.randperm(len(labels), generator=generator) for _ in range(SPLITS)])
train, held, test = orders.split([1000, 400, 397], 1)
pixels = torch.tensor(digits.data)
images = torch.stack([(pixels - pixels[rows].mean()) / pixels[rows].std() for rows in train])
split = torch.arange(SPLITS)[:, None]


def network(fill):
    layers = [nn.Linear(*pair) for pair in pairwise((64, WIDTH, WIDTH, 10))]
    for layer in layers if fill else []:
        fill(layer.weight)
        nn.init.zeros_(layer.bias)
    return layers


def trained(method, rate):
    torch.manual_seed(0)
    models = [network(fill) for fill in STARTS.values() for _ in range(SPLITS)]
    stacks = [
        torch.stack([part.detach() for part in parts])
        for layers in zip(*models, strict=True)
        for parts in ([layer.bias[None] for layer in layers], [layer.weight.T for layer in layers])
    ]
    # the first layers of all starts side by side, as they see the same images
    stacks[:2] = [torch.cat(part.split(SPLITS), 2) for part in stacks[:2]]
    stacks = [part.requires_grad_() for part in stacks]
    options = {"momentum": 0.9} if method == "SGD" else {}
    optimizer = getattr(torch.optim, method)(stacks, lr=rate, fused=True, **options)

    def logits(rows):
        bias, weight, *others, last_bias, last_weight = stacks
        signal = torch.baddbmm(bias, images[split, rows], weight).relu()
        signal = torch.cat(signal.split(WIDTH, 2))
        for bias, weight in zip(others[::2], others[1::2], strict=True):
            signal = torch.baddbmm(bias, signal, weight).relu()
        return torch.baddbmm(last_bias, signal, last_weight)

    @torch.no_grad()
    def accuracy(rows):
        hits = logits(rows).argmax(-1) == labels[rows].repeat(len(STARTS), 1)
        return hits.double().mean(1).view(-1, SPLITS)

    scores = []
    for epoch in range(1, LATE + 1):
        shuffled = train.gather(1, torch.rand(train.shape).argsort(1))
        for rows in shuffled.split(BATCH, 1):
            optimizer.zero_grad()
            targets = labels[rows].repeat(len(STARTS), 1)
            loss = F.cross_entropy(logits(rows).mT, targets, reduction="sum") / BATCH
            loss.backward()
            optimizer.step()
        if epoch in (EARLY, LATE):
            scores.append(torch.stack([accuracy(held), accuracy(test)]))
    return torch.stack(scores)


def verdict(low, high, better, worse):
    if max(-low, high) < MATTERS:
        return "no difference that matters"
    return f"{better} better" if low > 0 else f"{worse} better" if high < 0 else "cannot tell"


PAIRS = ("Xavier", "default"), ("Kaiming", "default"), ("Xavier", "Kaiming")
accuracy, chosen, paired = {}, {}, {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for method, rates in RATES.items():
    scores = torch.stack([trained(method, rate) for rate in rates], 1)
    for epochs, (held_out, final) in zip((EARLY, LATE), scores.movedim(1, 2), strict=True):
        budget = f"{method}, {epochs} epochs"
        accuracy[budget], chosen[budget], reached = {}, {}, {}
        for row, start in enumerate(STARTS):
            best = held_out[:, row].mean(1).argmax().item()
            reached[start], chosen[budget][start] = final[best, row], rates[best]
            accuracy[budget][start] = reached[start].mean().item()
        for one, other in PAIRS:
            name = f"{one} against {other}, {budget}"
            trial = ttest_rel(reached[one], reached[other])
            low, high = (float(end) for end in trial.confidence_interval())
            mean = (reached[one] - reached[other]).mean().item()
            told = verdict(low, high, one, other)
            paired[name] = {"mean": mean, "low": low, "high": high, "verdict": told}
            paired[name] |= {"runs": SPLITS, "matters": MATTERS}
            shown = [f"{round(value, 3) + 0:+.3f}" for value in (mean, low, high)]
            cells = f"{shown[0]} | {shown[1]} to {shown[2]} | {SPLITS} | {MATTERS}"
            if epochs == LATE or (method, other) == ("SGD", "default"):
                print(f"| {name} | {cells} | {told} |")
settled = paired[f"Xavier against default, SGD, {LATE} epochs"]["verdict"]

# %%
figure, panels = plt.subplots(2, 1, figsize=(6.4, 4.2), sharex=True, layout="constrained")
for axes, method in zip(panels, RATES, strict=True):
    for row, (one, other) in enumerate(PAIRS):
        for colour, epochs in (("C0", EARLY), ("C1", LATE)):
            part = paired[f"{one} against {other}, {method}, {epochs} epochs"]
            height = [-row + (0.13 if epochs == EARLY else -0.13)]
            label = f"{epochs} epochs" if row == 0 else None
            axes.plot([part["low"], part["high"]], height * 2, "-", color=colour, linewidth=2)
            axes.plot(part["mean"], height, "o", color=colour, label=label)
    for edge in (-MATTERS, MATTERS):
        axes.axvline(edge, color="0.5", linestyle=":")
    axes.set_yticks((0, -1, -2), [f"{one} against {other}" for one, other in PAIRS])
    axes.set(title=method, ylim=(-2.5, 0.5))
panels[0].legend()
panels[1].set(xlabel="difference in test accuracy")

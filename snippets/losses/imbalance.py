"""With one positive in ten, `pos_weight` does what moving the threshold does, and bends p."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits

digits = load_digits()
pixels = F.avg_pool2d(torch.tensor(digits.images, dtype=torch.float32), 2).flatten(1)
pixels = (pixels - pixels.mean(0)) / pixels.std(0).clamp(min=0.1)
INPUTS = pixels.shape[1]
pixels = torch.cat([pixels, torch.ones(len(pixels), 1)], 1)
eight = (torch.tensor(digits.target) == 8).float()
RATIO, SPLITS, MATTERS = 9, 60, 0.02
COUNTS = {"train": 60, "validation": 57, "test": 57}


def bce(logits, targets, **options):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none", **options)


def focal(logits, targets):
    terms = bce(logits, targets)
    return (1 - (-terms).exp()) ** 2 * terms


LOSSES = {
    "plain": bce,
    "pos_weight": lambda z, y: bce(z, y, pos_weight=torch.tensor(float(RATIO))),
    "focal": focal,
}


def split(seed):
    """Rows of the three parts: in each, one eight to nine other digits."""
    draw = torch.Generator().manual_seed(seed)
    groups = [(eight == value).nonzero()[:, 0] for value in (1, 0)]
    eights, others = (g[torch.randperm(len(g), generator=draw)] for g in groups)
    parts = []
    for count in COUNTS.values():
        parts.append(torch.cat([eights[:count], others[: RATIO * count]]))
        eights, others = eights[count:], others[RATIO * count :]
    return parts


def fit(loss, steps=150, rate=0.5, momentum=0.9):
    """One linear model per split, trained together; logits on validation and test images."""
    inputs, targets = pixels[train], eight[train]
    weight = torch.zeros(SPLITS, pixels.shape[1], 1, requires_grad=True)
    velocity = torch.zeros_like(weight)
    for _ in range(steps):
        total = loss((inputs @ weight)[..., 0], targets).mean(1).sum()
        (slope,) = torch.autograd.grad(total, weight)
        velocity = momentum * velocity + slope
        weight.data -= rate * velocity
    return [(pixels[rows] @ weight.detach())[..., 0] for rows in (validation, test)]


def best_threshold(logits, targets):
    """The logit with the best balanced accuracy on the validation images of each split."""
    ordered, order = logits.sort(1)
    below = targets.gather(1, order)
    lost = below.cumsum(1) / below.sum(1, keepdim=True)
    spared = (1 - below).cumsum(1) / (1 - below).sum(1, keepdim=True)
    cut = (spared - lost)[:, :-1].argmax(1, keepdim=True)
    return (ordered.gather(1, cut) + ordered.gather(1, cut + 1)) / 2


train, validation, test = (torch.stack(p) for p in zip(*map(split, range(SPLITS)), strict=True))
truth = eight[test]
logits, thresholds, recall, alarms, balanced, stated = {}, {}, {}, {}, {}, {}
precision = {}
for name, loss in LOSSES.items():
    valid, logits[name] = fit(loss)
    stated[name] = logits[name].sigmoid().mean().item()
    thresholds[name] = best_threshold(valid, eight[validation])
    for rule, threshold in (("at 0.5", 0.0), ("chosen", thresholds[name])):
        said = (logits[name] > threshold).float()
        found = (said * truth).sum(1) / truth.sum(1)
        false = (said * (1 - truth)).sum(1) / (1 - truth).sum(1)
        key = f"{name}, {rule}"
        recall[key], alarms[key] = found.mean().item(), false.mean().item()
        precision[key] = ((said * truth).sum() / said.sum()).item()
        balanced[key] = (found + 1 - false) / 2
balance = {name: each.mean().item() for name, each in balanced.items()}
corrected = (logits["pos_weight"] - torch.tensor(RATIO).log()).sigmoid().mean().item()
share = truth.mean().item()
eights, others = COUNTS["test"], RATIO * COUNTS["test"]  # test images of a split
caught = {name: eights * each for name, each in recall.items()}
raised = {name: others * each for name, each in alarms.items()}
always_no = 1 - share
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for rule in ("at 0.5", "chosen"):
    for name in ("pos_weight", "focal"):
        ours, plain = balanced[f"{name}, {rule}"], balanced[f"plain, {rule}"]
        low, high = (float(end) for end in ttest_rel(ours, plain).confidence_interval())
        verdict = "cannot tell"
        if max(-low, high) < MATTERS:
            verdict = "no difference that matters"
        elif low > 0 or high < 0:
            verdict = f"{name if low > 0 else 'plain'} better"
        key, mean = f"{name} against plain, threshold {rule}", (ours - plain).mean().item()
        paired[key] = {"mean": mean, "low": low, "high": high, "runs": SPLITS}
        paired[key] |= {"matters": MATTERS, "verdict": verdict}
        interval = f"{low:z.3f} to {high:z.3f}"
        print(f"| {key} | {mean:z.3f} | {interval} | {SPLITS} | {MATTERS} | {verdict} |")

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.4), sharey=True)
edges = [0.05 * step for step in range(21)]
for axes, name in zip(panels, ("plain", "pos_weight"), strict=True):
    said = logits[name].sigmoid()
    for value, label, colour in ((0, "other", "C0"), (1, "eight", "C1")):
        shown = said[truth == value]
        share_each = torch.full_like(shown, 1 / len(shown))
        look = {"histtype": "step", "color": colour, "linewidth": 2, "label": label}
        axes.hist(shown.tolist(), bins=edges, weights=share_each.tolist(), **look)
    axes.axvline(0.5, color="0.5", linestyle=":")
    middle = thresholds[name].median().sigmoid().item()
    axes.axvline(middle, color="C2", linestyle="--", label="chosen threshold")
    axes.set(title=name, xlabel="stated probability", ylim=(0, 0.85))
panels[0].set_ylabel("share of the class")
panels[0].legend(loc="upper right")

"""Averaging the weights takes the noise off a constant rate, more than a falling rate does."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, STEPS, BATCH, HIDDEN, DECAY, MATTERS = 40, 400, 16, 32, 0.98, 0.01
RATES = [0.2, 0.28, 0.4, 0.57, 0.8, 1.13, 1.6]
pixels, digit = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(digit)
generator = torch.Generator().manual_seed(0)
order = torch.rand(SPLITS, len(x), generator=generator).argsort(1)
training, validation, test = order[:, :1000], order[:, 1000:1400], order[:, 1400:]
shapes = [(64, 64, HIDDEN), (64, 1, HIDDEN), (HIDDEN, HIDDEN, 10), (HIDDEN, 1, 10)]
start = [
    torch.rand(SPLITS, *shape, generator=generator).mul(2).sub(1).div(fan_in**0.5)
    for fan_in, *shape in shapes
]
draws = torch.randint(1000, (STEPS, SPLITS, BATCH), generator=generator)
rows = torch.arange(SPLITS)[:, None]


def losses(weights, part):
    w1, b1, w2, b2 = weights
    logits = torch.baddbmm(b2, torch.baddbmm(b1, x[part], w1).relu(), w2)
    each = cross_entropy(logits.flatten(0, 1), y[part].flatten(), reduction="none")
    return each.view(part.shape).mean(1)


def train(rate, cosine):
    weights = [part.clone().requires_grad_() for part in start]
    average = [part.clone() for part in start]
    optimizer = torch.optim.SGD(weights, lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS if cosine else 10**9)
    for draw in draws:
        optimizer.zero_grad()
        losses(weights, training[rows, draw]).sum().backward()
        optimizer.step()
        schedule.step()
        for kept, new in zip(average, weights, strict=True):
            kept.lerp_(new.detach(), 1 - DECAY)
    with torch.no_grad():
        return [
            torch.stack([losses(found, part) for part in (validation, test)]).double()
            for found in (weights, average)
        ]


runs = {"last weights": {}, "average": {}, "cosine": {}}
for rate in RATES:
    runs["last weights"][rate], runs["average"][rate] = train(rate, cosine=False)
    runs["cosine"][rate] = train(rate, cosine=True)[0]
best = {name: min(tried, key=lambda r: tried[r][0].mean()) for name, tried in runs.items()}
final = {name: runs[name][rate][1] for name, rate in best.items()}
mean = {name: loss.mean().item() for name, loss in final.items()}
paired = {}
print("| comparison | first | second | mean difference | 95 % interval | verdict |")
print("|---|---|---|---|---|---|")
for one, other in (("average", "last weights"), ("cosine", "last weights"), ("average", "cosine")):
    test_of_pairs = ttest_rel(final[one].numpy(), final[other].numpy())
    low, high = (float(bound) for bound in test_of_pairs.confidence_interval())
    verdict = "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    elif low > 0 or high < 0:
        verdict = f"{other if low > 0 else one} better"
    gap = (final[one] - final[other]).mean().item()
    row = {"mean": gap, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[f"{one} against {other}"] = {**row, "verdict": verdict}
    print(f"| {one} against {other} | {mean[one]:.2f} | {mean[other]:.2f}", end="")
    print(f" | {gap:+z.2f} | {low:+z.2f} to {high:+z.2f} | {verdict} |")

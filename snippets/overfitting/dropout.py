"""Dropout raises the accuracy; forget eval() and the gain is gone."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, NOISE, MATTERS = 20, 60, 50, 0.2, 0.02
CHANCES = (0.0, 0.2, 0.5, 0.7, 0.9)
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
test, train, given = order[:, :700], order[:, 800:1000], given[:, 800:1000]
test, train, given = (rows.repeat(len(CHANCES), 1) for rows in (test, train, given))
chance = torch.tensor(CHANCES).repeat_interleave(SPLITS)[:, None, None]

parameters = [
    ((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).repeat(len(CHANCES), 1, 1)
    for fan_in, fan_out in ((64, 64), (64, 10))
    for rows in (fan_in, 1)
]
parameters = [part.requires_grad_() for part in parameters]
optimizer = torch.optim.AdamW(parameters, lr=1e-2, weight_decay=0, fused=True)


def forward(index, training):
    weight, bias, last_weight, last_bias = parameters
    hidden = torch.baddbmm(bias, images[index], weight).relu()
    if training:
        hidden = hidden * (torch.rand_like(hidden) >= chance) / (1 - chance)
    return torch.baddbmm(last_bias, hidden, last_weight)


for _ in range(EPOCHS):
    shuffled = torch.rand(SPLITS, 200).argsort(1).repeat(len(CHANCES), 1)
    for batch in shuffled.split(BATCH, 1):
        logits, y = forward(train.take_along_dim(batch, 1), True), given.take_along_dim(batch, 1)
        optimizer.zero_grad()
        (len(train) * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
        optimizer.step()


@torch.no_grad()
def right(index, y, training=False):
    hits = forward(index, training).argmax(-1) == y
    return hits.double().mean(1).view(len(CHANCES), SPLITS)


scores = {
    "training": right(train, given),
    "test": right(test, labels[test]),
    "forgotten": right(test, labels[test], training=True),
}
accuracy = {
    p: {name: rows[k].mean().item() for name, rows in scores.items()} for k, p in enumerate(CHANCES)
}
print("| p | training accuracy | test accuracy | without eval() |\n|---|---|---|---|")
for p, row in accuracy.items():
    print(f"| {p} |", " | ".join(f"{value:.2f}" for value in row.values()), "|")

# %%
half = CHANCES.index(0.5)
pairs = {
    "dropout 0.5 against none": (scores["test"][half], scores["test"][0]),
    "eval() called against forgotten": (scores["test"][half], scores["forgotten"][half]),
}
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for name, (one, other) in pairs.items():
    low, high = map(float, ttest_rel(one, other).confidence_interval())
    mean, first, second = (one - other).mean().item(), *name.split(" against ")
    verdict = f"{first if low > 0 else second} better" if low * high > 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[name] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[name] |= {"verdict": verdict}
    print(f"| {name} | {mean:+z.2f} | {low:+z.2f} to {high:+z.2f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")

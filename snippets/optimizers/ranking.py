"""Adam leads after 120 steps; after 600 steps no difference between the optimizers matters."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, BATCH, HIDDEN, MATTERS = 24, 32, 32, 0.02
BUDGETS = [120, 600]
KINDS = {
    "SGD": (torch.optim.SGD, {}, [0.25, 0.5, 1.0, 2.0, 4.0]),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, [0.025, 0.05, 0.1, 0.2, 0.4]),
    "RMSprop": (torch.optim.RMSprop, {}, [0.0025, 0.005, 0.01, 0.02, 0.04]),
    "Adam": (torch.optim.Adam, {}, [0.0025, 0.005, 0.01, 0.02, 0.04, 0.08]),
    "AdamW": (torch.optim.AdamW, {}, [0.0025, 0.005, 0.01, 0.02, 0.04, 0.08]),
}
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
draws = torch.randint(1000, (BUDGETS[-1], SPLITS, BATCH), generator=generator)
rows = torch.arange(SPLITS)[:, None]


def losses(weights, part):
    w1, b1, w2, b2 = weights
    logits = torch.baddbmm(b2, torch.baddbmm(b1, x[part], w1).relu(), w2)
    each = cross_entropy(logits.flatten(0, 1), y[part].flatten(), reduction="none")
    return each.view(part.shape).mean(1)


def train(kind, settings, rate):
    """Each split has a network of its own; they are trained side by side, in one tensor."""
    weights = [part.clone().requires_grad_() for part in start]
    optimizer = kind(weights, lr=rate, **settings)
    found = {}
    for step, draw in enumerate(draws, 1):
        optimizer.zero_grad()
        losses(weights, training[rows, draw]).sum().backward()
        optimizer.step()
        if step in BUDGETS:
            with torch.no_grad():
                both = [losses(weights, part) for part in (validation, test)]
            found[step] = torch.stack(both).double()
    return found


runs = {
    name: {rate: train(kind, settings, rate) for rate in rates}
    for name, (kind, settings, rates) in KINDS.items()
}
best, place, mean, paired = {}, {}, {}, {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for budget in BUDGETS:
    best[budget] = {
        name: min(tried, key=lambda rate: tried[rate][budget][0].mean())
        for name, tried in runs.items()
    }
    place[budget] = {name: KINDS[name][2].index(rate) for name, rate in best[budget].items()}
    final = {name: runs[name][rate][budget][1] for name, rate in best[budget].items()}
    mean[budget] = {name: loss.mean().item() for name, loss in final.items()}
    paired[budget] = {}
    for other in ("SGD", "momentum", "RMSprop", "AdamW"):
        outcome = ttest_rel(final["Adam"].numpy(), final[other].numpy())
        low, high = (float(bound) for bound in outcome.confidence_interval())
        verdict = "cannot tell"
        if -MATTERS < low and high < MATTERS:
            verdict = "no difference that matters"
        elif low > 0 or high < 0:
            verdict = f"{other if low > 0 else 'Adam'} better"
        gap = (final["Adam"] - final[other]).mean().item()
        row = {"mean": gap, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
        paired[budget][f"Adam against {other}"] = {**row, "verdict": verdict}
        middle, interval = f"{gap:+.2f}", f"{low:+.2f} to {high:+.2f}"
        print(f"| Adam against {other}, {budget} steps | {middle} | {interval}", end="")
        print(f" | {SPLITS} | {MATTERS} | {verdict} |")

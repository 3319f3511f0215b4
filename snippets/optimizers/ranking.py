"""Adam leads SGD and RMSprop after 120 steps; after 600 no difference matters."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

BATCH, HIDDEN, MATTERS = 32, 32, 0.02
TRIALS, SPLITS = 12, {120: 48, 600: 64}
KINDS = {
    "SGD": (torch.optim.SGD, {"fused": True}, 0.125),
    "momentum": (torch.optim.SGD, {"momentum": 0.9, "fused": True}, 0.025),
    "RMSprop": (torch.optim.RMSprop, {}, 0.0025),
    "Adam": (torch.optim.Adam, {"fused": True}, 0.0025),
    "AdamW": (torch.optim.AdamW, {"fused": True}, 0.0025),
}
pixels, digit = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(digit)
shapes = [(64, 64, HIDDEN), (64, 1, HIDDEN), (HIDDEN, HIDDEN, 10), (HIDDEN, 1, 10)]


def losses(weights, part):
    w1, b1, w2, b2 = weights
    logits = torch.baddbmm(b2, torch.baddbmm(b1, x[part], w1).relu(), w2)
    each = cross_entropy(logits.flatten(0, 1), y[part].flatten(), reduction="none")
    return each.view(part.shape).mean(1)


def train(kind, settings, rate, steps, splits):
    """Each split has a network of its own; they are trained side by side, in one tensor."""
    generator = torch.Generator().manual_seed(steps)
    order = torch.rand(splits, len(x), generator=generator).argsort(1)
    training, validation, test = order[:, :1000], order[:, 1000:1400], order[:, 1400:]
    weights = [
        torch.rand(splits, *shape, generator=generator).mul(2).sub(1).div(fan_in**0.5)
        for fan_in, *shape in shapes
    ]
    weights = [part.requires_grad_() for part in weights]
    optimizer = kind(weights, lr=rate, **settings)
    rows = torch.arange(splits)[:, None]
    for _ in range(steps):
        draw = torch.randint(1000, (splits, BATCH), generator=generator)
        optimizer.zero_grad()
        losses(weights, training[rows, draw]).sum().backward()
        optimizer.step()
    with torch.no_grad():
        return torch.stack([losses(weights, part) for part in (validation, test)]).double()


best, place, mean, paired = {}, {}, {}, {}
print("| comparison | first | second | mean difference | 95 % interval | verdict |")
print("|---|---|---|---|---|---|")
for budget, splits in SPLITS.items():
    best[budget], place[budget], final = {}, {}, {}
    for name, (kind, settings, lowest) in KINDS.items():
        doublings = range(1, 6) if budget == min(SPLITS) else range(5)
        tried = [lowest * 2**power for power in doublings]
        held = {rate: train(kind, settings, rate, budget, TRIALS)[0].mean() for rate in tried}
        # the two best again with all splits: at a rate too large few runs fail, but these count
        runs = {r: train(kind, settings, r, budget, splits) for r in sorted(held, key=held.get)[:2]}
        best[budget][name] = min(runs, key=lambda rate: runs[rate][0].mean())
        final[name] = runs[best[budget][name]][1]
        place[budget][name] = [tried.index(best[budget][name]), len(tried)]
    mean[budget] = {name: loss.mean().item() for name, loss in final.items()}
    paired[budget] = {}
    for other in ("SGD", "momentum", "RMSprop", "AdamW"):
        outcome = ttest_rel(final["Adam"].numpy(), final[other].numpy())
        low, high = (float(bound) for bound in outcome.confidence_interval())
        verdict = "cannot tell"
        if low > -MATTERS and high < MATTERS:
            verdict = "no difference that matters"
        elif low > 0 or high < 0:
            verdict = f"{other if low > 0 else 'Adam'} better"
        gap = (final["Adam"] - final[other]).mean().item()
        row = {"mean": gap, "low": low, "high": high, "runs": splits, "matters": MATTERS}
        paired[budget][f"Adam against {other}"] = {**row, "verdict": verdict}
        middle, interval = f"{gap:+z.2f}", f"{low:+z.2f} to {high:+z.2f}"
        print(f"| Adam against {other}, {budget} steps | {mean[budget]['Adam']:.2f}", end="")
        print(f" | {mean[budget][other]:.2f} | {middle} | {interval} | {verdict} |")
lead = mean[120]["SGD"] - mean[120]["Adam"]

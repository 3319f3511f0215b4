"""Muon gives all directions of a weight matrix the same step, which gradients do not."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

HIDDEN, SPLITS, STEPS, BATCH, WIDTH, MATTERS = 4, 32, 40, 32, 32, 0.02
RATES = [0.005, 0.01, 0.02, 0.04]
pixels, digit = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(digit)
generator = torch.Generator().manual_seed(0)
order = torch.rand(SPLITS, len(x), generator=generator).argsort(1)
training, validation, test = order[:, :1000], order[:, 1000:1400], order[:, 1400:]
shapes = [(64, WIDTH), *[(WIDTH, WIDTH)] * HIDDEN, (WIDTH, 10)]
start = [
    torch.randn(SPLITS, *shape, generator=generator) * (2 / shape[0]) ** 0.5 for shape in shapes
]
draws = torch.randint(1000, (STEPS, SPLITS, BATCH), generator=generator)


def losses(layers, part):
    h = x[part]
    for index, layer in enumerate(layers):
        h = torch.bmm(h.relu() if index else h, torch.stack(layer))
    each = cross_entropy(h.flatten(0, 1), y[part].flatten(), reduction="none")
    return each.view(part.shape).mean(1)


def train(rate, muon):
    layers = [[w.clone().requires_grad_() for w in layer] for layer in start]
    hidden = [w for layer in layers[1:-1] for w in layer]
    others = layers[0] + layers[-1]
    optimizers = [torch.optim.AdamW(others if muon else others + hidden, lr=rate, fused=True)]
    if muon:
        settings = {"weight_decay": 0.01, "adjust_lr_fn": "match_rms_adamw"}
        optimizers.append(torch.optim.Muon(hidden, lr=rate, **settings))
    rows = torch.arange(SPLITS)[:, None]
    for draw in draws:
        for optimizer in optimizers:
            optimizer.zero_grad()
        losses(layers, training[rows, draw]).sum().backward()
        for optimizer in optimizers:
            optimizer.step()
    with torch.no_grad():
        return [losses(layers, part).double() for part in (validation, test)]


def spread(matrix):
    values = torch.linalg.svdvals(matrix)
    return (values[0] / values[len(values) // 2]).item()


w = torch.zeros(WIDTH, WIDTH, requires_grad=True)
optimizer = torch.optim.Muon([w], lr=1.0, weight_decay=0.0)
factors = torch.randn(2, WIDTH, WIDTH, generator=generator)
w.grad = factors[0] @ torch.logspace(0, -2, WIDTH).diag() @ factors[1]
before = spread(w.grad)
optimizer.step()
after = spread(w.detach())
print(f"largest singular value over the middle one: gradient {before:.0f}, Muon's step {after:.1f}")

# %%
best, final = {}, {}
for name, muon in (("AdamW", False), ("Muon", True)):
    runs = {rate: train(rate, muon) for rate in RATES}
    best[name] = min(RATES, key=lambda rate: runs[rate][0].mean())
    final[name] = runs[best[name]][1]
mean = {name: loss.mean().item() for name, loss in final.items()}
outcome = ttest_rel(final["Muon"].numpy(), final["AdamW"].numpy())
low, high = (float(bound) for bound in outcome.confidence_interval())
verdict = "cannot tell"
if low > -MATTERS and high < MATTERS:
    verdict = "no difference that matters"
elif low > 0 or high < 0:
    verdict = "AdamW better" if low > 0 else "Muon better"
gap = (final["Muon"] - final["AdamW"]).mean().item()
row = {"mean": gap, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
paired = {"Muon against AdamW": {**row, "verdict": verdict}}
print("| comparison | first | second | mean difference | 95 % interval | verdict |")
print("|---|---|---|---|---|---|")
print(f"| Muon against AdamW | {mean['Muon']:.2f} | {mean['AdamW']:.2f} | {gap:+z.2f}", end="")
print(f" | {low:+z.2f} to {high:+z.2f} | {verdict} |")

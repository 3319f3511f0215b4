"""Adam beats momentum where scales or frequencies differ widely, and not on the controls."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_breast_cancer
from torch.nn.functional import binary_cross_entropy_with_logits

WORDS, LENGTH, NOISE = 300, 10, 0.3
KINDS = {"momentum": (torch.optim.SGD, {"momentum": 0.9}), "Adam": (torch.optim.Adam, {})}


def log_loss(w, x, y):
    logits = (x * w[:, None]).sum(-1)
    return binary_cross_entropy_with_logits(logits, y, reduction="none").mean(1)


def squared_error(w, words, y):
    score = w.gather(1, words.flatten(1)).view(words.shape).sum(-1)
    return (score - y).square().mean(1)


def tumours(standardised, splits=80):
    """Breast cancer, split anew for each run: 300 to train, 100 to validate, the rest to test."""
    x, y = (torch.tensor(part).float() for part in load_breast_cancer(return_X_y=True))
    order = torch.rand(splits, len(x), generator=torch.Generator().manual_seed(0)).argsort(1)
    parts = order[:, :300], order[:, 300:400], order[:, 400:]
    middle, spread = x[parts[0]].mean(1, keepdim=True), x[parts[0]].std(1, keepdim=True)
    scaled = [(x[part] - middle) / spread if standardised else x[part] for part in parts]
    one = [torch.ones(*part.shape, 1) for part in parts]
    inputs = [torch.cat(pair, -1) for pair in zip(scaled, one, strict=True)]
    return [(x, y[part]) for x, part in zip(inputs, parts, strict=True)]


def texts(rare, worlds=24):
    """Texts of ten words, each word with a value of its own; the target is their sum, and noise."""
    generator = torch.Generator().manual_seed(1)
    frequency = 1 / torch.arange(1, WORDS + 1).float() if rare else torch.ones(WORDS)
    value = torch.randn(worlds, WORDS, generator=generator)
    sets = []
    for count in (4000, 500, 1000):
        shape = (worlds, count, LENGTH)
        words = frequency.multinomial(worlds * count * LENGTH, True, generator=generator)
        words = words.view(shape)
        total = value.gather(1, words.flatten(1)).view(shape).sum(-1)
        sets.append((words, total + NOISE * torch.randn(shape[:2], generator=generator)))
    return sets


def train(kind, settings, rate, loss, sets, size, steps):
    (x, y), validation, test = sets
    generator = torch.Generator().manual_seed(2)
    rows = torch.arange(len(x))[:, None]
    w = torch.zeros(len(x), size, requires_grad=True)
    optimizer = kind([w], lr=rate, **settings)
    for _ in range(steps):
        batch = torch.randint(x.shape[1], (len(x), 32), generator=generator)
        optimizer.zero_grad()
        loss(w, x[rows, batch], y[rows, batch]).sum().backward()
        optimizer.step()
    with torch.no_grad():
        found = torch.stack([loss(w, *validation), loss(w, *test)])
    return found.nan_to_num(1e6).clamp(max=1e6).double()


def grid(low, count=6):
    return [low * 10 ** (power / 2) for power in range(count)]


PROBLEMS = {
    "raw features": (log_loss, tumours(False), 31, 300, 0.02, (3e-7, 3e-4)),
    "standardised features": (log_loss, tumours(True), 31, 300, 0.02, (1e-3, 1e-3)),
    "rare words": (squared_error, texts(True), WORDS, 100, 0.05, (3e-3, 1e-2)),
    "equally common words": (squared_error, texts(False), WORDS, 100, 0.05, (3e-3, 1e-2)),
    "rare words, 600 steps": (squared_error, texts(True), WORDS, 600, 0.01, (3e-3, 3e-3)),
}
(features, _), *_ = tumours(False)
sizes = features[0, :, :-1].std(0)
apart = round((sizes.max() / sizes.min()).item(), -5)
chosen, final, paired, differences = {}, {}, {}, {}
for problem, (loss, sets, size, steps, matters, lows) in PROBLEMS.items():
    chosen[problem], final[problem] = {}, {}
    for (name, (kind, settings)), low in zip(KINDS.items(), lows, strict=True):
        runs = {r: train(kind, settings, r, loss, sets, size, steps) for r in grid(low)}
        best = min(runs, key=lambda rate: runs[rate][0].mean())
        chosen[problem][name] = {"place": list(runs).index(best), "of": len(runs)}
        # between the neighbours of the best: a grid too coarse would favour one of the two
        near = [best * 1.5**power for power in (-2, -1, 1, 2)]
        runs |= {r: train(kind, settings, r, loss, sets, size, steps) for r in near}
        best = min(runs, key=lambda rate: runs[rate][0].mean())
        chosen[problem][name]["rate"] = best
        final[problem][name] = runs[best][1]
    adam, momentum = final[problem]["Adam"], final[problem]["momentum"]
    test = ttest_rel(adam.numpy(), momentum.numpy())
    low, high = (float(bound) for bound in test.confidence_interval())
    verdict = "cannot tell"
    if -matters < low and high < matters:
        verdict = "no difference that matters"
    elif low > 0 or high < 0:
        verdict = "momentum better" if low > 0 else "Adam better"
    differences[problem] = (adam - momentum).tolist()
    paired[problem] = {
        "mean": (adam - momentum).mean().item(),
        "low": low,
        "high": high,
        "runs": len(adam),
        "steps": steps,
        "matters": matters,
        "verdict": verdict,
        "Adam": adam.mean().item(),
        "momentum": momentum.mean().item(),
    }
late = paired["rare words, 600 steps"]
lead = -late["mean"]
above = {name: late[name] - NOISE**2 for name in KINDS}  # what the noise of the targets leaves
print("| comparison | first | second | mean difference | 95 % interval | verdict |")
print("|---|---|---|---|---|---|")
for problem, row in paired.items():
    middle, interval = f"{row['mean']:+z.3f}", f"{row['low']:+z.3f} to {row['high']:+z.3f}"
    print(f"| Adam against momentum, {problem} | {row['Adam']:.2f} | {row['momentum']:.2f}", end="")
    print(f" | {middle} | {interval} | {row['verdict']} |")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for row, (problem, found) in enumerate(paired.items()):
    axes.plot(differences[problem], [row] * found["runs"], "|", color="C0")
    axes.plot([found["low"], found["high"]], [row + 0.3] * 2, color="C1", linewidth=3)
    axes.plot(found["mean"], row + 0.3, "o", color="C1")
axes.axvline(0, color="0.6", linestyle=":")
axes.set_yticks(range(len(paired)), list(paired))
axes.invert_yaxis()
axes.set(xlabel="test loss: Adam minus momentum")

"""Clipping saves training from a few mistyped targets and costs nothing without them."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data)
X = torch.cat([X / X.std(0), torch.ones(len(X), 1)], 1)
y = torch.tensor(diabetes.target)
n, batch, epochs, tuning, judging, matters = len(X), 8, 30, 20, 80, 0.01
training, validation = 252, 90
rates = [0.1 * 2.0**-k for k in range(12)]
limits = [0.0625 * 4.0**k for k in range(-1, 5)]


def train(settings, splits, slips):
    """Validation loss, test loss, gradient lengths: a row for each setting, a column a split."""
    order = torch.rand(splits, n).argsort(1)
    fit = order[:, :training]
    centre, scale = y[fit].mean(1, keepdim=True), y[fit].std(1, keepdim=True)
    clean = (y[order] - centre) / scale
    typed = clean[:, :training].clone()
    typed[:, :slips] = (10 * y[order[:, :slips]] - centre) / scale
    rate, limit = torch.tensor(settings, dtype=torch.float64).T[:, :, None, None]
    lengths = []
    w = torch.zeros(len(settings), splits, 11, dtype=torch.float64)
    for _ in range(epochs):
        shuffled = torch.rand(splits, training).argsort(1)
        for j in shuffled[:, : training // batch * batch].split(batch, 1):
            x, target = X[fit.gather(1, j)], typed.gather(1, j)
            error = (w[..., None, :] * x).sum(-1) - target
            gradient = (error[..., None] * x).mean(-2)
            length = gradient.norm(dim=-1, keepdim=True)
            lengths.append(length)
            w -= rate * gradient * (limit / length).clamp(max=1)
    held = order[:, training:]
    errors = ((w[..., None, :] * X[held]).sum(-1) - clean[:, training:]).square() / 2
    validated, tested = errors.split([validation, n - training - validation], -1)
    return validated.mean(-1), tested.mean(-1), torch.stack(lengths, 1)


grids = {
    "plain": [(rate, torch.inf) for rate in rates],
    "clipped": [(rate, limit) for rate in rates for limit in limits],
}
torch.manual_seed(0)
chosen, paired, level, usual, best, own = {}, {}, {}, {}, {}, {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---:|---:|---:|---:|---|")
for slips, data in ((0, "clean targets"), (5, "five slips")):
    validated = {
        name: train(grid, tuning, slips)[0].mean(1).nan_to_num(torch.inf)
        for name, grid in grids.items()
    }
    chosen[data] = {}
    for name, grid in grids.items():  # the smallest limit only shows that less is no better
        loss = dict(zip(grid, validated[name].tolist(), strict=True))
        chosen[data][name] = min((pair for pair in grid if pair[1] > limits[0]), key=loss.get)
    by_rate = validated["clipped"].view(len(rates), len(limits))
    best[data] = dict(zip(limits, by_rate.amin(0).tolist(), strict=True))
    own[data] = dict(zip(limits, [rates[k] for k in by_rate.argmin(0)], strict=True))
    _, (plain, clipped), lengths = train(list(chosen[data].values()), judging, slips)
    usual[data] = lengths[1].median().item()
    level[data] = {"plain": plain.mean().item(), "clipped": clipped.mean().item()}
    low, high = ttest_rel(clipped, plain).confidence_interval()
    verdict = "clipped better" if high < 0 else "plain better" if low > 0 else "cannot tell"
    if max(-low, high) < matters:
        verdict = "no difference that matters"
    mean, name = (clipped - plain).mean().item(), f"clipped against plain, {data}"
    paired[name] = {"mean": mean, "low": float(low), "high": float(high), "runs": judging}
    paired[name] |= {"matters": matters, "verdict": verdict}
    shown = [round(float(number), 2) + 0 for number in (mean, low, high)]
    numbers = "{:.2f} | {:.2f} to {:.2f}".format(*shown) + f" | {judging} | {matters}"
    print(f"| {name} | {numbers} | {verdict} |")
print("\nvalidation loss with five slips:")
for limit in limits[1:]:  # the best rate of the smallest limit stands at the edge of the grid
    print(f"c = {limit:5.2f}: {best[data][limit]:.2f}, at a rate of {own[data][limit]:.1g}")
inside = {
    data: all(min(rates) < rate < max(rates) for rate, _ in both.values())
    and best[data][limits[0]] > min(best[data].values()) - matters / 10
    for data, both in chosen.items()
}

"""Schedules that end low beat a constant rate where noise remains; warm-up changes nothing."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy, one_hot
from torch.optim import lr_scheduler

digits = load_digits()
X, y = torch.tensor(digits.data / 16).float(), torch.tensor(digits.target)
X = torch.cat([X, torch.ones(len(X), 1)], 1)
Y = one_hot(y, 10).float()
training, validation, batch, epochs, matters = 1000, 400, 4, 10, 0.005
tuning, judging, steps = 20, 80, 10 * 1000 // 4
rates = [0.2 * 2.0 ** (k / 2) for k in range(9)]
schedulers = {
    "constant": lambda o: lr_scheduler.LambdaLR(o, lambda step: 1.0),
    "step decay": lambda o: lr_scheduler.MultiStepLR(o, [steps // 2, 3 * steps // 4], gamma=0.1),
    "exponential": lambda o: lr_scheduler.ExponentialLR(o, gamma=0.05 ** (1 / steps)),
    "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=steps),
    "one-cycle": lambda o: lr_scheduler.OneCycleLR(
        o, max_lr=1.0, total_steps=steps, cycle_momentum=False
    ),
    "warm-up": lambda o: lr_scheduler.LinearLR(o, start_factor=0.01, total_iters=steps // 10),
}


def factors(scheduler):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, path = scheduler(optimizer), []
    for _ in range(steps):
        path.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return torch.tensor(path)


def train(schedules, splits):
    """Validation and test loss: one row for each schedule (steps x rates), one column a split."""
    rows = torch.cat([schedule.reshape(steps, -1) for schedule in schedules], 1)
    orders = torch.stack([torch.randperm(len(X)) for _ in range(splits)])
    epoch = [
        orders[:, :training].gather(1, torch.rand(splits, training).argsort(1))
        for _ in range(epochs)
    ]
    batches = torch.cat(epoch, 1).reshape(splits, steps, batch)
    w = torch.zeros(splits, 65, rows.shape[1] * 10)  # side by side: one product for all rows
    for step, i in enumerate(batches.unbind(1)):
        x, target = X[i], Y[i][:, :, None]
        error = (x @ w).unflatten(-1, (-1, 10)).softmax(-1) - target
        w.baddbmm_(x.mT, (error * rows[step][:, None] / batch).flatten(2), alpha=-1)
    losses = []
    for part in orders[:, training:].split([validation, len(X) - training - validation], 1):
        score = (X[part] @ w).unflatten(-1, (-1, 10))
        target = y[part][:, :, None].expand(score.shape[:-1])
        loss = cross_entropy(score.flatten(0, -2), target.flatten(), reduction="none")
        losses.append(loss.reshape(target.shape).mean(1).T.double())
    return losses


factor = {name: factors(scheduler) for name, scheduler in schedulers.items()}
torch.manual_seed(0)
grid = [path[:, None] * torch.tensor(rates) for path in factor.values()]
validated = train(grid, tuning)[0].mean(1).reshape(len(factor), len(rates))
best = {name: rates[row.argmin()] for name, row in zip(factor, validated, strict=True)}
tests = train([best[name] * path for name, path in factor.items()], judging)[1]
tested = dict(zip(factor, tests, strict=True))
level = {name: loss.mean().item() for name, loss in tested.items()}

paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---:|---:|---:|---:|---|")
for name in list(factor)[1:]:
    test = ttest_rel(tested[name], tested["constant"])
    low, high = test.confidence_interval()
    verdict = "constant better" if low > 0 else f"{name} better" if high < 0 else "cannot tell"
    if max(-low, high) < matters:
        verdict = "no difference that matters"
    mean, pair = (tested[name] - tested["constant"]).mean().item(), f"{name} against constant"
    paired[pair] = {"mean": mean, "low": float(low), "high": float(high), "runs": judging}
    paired[pair] |= {"matters": matters, "verdict": verdict}
    numbers = f"{mean:.3f} | {low:.3f} to {high:.3f} | {judging} | {matters}"
    print(f"| {pair} | {numbers} | {verdict} |")
gain = -paired["cosine against constant"]["mean"]
warmed = paired["warm-up against constant"]["verdict"]
inside = {name: min(rates) < rate < max(rates) for name, rate in best.items()}

# %%
figure, axes = plt.subplots(figsize=(6.4, 2.8))
for name, path in factor.items():
    axes.plot(path, label=name)
axes.set(xlabel="step", ylabel="share of the largest rate", ylim=(0, 1.45), xlim=(0, steps))
axes.legend(ncols=3, loc="upper center")

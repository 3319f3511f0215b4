"""With 5 % of the training targets ten times too large, Huber's loss keeps its error."""

import torch
import torch.nn.functional as F
from scipy.stats import ttest_rel
from sklearn.datasets import load_diabetes

data = load_diabetes()
features = torch.tensor(data.data, dtype=torch.float32)
features = (features - features.mean(0)) / features.std(0)
features = torch.cat([features, torch.ones(len(features), 1)], 1)
target = torch.tensor(data.target, dtype=torch.float32)
scale = target.std().item()
SPLITS, WRONG, MATTERS, DELTA = 40, 0.05, 2, 0.5
LOSSES = {
    "MSE": lambda p, t: F.mse_loss(p, t, reduction="none"),
    "L1": lambda p, t: F.l1_loss(p, t, reduction="none"),
    "Huber": lambda p, t: F.huber_loss(p, t, reduction="none", delta=DELTA),
}
draws = [torch.Generator().manual_seed(seed) for seed in range(SPLITS)]
rows = torch.stack([torch.randperm(len(target), generator=draw) for draw in draws])
train, test = rows.split((300, 142), 1)
hit = torch.stack([torch.rand(300, generator=draw) < WRONG for draw in draws])
middle = target[train].median(1, keepdim=True).values
guessed = (target[test] - middle).abs().mean().item()  # the same number for everybody
TARGETS = {"clean": target[train], "wrong": torch.where(hit, 10 * target[train], target[train])}


def fit(loss, goal, steps=400, rate=0.05, momentum=0.9):
    """Mean absolute test error of one linear model per split, trained together."""
    # a few wrong targets hardly move the quartiles
    quartiles = torch.tensor([0.25, 0.5, 0.75])
    low, centre, high = goal.quantile(quartiles, 1).unsqueeze(2)
    inputs, goal = features[train], (goal - centre) / (high - low)
    weight = torch.zeros(SPLITS, features.shape[1], 1, requires_grad=True)
    speed = torch.zeros_like(weight)
    for step in range(steps):
        total = loss((inputs @ weight)[..., 0], goal).mean(1).sum()
        (slope,) = torch.autograd.grad(total, weight)
        speed = momentum * speed + slope
        weight.data -= rate * (1 - step / steps) * speed
    prediction = centre + (high - low) * (features[test] @ weight.detach())[..., 0]
    return (prediction - target[test]).abs().mean(1)


errors, error, paired = {}, {}, {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for state, goal in TARGETS.items():
    for name, loss in LOSSES.items():
        errors[name] = fit(loss, goal)
        error[f"{name}, {state}"] = errors[name].mean().item()
    for name in ("L1", "Huber"):
        low, high = (float(e) for e in ttest_rel(errors[name], errors["MSE"]).confidence_interval())
        verdict = "cannot tell"
        if max(-low, high) < MATTERS:
            verdict = "no difference that matters"
        elif low > 0 or high < 0:
            verdict = f"{'MSE' if low > 0 else name} better"
        key, mean = f"{name} against MSE, {state} targets", (errors[name] - errors["MSE"]).mean()
        paired[key] = {"mean": mean.item(), "low": low, "high": high, "runs": SPLITS}
        paired[key] |= {"matters": MATTERS, "verdict": verdict}
        interval = f"{low:z.1f} to {high:z.1f}"
        print(f"| {key} | {mean:z.1f} | {interval} | {SPLITS} | {MATTERS} | {verdict} |")

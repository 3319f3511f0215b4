"""An L1 penalty sets useless weights to exactly zero; an L2 penalty only shrinks them."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_diabetes

SPLITS, TRAIN, VALIDATION, NOISE_FEATURES, STEPS, MATTERS = 60, 100, 100, 50, 400, 0.02
STRENGTHS = torch.logspace(-3, 1, 17)
torch.set_default_dtype(torch.float64)
diabetes = load_diabetes()
torch.manual_seed(0)
measured = torch.tensor(diabetes.data)
target = torch.tensor(diabetes.target)
order = torch.stack([torch.randperm(len(target)) for _ in range(SPLITS)])
noise = torch.randn(SPLITS, len(target), NOISE_FEATURES)
x = torch.cat([measured[order], noise], 2)
x = (x - x[:, :TRAIN].mean(1, keepdim=True)) / x[:, :TRAIN].std(1, keepdim=True)
y = target[order] - target[order][:, :TRAIN].mean(1, keepdim=True)
y = (y / target.std())[..., None]
sizes = (TRAIN, VALIDATION, len(target) - TRAIN - VALIDATION)
x, y = (rows.split(sizes, 1) for rows in (x, y))

square, mixed = x[0].mT @ x[0] / TRAIN, x[0].mT @ y[0] / TRAIN
rate = 1 / torch.linalg.eigvalsh(square)[:, -1, None, None]
weights = {name: torch.zeros(SPLITS, len(mixed[0]), len(STRENGTHS)) for name in ("L1", "L2")}
for _ in range(STEPS):
    step = {name: w - rate * (square @ w - mixed) for name, w in weights.items()}
    weights["L1"] = step["L1"].sign() * (step["L1"].abs() - rate * STRENGTHS).relu()
    weights["L2"] = step["L2"] / (1 + rate * STRENGTHS)
weights["none"] = torch.linalg.solve(square, mixed)

errors, zeros, inside = {}, {}, {}
for name, w in weights.items():
    scores = (x[1] @ w - y[1]).square().mean(1)
    best = scores.argmin(1)
    chosen = w.take_along_dim(best[:, None, None], 2)
    errors[name] = (x[2] @ chosen - y[2]).square().mean((1, 2))
    zeros[name] = (chosen[:, 10:] == 0).double().mean().item()
    inside[name] = ((best > 0) & (best < len(STRENGTHS) - 1)).double().mean().item()
error = {name: values.mean().item() for name, values in errors.items()}
print("| penalty | test error | useless weights at zero |\n|---|---|---|")
for name in ("none", "L2", "L1"):
    print(f"| {name} | {error[name]:.2f} | {100 * zeros[name]:.0f} % |")

# %%
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for first, second in (("L2", "none"), ("L1", "L2")):
    one, other = errors[first], errors[second]
    low, high = map(float, ttest_rel(one, other).confidence_interval())
    mean, name = (one - other).mean().item(), f"{first} against {second}"
    verdict = f"{first if high < 0 else second} better" if low * high > 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[name] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[name] |= {"verdict": verdict}
    print(f"| {name} | {mean:+z.2f} | {low:+z.2f} to {high:+z.2f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")

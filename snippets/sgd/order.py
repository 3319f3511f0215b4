"""In one epoch the way of drawing moves the mean risk by less than anyone would notice."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import softplus

digits = load_digits()
X = torch.tensor(digits.data / 16).float()
X = torch.cat([X, torch.ones(len(X), 1)], 1)
Z = (1.0 - 2 * torch.tensor(digits.target % 2))[:, None] * X
n, runs, rate, matters = len(X), 3000, 0.1, 0.01


def epoch(order):
    w = torch.zeros(len(order), X.shape[1])
    for i in order.T:
        z = Z[i]
        w -= rate * torch.sigmoid((w * z).sum(1, keepdim=True)) * z
    return torch.cat([softplus(some @ Z.T).mean(1) for some in w.split(500)])


torch.manual_seed(0)
ways = {
    "with replacement": lambda: torch.randint(n, (n,)),
    "shuffled 10xS": lambda: torch.randperm(10 * n)[:n] % n,
    "shuffled S": lambda: torch.randperm(n),
}
orders = {name: torch.stack([draw() for _ in range(runs)]) for name, draw in ways.items()}
risks = {name: epoch(order).double() for name, order in orders.items()}
mean = {name: risk.mean().item() for name, risk in risks.items()}
spread = {name: risk.std().item() for name, risk in risks.items()}

paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---:|---:|---:|---:|---|")
for name in list(ways)[1:]:
    difference = risks[name] - risks["with replacement"]
    low, high = ttest_rel(risks[name], risks["with replacement"]).confidence_interval()
    verdict = f"{name} better" if high < 0 else "cannot tell"
    verdict = "with replacement better" if low > 0 else verdict
    if max(-low, high) < matters:
        verdict = "no difference that matters"
    pair = f"{name} against with replacement"
    paired[pair] = {"mean": difference.mean().item(), "low": float(low), "high": float(high)}
    paired[pair] |= {"runs": runs, "matters": matters, "verdict": verdict}
    numbers = f"{paired[pair]['mean']:.3f} | {low:.3f} to {high:.3f} | {runs} | {matters}"
    print(f"| {pair} | {numbers} | {verdict} |")

# %%
figure, axes = plt.subplots(figsize=(6.4, 2.6))
for row, (name, risk) in enumerate(risks.items()):
    axes.plot(risk[:30], [row] * 30, "o", color=f"C{row}", alpha=0.4, markersize=5)
    axes.plot(mean[name], row, "|", color="black", markersize=24)
axes.set_yticks(range(3), list(risks))
axes.set(xlabel="risk after $n$ steps", ylim=(2.6, -0.6))

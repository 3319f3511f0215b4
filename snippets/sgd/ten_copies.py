"""On ten copies GD pays ten times as much for the same path; SGD pays no more."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy, one_hot

digits = load_digits()
S = torch.tensor(digits.data / 16), torch.tensor(digits.target)
tenfold = S[0].repeat(10, 1), S[1].repeat(10)
n, goal, runs, every, matters = len(S[0]), 0.5, 100, 20, 40
pull = S[0].T @ one_hot(S[1], 10).double() / n
rate = {"GD": 1.0, "SGD": 0.1}


def gradient(w, X, y):
    return X.T @ ((X @ w).softmax(1) - one_hot(y, 10)) / len(X)


def descend(X, y):
    w, losses = torch.zeros(64, 10, dtype=torch.float64), []
    while not losses or losses[-1] > goal:
        losses.append(cross_entropy(X @ w, y).item())
        w = w - rate["GD"] * gradient(w, X, y)
    return losses


def sample(X, y, picks):
    """Weights and losses on S of many runs of SGD, each with its own row of examples."""
    w, losses, target = torch.zeros(len(picks), 64, 10, dtype=torch.float64), [], one_hot(y, 10)
    for step, i in enumerate(picks.T):
        if step % every == 0:
            score = (S[0] @ w.transpose(0, 1).flatten(1)).reshape(n, -1, 10)
            losses.append(score.logsumexp(2).mean(0) - (w * pull).sum((1, 2)))
            if (torch.stack(losses) <= goal).any(0).all():
                break
        x = X[i, None]
        w = w - rate["SGD"] * x.mT @ ((x @ w).softmax(2) - target[i, None])
    return w, torch.stack(losses, 1)


torch.manual_seed(0)
w = torch.randn(64, 10, dtype=torch.float64)
gap = (gradient(w, *S) - gradient(w, *tenfold)).abs().max().item()
full = {"S": descend(*S), "10xS": descend(*tenfold)}
steps = {data: len(losses) - 1 for data, losses in full.items()}
price = {"S": n * steps["S"], "10xS": 10 * n * steps["10xS"]}
ratio = price["10xS"] / price["S"]
print(f"gradients on S and 10xS differ by less than 1e-14: {gap < 1e-14}")
for data in full:
    print(f"GD on {data:5}: {steps[data]} steps, {price[data]} gradients")

picks = torch.randint(10 * n, (2 * runs, 2000))
single = {"S": sample(*S, picks[:runs] % n)[1], "10xS": sample(*tenfold, picks[runs:])[1]}
bill = {data: every * (losses <= goal).int().argmax(1).double() for data, losses in single.items()}
cost = {data: bill[data].mean().item() for data in bill}
about, share = {data: round(cost[data], -1) for data in cost}, cost["S"] / n
twin = torch.equal(sample(*S, picks[:3, :300] % n)[0], sample(*tenfold, picks[:3, :300])[0])
print("same examples, same weights to the last bit:", twin)

test = ttest_rel(bill["10xS"], bill["S"])
mean, (low, high) = cost["10xS"] - cost["S"], test.confidence_interval()
verdict = "S better" if low > 0 else "10xS better" if high < 0 else "cannot tell"
if max(-low, high) < matters:
    verdict = "no difference that matters"
pair = {"mean": mean, "low": float(low), "high": float(high), "runs": runs, "matters": matters}
paired = {"10xS against S": pair | {"verdict": verdict}}
for data in bill:
    print(f"SGD on {data:4}: about {about[data]:.0f} gradients")
print(f"10xS against S: {mean:.0f} ({low:.0f} to {high:.0f}) gradients, {verdict}")

# %%
looks = {"S": ("C0", "C2", "-"), "10xS": ("C1", "C3", "--")}
sizes = {"S": n, "10xS": 10 * n}
layout = {"figsize": (6.4, 3.2), "layout": "constrained"}
figure, (left, right) = plt.subplots(1, 2, sharey=True, **layout)
for data, (color, other, line) in looks.items():
    losses = single[data][0, 1:]
    x = torch.arange(1, len(full[data]))
    ten = every * torch.arange(1, len(losses) + 1)
    for axes, unit in ((left, 1), (right, sizes[data])):
        axes.semilogx(x * unit, full[data][1:], line, color=color, label=f"GD, {data}")
        axes.semilogx(ten, losses, line, color=other, label=f"SGD, {data}")
for axes in (left, right):
    axes.axhline(goal, color="0.7")
left.set(xlabel="steps", ylabel="loss on $S$")
right.set(xlabel="gradients of one example")
lines = left.get_legend_handles_labels()
figure.legend(*lines, loc="outside upper center", ncols=4)

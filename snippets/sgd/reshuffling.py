"""In the long run shuffling leaves a smaller ball of noise than replacement."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_diabetes

diabetes = load_diabetes()
X = torch.tensor(diabetes.data)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, passes, runs, rate, matters = len(X), 40, 20, 0.01, 0.001
H = X.T @ X / n
best = torch.linalg.solve(H, X.T @ y / n)


def descend(order):
    w = torch.zeros(order.shape[1], X.shape[1], dtype=torch.float64)
    path = []
    for i in order:
        w -= rate * ((w * X[i]).sum(-1) - y[i])[:, None] * X[i]
        path.append(w.clone())
    e = torch.stack(path, 1) - best
    return ((e @ H * e).sum(-1) / 2).reshape(-1, passes, n).mean(-1)


torch.manual_seed(0)
shuffles = torch.stack([torch.randperm(n) for _ in range(passes * runs)])
ways = {
    "with replacement": torch.randint(n, (passes * n, runs)),
    "shuffled": shuffles.reshape(runs, -1).T,
}
excess = {name: descend(order) for name, order in ways.items()}
late = {name: run[:, passes // 2 :].mean(1) for name, run in excess.items()}
ball = {name: level.mean().item() for name, level in late.items()}
low, high = ttest_rel(late["shuffled"], late["with replacement"]).confidence_interval()
unshuffled = torch.stack([torch.arange(n), y.argsort()], 1).repeat(passes, 1)
as_filed, as_sorted = descend(unshuffled)[:, passes // 2 :].mean(1).tolist()
mean = ball["shuffled"] - ball["with replacement"]
verdict = "shuffled better" if high < 0 else "with replacement better" if low > 0 else "cannot tell"
if max(-low, high) < matters:
    verdict = "no difference that matters"
pair = {"mean": mean, "low": float(low), "high": float(high), "runs": runs, "matters": matters}
paired = {"shuffled against with replacement": pair | {"verdict": verdict}}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---:|---:|---:|---:|---|")
numbers = f"{mean:.4f} | {low:.4f} to {high:.4f} | {runs} | {matters}"
print(f"| shuffled against with replacement | {numbers} | {verdict} |")
levels = ball | {"as in the file": as_filed, "sorted": as_sorted}
print("\nexcess loss:", ", ".join(f"{name} {level:.3f}" for name, level in levels.items()))

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
x = range(1, passes + 1)
for name, run in excess.items():
    axes.plot(x, run.mean(0), label=name)
    axes.fill_between(x, run.quantile(0.1, 0), run.quantile(0.9, 0), alpha=0.2)
axes.set(xlabel="passes over the data", ylabel="excess loss", ylim=(0, 0.03))
axes.legend()

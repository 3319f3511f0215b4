"""With reduction="sum" copies of the data lengthen the step, until it diverges."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes
from torch.nn.functional import mse_loss

diabetes = load_diabetes()
X = torch.tensor(diabetes.data)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()
n, rate, steps = len(X), 1e-4, 40


def descend(copies, reduction, rate):
    data, target = X.repeat(copies, 1), y.repeat(copies)
    w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate)
    path = []
    for _ in range(steps):
        path.append(w.detach().clone())
        optimizer.zero_grad()
        mse_loss(data @ w, target, reduction=reduction).backward()
        optimizer.step()
    return torch.stack(path)


def risk(path):
    return (path @ X.T - y).square().mean(1)


summed = {copies: descend(copies, "sum", rate) for copies in range(1, 11)}
averaged = {copies: descend(copies, "mean", n * rate) for copies in summed}
same = (averaged[10] - averaged[1]).abs().max().item()
raised = summed[10] - descend(1, "sum", 10 * rate)
raised = (raised.norm() / summed[10].norm()).item()
curvature = torch.linalg.eigvalsh(2 * X.T @ X)[-1].item()
limit = 2 / curvature / rate
final = {copies: risk(path)[-1].item() for copies, path in summed.items()}
print(f'"mean": 10 copies leave the path as it was: {same < 1e-12}')
print(f'"sum": 10 copies at rate {rate} equal 1 copy at {10 * rate}: {raised < 1e-10}')
print(f"theory: stable below {limit:.1f} copies")
for copies in (1, 5, 6, 10):
    print(f'{copies:2} copies, "sum": loss {final[copies]:.2g} after {steps - 1} steps')

# %%
for copies, path in summed.items():
    figure, axes = plt.subplots(num=str(copies), figsize=(6.4, 3.2))
    axes.semilogy(risk(averaged[copies]), linewidth=3, label='"mean"')
    axes.semilogy(risk(path), marker="o", markersize=4, label='"sum"')
    axes.set_yticks([0.5, 1, 2, 4], labels=["0.5", "1", "2", "4"])
    axes.minorticks_off()
    axes.set(xlim=(0, 30), ylim=(0.4, 4))
    axes.set(xlabel="step", ylabel="mean squared error on $S$")
    axes.legend(loc="upper right")

"""The early lead of SGD hangs on its rate: neither too small nor too large has it."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import softplus

digits = load_digits()
X = torch.cat([torch.tensor(digits.data / 16), torch.ones(len(digits.data), 1)], 1)
Z = (1.0 - 2 * torch.tensor(digits.target % 2))[:, None] * X
n, runs, passes = len(Z), 25, 20
rates = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def risk(w):
    return softplus(w @ Z.T).mean(-1)


torch.manual_seed(0)
step = torch.tensor(rates, dtype=torch.float64)[:, None, None]
w = torch.zeros(len(rates), runs, Z.shape[1], dtype=torch.float64)
looks = torch.logspace(-2, 0, 100).mul(n * passes).long().unique().tolist()
paths = []
for count, z in enumerate(Z[torch.randint(n, (n * passes, runs))], 1):
    w -= step * torch.sigmoid((w * z).sum(-1, keepdim=True)) * z
    if count in looks:
        paths.append(risk(w))
paths = dict(zip(rates, torch.stack(paths, -1), strict=True))

v = torch.zeros(Z.shape[1], dtype=torch.float64, requires_grad=True)
limits = {"max_iter": 99, "max_eval": passes}
optimizer = torch.optim.LBFGS([v], line_search_fn="strong_wolfe", **limits)
batch = []


def closure():
    optimizer.zero_grad()
    batch.append(risk(v))
    batch[-1].backward()
    return batch[-1]


optimizer.step(closure)
batch = torch.stack([*batch, risk(v)]).detach().cummin(0).values
final = {rate: path[:, -1].median().item() for rate, path in paths.items()}
for rate in rates[:-1]:  # at the last one a rounding decides where it ends
    print(f"rate {rate:6}: risk {final[rate]:.2g} after {passes} passes")
print(f"L-BFGS     : risk {batch[-1]:.2g}")

# %%
for rate, path in paths.items():
    figure, axes = plt.subplots(num=str(rate), figsize=(6.4, 3.6))
    x = torch.tensor(looks) / n
    axes.loglog(x, path[:3].T, "-", color="C0", alpha=0.5)
    axes.loglog(x, path.median(0).values, "-", color="C0", linewidth=2.5, label="SGD")
    axes.loglog(range(1, passes + 1), batch[1:], "--", color="C1", label="L-BFGS")
    axes.set_yticks([0.2, 0.5, 1, 2], labels=["0.2", "0.5", "1", "2"])
    axes.set_xticks([0.2, 1, 5, 20], labels=["0.2", "1", "5", "20"])
    axes.minorticks_off()
    axes.set(xlim=(0.2, 20), ylim=(0.16, 2))
    axes.set(xlabel="passes over the data", ylabel="empirical risk")
    axes.legend(loc="upper right")

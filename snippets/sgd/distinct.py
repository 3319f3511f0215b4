"""Shuffled ten copies show little more of the data than drawing with replacement."""

from itertools import islice

import matplotlib.pyplot as plt
import torch
from torch.utils.data import RandomSampler

n, copies, repeats = 1797, 10, 20
once, tenfold = range(n), range(copies * n)


def share(sampler):
    drawn = [i % n for i in islice(sampler, n)]
    return len(set(drawn)) / n


torch.manual_seed(0)
samplers = {
    "with replacement": RandomSampler(once, replacement=True),
    "shuffled 10xS": RandomSampler(tenfold),
    "shuffled S": RandomSampler(once),
}
shares = {name: [share(s) for _ in range(repeats)] for name, s in samplers.items()}
seen = {name: sum(values) / repeats for name, values in shares.items()}
theory = {
    "with replacement": 1 - (1 - 1 / n) ** n,
    "shuffled 10xS": 1 - (1 - 1 / copies) ** copies,
    "shuffled S": 1.0,
}
for name in shares:
    print(f"{name:16}: {seen[name]:.1%} of S in n draws, theory {theory[name]:.1%}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 2.6))
axes.barh(list(seen), seen.values(), color=["C0", "C1", "C2"], height=0.5)
mark = {"marker": "|", "color": "black", "markersize": 24, "linestyle": ""}
axes.plot(theory.values(), list(theory), label="theory", **mark)
axes.set(xlim=(0, 1.3), xticks=[0, 0.25, 0.5, 0.75, 1])
axes.set(xlabel="share of $S$ seen in $n$ draws")
axes.invert_yaxis()
axes.legend(loc="upper right")

"""One example's gradient is far off the full one; the mean of many is close to it."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes
from torch.nn.functional import mse_loss

diabetes = load_diabetes()
X = torch.tensor(diabetes.data[:, [2, 8]])
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(diabetes.target)
y = (y - y.mean()) / y.std()

w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
mse_loss(X @ w, y).backward()
full = w.grad
single = 2 * (X @ w - y).detach()[:, None] * X
spread = ((single - full).square().sum(1).mean().sqrt() / full.norm()).item()
uphill = (single @ full < 0).double().mean().item()

torch.manual_seed(0)
draws, repeats = 10_000, 400
picked = single[torch.randint(len(X), (repeats, draws))]
means = picked.cumsum(1) / torch.arange(1, draws + 1)[:, None]
errors = ((means - full).square().sum(2).mean(0).sqrt() / full.norm()).tolist()
first, sixteen, last = errors[0], spread / 16**0.5, errors[-1]
unbiased = torch.allclose(single.mean(0), full)
print("the mean of all gradients is the full gradient:", unbiased)
print(f"steps on one example that lead uphill: {uphill:.0%}")
for count in (1, 100, draws):
    theory = spread / count**0.5
    print(f"mean of {count:5}: error {errors[count - 1]:.2g}, theory {theory:.2g}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained")
thin = {"arrowstyle": "->", "color": "0.6"}
for arrow in -single[torch.randperm(len(X))[:30]]:
    left.annotate("", arrow.tolist(), (0, 0), arrowprops=thin)
mean = {"arrowstyle": "->", "color": "C1", "linewidth": 3}
left.annotate("", (-full).tolist(), (0, 0), arrowprops=mean)
left.set(xlim=(-3, 5), ylim=(-3, 5), xlabel="$-g_1$", ylabel="$-g_2$", aspect="equal")
shown = torch.logspace(0, 4, 150).long()
right.loglog(shown, [errors[m - 1] for m in shown], label="measured")
right.loglog(shown, spread / shown**0.5, "--", label=r"$\propto 1/\sqrt{m}$")
right.set(xlabel="gradients drawn $m$", ylabel="relative error of their mean")
right.legend()

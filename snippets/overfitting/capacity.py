"""Too simple a curve misses the rule, too flexible a one follows every accident."""

import matplotlib.pyplot as plt
import torch

POINTS, DRAWS, NOISE = 15, 10000, 0.3
DEGREES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12)
torch.set_default_dtype(torch.float64)


def rule(x):
    return torch.sin(4 * x)


def chebyshev(x, degree):  # their sums are all polynomials; powers of x would lose digits
    return torch.cos(torch.arange(degree + 1) * x.acos()[..., None])


def fit(x, y, degree):
    return torch.linalg.lstsq(chebyshev(x, degree), y[..., None]).solution


torch.manual_seed(0)
x = torch.linspace(-1, 1, POINTS).expand(DRAWS, POINTS)
y = rule(x) + NOISE * torch.randn(x.shape)
new_x = 2 * torch.rand(DRAWS, 100) - 1
new_y = rule(new_x) + NOISE * torch.randn(new_x.shape)
curve_x = torch.linspace(-1, 1, 101)
curves, training, new = {}, {}, {}
for degree in DEGREES:
    weights = fit(x, y, degree)
    fitted = (chebyshev(x, degree) @ weights)[..., 0]
    curves[degree] = (chebyshev(curve_x, degree) @ weights)[..., 0]
    training[degree] = (fitted - y).square().mean().item()
    new[degree] = ((chebyshev(new_x, degree) @ weights)[..., 0] - new_y).square().mean().item()
best = min(new, key=new.get)
lowest = new[best]

# %%
for degree in DEGREES:
    figure, (left, right) = plt.subplots(
        1, 2, num=str(degree), figsize=(6.4, 3.2), layout="constrained"
    )
    left.plot(curve_x, curves[degree][1:13].T, color="0.75", linestyle="-", linewidth=0.7)
    left.plot(curve_x, rule(curve_x), color="0.4", linestyle=":", label="rule")
    left.plot(curve_x, curves[degree][0], "C0-", label="fit")
    left.plot(x[0], y[0], "o", color="C1", markersize=4)
    left.set(xlabel="$x$", ylabel="$y$", ylim=(-2.2, 2.9))
    left.legend(loc="upper left", ncols=2)
    right.plot(DEGREES, training.values(), "C0-", label="training")
    right.plot(DEGREES, new.values(), "C1--", label="new points")
    right.plot([degree] * 2, [training[degree], new[degree]], "o", color="black")
    right.set(xlabel="degree", ylabel="squared error", ylim=(0, 0.75), xticks=range(0, 13, 3))
    right.legend(loc="upper right")

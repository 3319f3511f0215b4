"""Squared bias, variance and noise add up to the error on new points."""

import torch

POINTS, DRAWS, NOISE = 15, 20_000, 0.3
DEGREES = (1, 3, 5, 8, 12)
torch.set_default_dtype(torch.float64)


def rule(x):
    return torch.sin(4 * x)


torch.manual_seed(0)
x, new_x = torch.linspace(-1, 1, POINTS), torch.linspace(-1, 1, 101)
y, new_y = (rule(x) + NOISE * torch.randn(DRAWS, len(x)) for x in (x, new_x))
bias, variance, total, error = {}, {}, {}, {}
print("| degree | squared bias | variance | noise | sum | error on new points |")
print("|---|---|---|---|---|---|")
for degree in DEGREES:
    powers, new_powers = (
        torch.cos(torch.arange(degree + 1) * x.acos()[:, None]) for x in (x, new_x)
    )
    fitted = (new_powers @ torch.linalg.lstsq(powers, y.T).solution).T
    bias[degree] = (fitted.mean(0) - rule(new_x)).square().mean().item()
    variance[degree] = fitted.var(0).mean().item()
    total[degree] = bias[degree] + variance[degree] + NOISE**2
    error[degree] = (fitted - new_y).square().mean().item()
    parts = bias[degree], variance[degree], NOISE**2, total[degree], error[degree]
    print(f"| {degree} |", " | ".join(f"{part:.2f}" for part in parts), "|")

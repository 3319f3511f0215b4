"""Momentum widens the stable rates to 2 (1 + mu) / curvature."""

import matplotlib.pyplot as plt
import torch


def shrinkage(rate, momentum):
    """By how much one step of (w, v) multiplies the error: its largest eigenvalue."""
    matrix = torch.stack(
        [
            torch.stack([1 - rate, -momentum], -1),
            torch.stack([rate, momentum], -1),
        ],
        -2,
    )
    return torch.linalg.eigvals(matrix).abs().amax(-1)


def converges(rate, momentum, steps=5000):
    w = torch.ones(1).double().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=rate, momentum=momentum)
    for _ in range(steps):
        w.grad = w.detach().clone()
        optimizer.step()
    return abs(w.item()) < 1


verdicts = {
    mu: [converges(2 * (1 + mu) + shift, mu) for shift in (-0.01, 0.01)]
    for mu in (0.0, 0.25, 0.5, 0.75, 0.9)
}
for momentum, (below, above) in verdicts.items():
    edge = 2 * (1 + momentum)
    print(f"momentum {momentum:.2f}: edge {edge:.2f}, below it {below}, above it {above}")
plateau = shrinkage(*torch.tensor([1.0, 0.81], dtype=torch.float64)).item()
print(f"factor per step at momentum 0.81: {plateau:.3f}")

# %%
momentum = torch.linspace(0, 0.999, 150).double()
rate = torch.linspace(0.005, 4, 200).double()
grid_rate, grid_momentum = torch.meshgrid(rate, momentum, indexing="xy")
factor = shrinkage(grid_rate, grid_momentum)
figure, axes = plt.subplots()
levels = [0.3, 0.5, 0.7, 0.8, 0.9]
lines = axes.contour(rate, momentum, factor, levels=levels, colors="C0", linestyles="-")
axes.clabel(lines, fmt="%g")
edge = 2 * (1 + momentum)
axes.plot(edge, momentum, color="C1", linestyle="--", label="edge $2(1+\\mu)$")
edges = [2 * (1 + mu) for mu in verdicts]
axes.plot(edges, list(verdicts), "C2o", label="measured with torch")
axes.set(xlabel="rate times curvature", ylabel="momentum $\\mu$")
axes.set(xlim=(0, 4.1), ylim=(0, 1))
axes.legend(loc="lower right")

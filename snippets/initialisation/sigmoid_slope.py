"""Sigmoid's slope is 1/4 at most, and almost 0 where the unit is saturated."""

import matplotlib.pyplot as plt
import torch

FAR, LIMIT = 5, 0.01

z = torch.linspace(-8, 8, 161, dtype=torch.float64, requires_grad=True)
output = torch.sigmoid(z)
(slope,) = torch.autograd.grad(output.sum(), z)
steepest = slope.max().item()
flat = slope[z.detach().abs() >= FAR - 1e-9].max().item()

# %%
figure, axes = plt.subplots(figsize=(6.4, 2.8))
axes.plot(z.detach(), output.detach(), label="sigmoid")
axes.plot(z.detach(), slope, linestyle="--", label="its derivative")
axes.set(xlabel="$z$", xlim=(-8, 8), ylim=(0, 1.05))
axes.legend(loc="upper left")

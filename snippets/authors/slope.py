"""One backward pass gives the slope of a curve at every point."""

import matplotlib.pyplot as plt
import torch

x = torch.linspace(-3, 3, 241, requires_grad=True)
y = x * torch.cos(2 * x)
y.sum().backward()
slope = x.grad

steepest = slope.abs().max().item()
flat = (slope[:-1] * slope[1:] < 0).sum().item()
print(f"steepest slope {steepest:.1f}, {flat} places where the curve is level")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3))
axes.axhline(0, color="0.7")
axes.plot(x.detach(), y.detach(), label="$y = x \\cos 2x$")
axes.plot(x.detach(), slope, label="$dy/dx$")
axes.set(xlabel="$x$")
axes.legend()

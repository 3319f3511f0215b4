"""Where a gradient is below eps, Adam's step shrinks with it; inside the root, far sooner."""

import matplotlib.pyplot as plt
import torch


def first_step(gradient, eps):
    w = torch.zeros(1).double().requires_grad_()
    optimizer = torch.optim.Adam([w], lr=1.0, eps=eps)
    w.grad = torch.full((1,), gradient).double()
    optimizer.step()
    return -w.item()


def inside_the_root(gradient, eps):
    return gradient / (gradient**2 + eps) ** 0.5


gradients = [10 ** (power / 2) for power in range(-20, 3)]
steps = {eps: [first_step(g, eps) for g in gradients] for eps in (1e-8, 1e-4)}
inside = [inside_the_root(g, 1e-8) for g in gradients]
half = first_step(1e-4, 1e-4)
capped = first_step(1e-6, 1e-4)
small = {"outside": first_step(1e-6, 1e-8), "inside": inside_the_root(1e-6, 1e-8)}
print("first step / rate at gradient 1e-6")
print(f"eps 1e-8 outside the root (torch): {small['outside']:.2f}")
print(f"eps 1e-8 inside the root:          {small['inside']:.2f}")
print(f"eps 1e-4 outside the root (torch): {capped:.2f}")

# %%
figure, axes = plt.subplots()
for eps, step in steps.items():
    axes.loglog(gradients, step, label=f"eps {eps:g}")
axes.loglog(gradients, inside, linestyle="--", label="eps 1e-08 inside the root")
axes.set(xlabel="gradient", ylabel="first step / rate", ylim=(1e-6, 3))
axes.legend(loc="lower right")

"""Where a gradient is smaller than eps, Adam's step shrinks with it."""

import matplotlib.pyplot as plt
import torch


def first_step(gradient, eps):
    w = torch.zeros(1).double().requires_grad_()
    optimizer = torch.optim.Adam([w], lr=1.0, eps=eps)
    w.grad = torch.full((1,), gradient).double()
    optimizer.step()
    return -w.item()


gradients = [10 ** (power / 2) for power in range(-20, 3)]
steps = {eps: [first_step(g, eps) for g in gradients] for eps in (1e-8, 1e-4, 1.0)}
capped = first_step(1e-6, 1e-4)
half = first_step(1e-4, 1e-4)
print(f"gradient 1e-6, eps 1e-8: step {first_step(1e-6, 1e-8):.4f} of the rate")
print(f"gradient 1e-6, eps 1e-4: step {capped:.4f} of the rate")
print(f"gradient equal to eps:   step {half:.4f} of the rate")

# %%
figure, axes = plt.subplots()
for eps, step in steps.items():
    axes.loglog(gradients, step, label=f"eps {eps:g}")
axes.set(xlabel="gradient", ylabel="first step / rate", ylim=(1e-6, 3))
axes.legend(loc="lower right")

"""Adam's first step is one rate, RMSprop's ten, SGD's as the gradient."""

import matplotlib.pyplot as plt
import torch

RATE = 0.01
KINDS = {name: getattr(torch.optim, name) for name in ("SGD", "RMSprop", "Adam")}


def first_step(kind, gradient):
    w = torch.zeros(1).double().requires_grad_()
    optimizer = kind([w], lr=RATE)
    w.grad = torch.full((1,), gradient).double()
    optimizer.step()
    return -w.item() / RATE


gradients = [10.0**power for power in range(-10, 4)]
steps = {name: [first_step(k, g) for g in gradients] for name, k in KINDS.items()}
print("first step divided by the rate")
print("gradient" + "".join(f"{name:>10}" for name in steps))
for index, g in enumerate(gradients):
    if g in (1e-8, 1e-6, 1e-3, 1.0, 1e3):
        print(f"{g:8.0e}" + "".join(f"{step[index]:10.3g}" for step in steps.values()))
at_eps = first_step(torch.optim.Adam, 1e-8)
tiny = {name: first_step(kind, 1e-6) for name, kind in KINDS.items()}
one = {name: first_step(kind, 1.0) for name, kind in KINDS.items()}
huge = {name: first_step(kind, 1e3) for name, kind in KINDS.items()}

# %%
figure, axes = plt.subplots()
for name, step in steps.items():
    axes.loglog(gradients, step, marker=".", label=name)
axes.axhline(1, color="0.7", linewidth=0.8, zorder=0)
axes.set(xlabel="gradient", ylabel="first step / rate", ylim=(1e-5, 1e4))
axes.legend()

"""A larger beta2 needs bias correction more and remembers a spike longer."""

import math

import matplotlib.pyplot as plt
import torch

BETA1, RATE, SPIKE = 0.9, 0.01, 50.0


def corrected(beta2, gradients):
    w = torch.zeros(1).double().requires_grad_()
    optimizer = torch.optim.Adam([w], lr=RATE, betas=(BETA1, beta2))
    steps = []
    for g in gradients:
        before = w.item()
        w.grad = torch.full((1,), g).double()
        optimizer.step()
        steps.append((before - w.item()) / RATE)
    return steps


def uncorrected(beta2, gradients):
    m = v = 0.0
    steps = []
    for g in gradients:
        m = BETA1 * m + (1 - BETA1) * g
        v = beta2 * v + (1 - beta2) * g**2
        steps.append(m / math.sqrt(v))
    return steps


betas = [0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999]
steady = [1.0] * 60
spiked = [1.0] * 50 + [SPIKE] + [1.0] * 149
starts = {beta: (corrected(beta, steady), uncorrected(beta, steady)) for beta in betas}
spikes = {beta: corrected(beta, spiked) for beta in betas}
first = {beta: start[1][0] for beta, start in starts.items()}
peak = {beta: max(start[1]) for beta, start in starts.items()}
after = {beta: spike[150] for beta, spike in spikes.items()}
print("       without correction    100 steps after")
print("beta2   first     peak       the spike")
for beta in betas:
    print(f"{beta:<6} {first[beta]:6.2f} {peak[beta]:8.2f} {after[beta]:12.2f}")

# %%
for beta in betas:
    figure, (left, right) = plt.subplots(1, 2, num=f"{beta:g}", figsize=(6.4, 3.0))
    left.semilogy(starts[beta][0], "C0-", label="Adam")
    left.semilogy(starts[beta][1], "C1--", label="uncorrected")
    left.set(title="steady gradient", xlabel="step", ylabel="step / rate")
    left.set_ylim(0.1, 30)
    left.legend(loc="upper right")
    right.semilogy(spikes[beta], "C0-")
    right.axvline(50, color="0.6", linestyle=":")
    right.set(xlabel="step", ylim=(0.01, 30), title="one spike at step 50")

"""A larger beta1 shortens noisy steps and leaves steady ones alone."""

import matplotlib.pyplot as plt
import torch

betas = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]


def typical_step(beta1, gradients):
    w = torch.zeros(gradients.shape[1]).requires_grad_()
    optimizer = torch.optim.Adam([w], lr=1.0, betas=(beta1, 0.999))
    squares = []
    for g in gradients:
        before = w.detach().clone()
        w.grad = g.clone()
        optimizer.step()
        squares.append((w.detach() - before).square().mean())
    return torch.stack(squares[-300:]).mean().sqrt().item()


torch.manual_seed(0)
noise = torch.randn(1000, 800)
steady = torch.ones(1000, 1)
of_noise = {beta: typical_step(beta, noise) for beta in betas}
of_steady = {beta: typical_step(beta, steady) for beta in betas}
theory = {beta: ((1 - beta) / (1 + beta)) ** 0.5 for beta in betas}
for beta, step in of_noise.items():
    print(
        f"beta1 {beta:<4}: steady {of_steady[beta]:.2f}, noise {step:.2f}"
        f" (theory {theory[beta]:.2f})"
    )

# %%
fine = torch.linspace(0, 0.995, 200)
figure, axes = plt.subplots()
axes.plot(betas, list(of_steady.values()), "C2^", label="steady gradient")
axes.plot(betas, list(of_noise.values()), "C0o", label="pure noise")
expected = ((1 - fine) / (1 + fine)).sqrt()
axes.plot(fine, expected, color="C1", linestyle="--", label="theory")
axes.set(xlabel="$\\beta_1$", ylabel="root mean square step / rate", ylim=(0, 1.1))
axes.legend(loc="lower left")

"""With complex roots momentum shrinks the error by sqrt(beta) a step."""

import matplotlib.pyplot as plt
import torch

BETAS = (0.25, 0.81)
TRIED = (0.1, 0.5, 1.0, 1.5, 2.0)
STEPS = 300


def predicted(beta, curvature):
    step = torch.tensor([[beta, curvature], [-beta, 1 - curvature]])
    return torch.linalg.eigvals(step.double()).abs().max().item()


def measured(beta, curvature):
    w = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0, momentum=beta)
    sizes = []
    for _ in range(STEPS):
        w.grad = curvature * w.detach()
        optimizer.step()
        sizes.append(abs(w.item()))
    early, late = max(sizes[50:100]), max(sizes[-50:])
    return (late / early) ** (1 / (STEPS - 100))


curvatures = torch.linspace(0.02, 3.8, 250).tolist()
curves = {beta: [predicted(beta, a) for a in curvatures] for beta in BETAS}
runs = {beta: {a: measured(beta, a) for a in TRIED} for beta in BETAS}
roots = {beta: beta**0.5 for beta in BETAS}
for beta in BETAS:
    rates = " ".join(f"{rate:.2f}" for rate in runs[beta].values())
    print(f"beta {beta}: rates {rates}, square root {roots[beta]:.2f}")

# %%
figure, axes = plt.subplots()
for color, style, beta in zip(("C0", "C1"), ("-", "--"), BETAS, strict=True):
    label = rf"eigenvalues, $\beta = {beta}$"
    axes.plot(curvatures, curves[beta], style, color=color, label=label)
    axes.plot(runs[beta].keys(), runs[beta].values(), "o", color=color)
    axes.axhline(roots[beta], color=color, linewidth=0.8, linestyle=":")
axes.axhline(1, color="0.5", linewidth=0.8)
axes.set(xlabel=r"$\alpha\lambda$", ylabel="error factor per step", ylim=(0, 1.6))
axes.legend(loc="upper left")

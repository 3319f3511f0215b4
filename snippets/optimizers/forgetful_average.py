"""Where large gradients are rare, Adam with a short memory goes uphill."""

import matplotlib.pyplot as plt
import torch

CYCLE, SELDOM = 3, 30  # steps from one large gradient to the next, and its size


def walk(beta2, amsgrad=False, beta1=0.0, steps=1000, rate=0.5):
    w = torch.zeros(1).double().requires_grad_()
    optimizer = torch.optim.Adam([w], lr=rate, betas=(beta1, beta2), amsgrad=amsgrad)
    path = []
    for t in range(1, steps + 1):
        w.grad = torch.full((1,), CYCLE if t % CYCLE == 1 else -1).double()
        optimizer.param_groups[0]["lr"] = rate / t**0.5
        optimizer.step()
        with torch.no_grad():
            w.clamp_(-1, 1)
        path.append(w.item())
    return path


def drift(beta2, cycle=CYCLE):
    """The sum of one cycle's steps, in rates, once the average has settled."""
    share = (1 - beta2) / (1 - beta2**cycle)
    first, *others = [1 + (cycle**2 - 1) * share * beta2**past for past in range(cycle)]
    return sum(v**-0.5 for v in others) - cycle * first**-0.5


def changes_sign(cycle):
    return next(b / 1000 for b in range(1, 1000) if drift(b / 1000, cycle) < 0)


betas = [0.1, 0.3, 0.4, 0.45, 0.5, 0.6, 0.8, 0.99]
adam = {beta: walk(beta) for beta in betas}
amsgrad = {beta: walk(beta, amsgrad=True) for beta in betas}
adam_end = {beta: sum(path[-300:]) / 300 for beta, path in adam.items()}
amsgrad_end = {beta: sum(path[-300:]) / 300 for beta, path in amsgrad.items()}
with_usual_beta1 = sum(walk(betas[0], beta1=0.9)[-300:]) / 300
turning, turning_seldom = changes_sign(CYCLE), changes_sign(SELDOM)
print("beta2  Adam ends at  AMSGrad ends at")
for beta in betas:
    print(f"{beta:<5} {adam_end[beta]:+12.2f} {amsgrad_end[beta]:+15.2f}")
print(f"one cycle's drift changes its sign at beta2 = {turning:.2f},")
print(f"with one large gradient in {SELDOM} steps at {turning_seldom:.3f}")
print(f"beta1 0.9, beta2 {betas[0]}: Adam ends at {with_usual_beta1:+.2f}")

# %%
cycles = range(3, 1001, 6)
fine = [index / 50 for index in range(1, 50)]
for beta in betas:
    figure, (left, right) = plt.subplots(
        1, 2, num=f"{beta:g}", figsize=(6.4, 3.0), width_ratios=(3, 2)
    )
    left.semilogx(cycles, adam[beta][2::6], label="Adam")
    left.semilogx(cycles, amsgrad[beta][2::6], label="AMSGrad")
    left.axhline(-1, color="0.6", linestyle=":")
    left.set(xlabel="step (ends of cycles)", ylabel="$x$ (optimum: -1)")
    left.set(ylim=(-1.15, 1.7), yticks=[-1, 0, 1])
    left.legend(loc="upper left", ncols=2)
    right.plot(fine, [drift(b) for b in fine], color="C0", linestyle="-")
    right.plot(beta, drift(beta), "o", color="C0")
    right.axhline(0, color="0.6", linestyle=":")
    right.set(xlabel="$\\beta_2$", ylabel="drift in one cycle")
    right.set(xlim=(-0.03, 1.03), ylim=(-0.7, 1.1))

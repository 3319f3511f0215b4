"""A rarely used weight takes longer steps under Adagrad and RMSprop; Adagrad's fade for both."""

import matplotlib.pyplot as plt
import torch

EVERY, STEPS = 20, 400
KINDS = {"SGD": torch.optim.SGD, "Adagrad": torch.optim.Adagrad, "RMSprop": torch.optim.RMSprop}


def step_lengths(kind):
    """Two weights, one with a gradient of 1 at each step, one at every twentieth step only."""
    w = torch.zeros(2).double().requires_grad_()
    optimizer = kind([w], lr=1.0)
    lengths = []
    for step in range(1, STEPS + 1):
        before = w.detach().clone()
        w.grad = torch.tensor([1.0, float(step % EVERY == 0)]).double()
        optimizer.step()
        lengths.append(before - w.detach())
    return torch.stack(lengths)


lengths = {name: step_lengths(kind) for name, kind in KINDS.items()}
used = slice(EVERY - 1, None, EVERY)
often, rare = ({name: d[-1, i].item() for name, d in lengths.items()} for i in (0, 1))
ratio = {name: rare[name] / often[name] for name in KINDS}
print(f"| optimizer | step {STEPS} of the busy weight / rate | of the rare weight / rate | ratio |")
print("|---|---|---|---|")
for name in KINDS:
    print(f"| {name} | {often[name]:.2f} | {rare[name]:.2f} | {ratio[name]:.1f} |")

# %%
times = torch.arange(1, STEPS + 1)
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
for axes, name in zip(panels, ("Adagrad", "RMSprop"), strict=True):
    axes.semilogy(times, lengths[name][:, 0], color="C0", label="busy weight")
    axes.semilogy(times[used], lengths[name][used, 1], "C1o", markersize=4, label="rare weight")
    axes.set(title=name, xlabel="step", ylim=(0.03, 20))
panels[0].set_ylabel("step / rate")
panels[1].legend(loc="lower right")

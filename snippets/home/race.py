"""Four optimizers leave one point and end in two different valleys."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

STEPS = 60
FRAMES = (3, 4, 5, 6, 8, 10, 12, 16, 20, 30, 60)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
START = torch.tensor([-1.2, 1.3], dtype=torch.float64)

patients = load_diabetes(scaled=False)
mass, progression = torch.tensor(patients.data[:, 2]), torch.tensor(patients.target)
mass = (mass - mass.mean()) / mass.std()
progression = (progression - progression.mean()) / progression.std()
optimizers = {
    "SGD": lambda params, lr: torch.optim.SGD(params, lr=lr),
    "momentum": lambda params, lr: torch.optim.SGD(params, lr=lr, momentum=0.9),
    "RMSprop": lambda params, lr: torch.optim.RMSprop(params, lr=lr),
    "Adam": lambda params, lr: torch.optim.Adam(params, lr=lr),
}


def loss(w):
    prediction = w[..., 1, None] * torch.tanh(w[..., 0, None] * mass)
    return (prediction - progression).square().mean(-1)


def descend(name, rate):
    w = START.clone().requires_grad_()
    optimizer = optimizers[name]([w], rate)
    path = [START]
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(w).backward()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


rates, paths, losses, valleys = {}, {}, {}, {}
for name in optimizers:
    runs = {rate: descend(name, rate) for rate in RATES}
    rates[name] = min(RATES, key=lambda rate: loss(runs[rate][-1]).item())
    paths[name] = runs[rates[name]]
    losses[name] = loss(paths[name])
    valleys[name] = "upper right" if paths[name][-1].sum() > 0 else "lower left"
    end = f"loss {losses[name][-1]:.3f}, {valleys[name]} valley"
    print(f"{name:8} rate {rates[name]}: {end}")
start_loss, patients_count, tried = losses["SGD"][0].item(), len(mass), len(RATES)

# %%
ticks = torch.linspace(-2.2, 2.2, 81), torch.linspace(-3, 2.2, 81)
x, y = torch.meshgrid(*ticks, indexing="xy")
levels = 0.66, 0.7, 0.8, 1, 1.3, 1.8, 2.5, 3.5, 5
height = loss(torch.stack([x, y], -1).double())
for steps in FRAMES:
    figure, (plane, curves) = plt.subplots(1, 2, num=str(steps), figsize=(6.4, 3.4))
    plane.contour(x, y, height, levels=levels, colors="0.8")
    for name, path in paths.items():
        plane.plot(*path[: steps + 1].T, label=name)
        curves.plot(losses[name][: steps + 1])
    plane.set_prop_cycle(None)
    for path in paths.values():
        plane.plot(*path[steps], "o")
    plane.set(xlim=(-2.2, 2.2), ylim=(-3, 2.2), xlabel="$w_1$", ylabel="$w_2$")
    curves.set_xscale("symlog", linthresh=2)
    curves.set_xticks([0, 1, 3, 10, 30], ["0", "1", "3", "10", "30"])
    curves.set(xlim=(0, STEPS), ylim=(0.6, 2.8), xlabel="step", ylabel="loss")
    names = plane.get_legend_handles_labels()
    figure.legend(*names, loc="outside upper center", ncols=4)

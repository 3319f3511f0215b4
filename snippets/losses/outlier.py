"""A dragged target takes the mean along for ever; the median soon stops."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_diabetes

diabetes = torch.tensor(load_diabetes().target)
others, everyone = diabetes[1:9], diabetes.clone()
PLACES = (20, 60, 100, 140, 200, 300, 400, 600)
constants = torch.arange(0, 620, 1.0, dtype=torch.float64)
DELTA = 40.0
LOSSES = {
    "root of MSE": lambda c, y: F.mse_loss(c, y).sqrt(),
    "L1": F.l1_loss,
    "Huber": lambda c, y: F.huber_loss(c, y, delta=DELTA) / DELTA,
}


def bowls(place):
    data = torch.cat([others, torch.tensor([float(place)])])
    return {
        name: torch.stack([loss(c.expand(len(data)), data) for c in constants])
        for name, loss in LOSSES.items()
    }


frames = {place: bowls(place) for place in PLACES}
lowest = {
    place: {name: constants[bowl.argmin()].item() for name, bowl in bowls.items()}
    for place, bowls in frames.items()
}
everyone[0] *= 100
patients = len(everyone)
means = (diabetes.mean().item(), everyone.mean().item())
medians = (diabetes.quantile(0.5).item(), everyone.quantile(0.5).item())
moved = means[1] - means[0]

# %%
for place, bowls in frames.items():
    figure, axes = plt.subplots(num=str(place), figsize=(6.4, 3.4))
    for name, bowl in bowls.items():
        (line,) = axes.plot(constants, bowl, label=name)
        axes.plot(lowest[place][name], bowl.min(), "o", color=line.get_color())
    axes.plot(others, torch.full_like(others, 8), "|", color="0.5", markersize=10)
    axes.plot(place, 8, "D", color="C3")
    axes.set(xlim=(0, 620), ylim=(0, 250))
    axes.set(xlabel="constant prediction $c$", ylabel="loss")
    axes.legend(loc="center right")

"""MSE is lowest at the mean; L1 is lowest all along the gap that holds the median."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes
from torch import nn

targets = torch.tensor(load_diabetes().target)
constants = torch.arange(60, 260, 0.125, dtype=torch.float64)
curves = {
    loss: torch.stack([loss(c.expand(len(targets)), targets) for c in constants])
    for loss in (nn.MSELoss(), nn.L1Loss())
}
squared, absolute = curves.values()
best_squared = constants[squared.argmin()]
flat = constants[absolute < absolute.min() + 1e-10]
lower, upper = flat[0], flat[-1]
mean, middle = targets.mean(), targets.quantile(0.5)
torch_median = targets.median()
print(f"MSELoss is lowest at {best_squared:.2f}; the mean is {mean:.2f}")
print(f"L1Loss is lowest from {lower:.0f} to {upper:.0f}; the median is {middle}")
print(f"torch.median gives {torch_median:.0f}, the lower of the two middle targets")

# %%
figure, (wide, close) = plt.subplots(1, 2, figsize=(6.4, 3))
wide.plot(constants, squared, color="C0")
wide.plot(mean, squared.min(), "o", color="C0")
wide.set(title="MSELoss", xlabel="constant $c$", ylabel="loss")
near = (constants >= 134) & (constants <= 147)
close.plot(constants[near], absolute[near], color="C1", linestyle="-")
bottom = absolute.min().expand(len(flat))
close.plot(flat, bottom, color="C1", linestyle="-", linewidth=5)
for target in (lower, upper):
    close.axvline(target, color="0.6", linestyle=":")
close.set(title="L1Loss, close up", xlabel="constant $c$")

"""The variance of a neuron's output grows as n, its number of inputs."""

import matplotlib.pyplot as plt
import torch

INPUTS = (16, 64, 256, 1024, 4096)
NEURONS = 4000

torch.manual_seed(0)
variances = {}
for inputs in INPUTS:
    x = torch.randn(inputs)
    x /= x.square().mean().sqrt()
    weights = torch.randn(NEURONS, inputs)
    variances[inputs] = (weights @ x).var().item()

logs = torch.log(torch.tensor([list(variances), list(variances.values())]))
gap_x, gap_y = logs - logs.mean(dim=1, keepdim=True)
slope = (gap_x @ gap_y / (gap_x @ gap_x)).item()
for inputs, variance in variances.items():
    print(f"{inputs:5d} inputs: variance / inputs = {variance / inputs:.2f}")
print(f"slope in log-log: {slope:.2f}")

# %%
figure, axes = plt.subplots()
roots = [inputs**0.5 for inputs in INPUTS]
axes.loglog(INPUTS, variances.values(), "o", color="C0", label="measured")
axes.loglog(INPUTS, INPUTS, "-", color="C1", label="$n$")
axes.loglog(INPUTS, roots, "--", color="C2", label=r"$\sqrt{n}$")
axes.set(xlabel="inputs $n$", ylabel="variance of the output")
axes.legend()

"""Huber's slope follows the residual up to delta and is flat beyond, as L1's is."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

residuals = torch.linspace(-4, 4, 321, dtype=torch.float64)
DELTAS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)


def curve(loss):
    """A loss and its slope at each residual, prediction minus target."""
    prediction = residuals.clone().requires_grad_()
    value = loss(prediction, torch.zeros_like(prediction), reduction="none")
    (slope,) = torch.autograd.grad(value.sum(), prediction)
    return value.detach(), slope


fixed = {"MSE": curve(F.mse_loss), "L1": curve(F.l1_loss)}
hubers = {
    delta: curve(lambda p, t, **options: F.huber_loss(p, t, delta=delta, **options))
    for delta in DELTAS
}
steepest = {delta: slope.abs().max().item() for delta, (value, slope) in hubers.items()}
squared_slope, absolute_slope = (slope for value, slope in fixed.values())

# %%
for delta, huber in hubers.items():
    figure, panels = plt.subplots(1, 2, num=f"{delta:g}", figsize=(6.4, 3.2))
    for name, pair in {**fixed, "Huber": huber}.items():
        for axes, quantity in zip(panels, pair, strict=True):
            axes.plot(residuals, quantity, label=name)
    panels[0].set(title="loss", xlabel="residual", ylim=(0, 6))
    panels[1].set(title="slope", xlabel="residual", ylim=(-5, 5))
    panels[1].legend(loc="upper left")

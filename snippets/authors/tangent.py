"""The slope that backward leaves is the slope of the tangent, wherever the point stands."""

import matplotlib.pyplot as plt
import torch


def curve(x):
    return x * torch.cos(2 * x)


places = torch.linspace(-2.4, 2.4, 13, dtype=torch.float64)
slopes = {}
for place in places:
    w = place.clone().requires_grad_()
    curve(w).backward()
    slopes[f"{place:.1f}"] = w.grad.item()

count, rising = len(slopes), sum(slope > 0 for slope in slopes.values())
by_hand = (torch.cos(2 * places) - 2 * places * torch.sin(2 * places)).tolist()
gap = max(abs(slope - by_hand[i]) for i, slope in enumerate(slopes.values()))
print(f"{rising} of {count} tangents rise")
print(f"slopes as worked out by hand, to 1e-12: {gap < 1e-12}")

# %%
x = torch.linspace(-3, 3, 241)
for place, label in zip(places, slopes, strict=True):
    figure, axes = plt.subplots(num=label, figsize=(6.4, 3))
    axes.plot(x, curve(x))
    axes.plot(x, curve(place) + slopes[label] * (x - place))
    axes.plot(place, curve(place), "o", color="C1")
    axes.set(xlabel="$x$", ylabel="$y$", ylim=(-3.5, 3.5))

"""Cross-entropy gives back a class's frequency; with a second softmax it does not."""

import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

frequencies = torch.linspace(0.02, 0.98, 49, dtype=torch.float64)
logits = torch.linspace(-12, 12, 4801, dtype=torch.float64)
scores = torch.stack([logits, torch.zeros_like(logits)], 1)
probabilities = scores.softmax(1)[:, 0]


def estimate(inputs, frequency):
    """The probability with the lowest mean loss if the class has this frequency."""
    target = torch.stack([frequency, 1 - frequency]).expand(len(logits), 2)
    return probabilities[F.cross_entropy(inputs, target, reduction="none").argmin()]


once = torch.stack([estimate(scores, q) for q in frequencies])
twice = torch.stack([estimate(scores.softmax(1), q) for q in frequencies])
theory = ((1 + torch.logit(frequencies)) / 2).clamp(0, 1)
sure_from = math.e / (1 + math.e)
sure_from_ten = math.e / (9 + math.e)  # of ten classes, the other nine equally frequent
example = frequencies[30]
said = {"logits": once[30].item(), "softmax twice": twice[30].item()}
gap_once = (once - frequencies).abs().max().item()
gap_twice = (twice - theory).abs().max().item()
estimates = f"from logits {said['logits']:.2f}, twice {said['softmax twice']:.2f}"
print(f"frequency {example:.2f}: {estimates}")
print(f"twice says 1 for every frequency above e/(1+e) = {sure_from:.3f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
axes.plot(frequencies, once, label="logits")
axes.plot(frequencies, twice, label="softmax twice")
axes.axvline(sure_from, color="0.6", linestyle=":")
axes.set(xlabel="frequency of the class", ylabel="best probability")
axes.legend(loc="upper left")

"""Of three scores two are best when you state the frequency, the third when you exaggerate."""

import matplotlib.pyplot as plt
import torch

FREQUENCY = 0.7
stated = torch.linspace(0.005, 0.995, 199, dtype=torch.float64)
stated = torch.cat([stated.new_tensor([0.0]), stated, stated.new_tensor([1.0])])
SCORES = {
    "log": lambda q: -q.log(),
    "squared": lambda q: (1 - q).square(),
    "absolute": lambda q: 1 - q,
}
expected = {
    name: FREQUENCY * score(stated) + (1 - FREQUENCY) * score(1 - stated)
    for name, score in SCORES.items()
}
best = {name: stated[curve.argmin()].item() for name, curve in expected.items()}
for name, value in best.items():
    print(f"{name} score: best to state {value:.2f} where the frequency is {FREQUENCY:.2f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.4))
for name, curve in expected.items():
    (line,) = axes.plot(stated, curve, label=name)
    axes.plot(best[name], curve.min(), "o", color=line.get_color())
axes.axvline(FREQUENCY, color="0.6", linestyle=":")
axes.set(xlabel="stated probability", ylabel="expected score", ylim=(0, 1.6))
axes.legend(loc="upper center")

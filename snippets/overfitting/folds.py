"""Five folds estimate the accuracy with less scatter than one split."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

DRAWS, SIZE, FOLDS = 200, 100, 5
held_out = SIZE // FOLDS
digits = load_digits()
images, labels = torch.tensor(digits.data), torch.tensor(digits.target)
torch.manual_seed(0)


def accuracy(train, test):
    nearest = torch.cdist(images[test], images[train]).argmin(1)
    return (labels[train][nearest] == labels[test]).double().mean()


estimates = []
for _ in range(DRAWS):
    order = torch.randperm(len(images))
    sample, rest = order[:SIZE], order[SIZE:]
    blocks = sample.chunk(FOLDS)
    scores = torch.stack(
        [
            accuracy(torch.cat(blocks[:fold] + blocks[fold + 1 :]), block)
            for fold, block in enumerate(blocks)
        ]
    )
    estimates.append(torch.stack([scores[0], scores.mean(), accuracy(sample, rest)]))
names = ("one_split", "five_folds", "truth")
estimates = dict(zip(names, torch.stack(estimates).T, strict=True))
mean = {name: values.mean().item() for name, values in estimates.items()}
miss = {name: estimates[name] - estimates["truth"] for name in names[:2]}
error = {name: x.square().mean().sqrt().item() for name, x in miss.items()}
shortfall = mean["truth"] - mean["five_folds"]
spread = {name: values.std().item() for name, values in estimates.items()}
for name in names[:2]:
    print(f"{name}: mean {mean[name]:.3f}", end="")
    print(f", typical distance from the truth {error[name]:.3f}")
print(f"accuracy on the other {len(rest)} images: {mean['truth']:.3f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3))
bins = torch.arange(0.525, 1.03, 0.05)
for name, label in (("one_split", "one split"), ("five_folds", "five folds")):
    axes.hist(estimates[name], bins=bins, histtype="step", linewidth=2, label=label)
axes.axvline(mean["truth"], color="0.5", linestyle=":", label="truth")
axes.set(xlabel="estimated accuracy", ylabel="draws")
axes.legend(loc="upper left")

"""Trained on (N, 1) against (N,), every prediction ends up at the mean."""

import warnings

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

data = load_diabetes()
features = torch.tensor(data.data, dtype=torch.float32)
features = (features - features.mean(0)) / features.std(0)
target = torch.tensor(data.target, dtype=torch.float32)
target = (target - target.mean()) / target.std()
column = target.unsqueeze(1)


def train(target, steps=300):
    torch.manual_seed(0)
    model = torch.nn.Linear(10, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = torch.nn.MSELoss()
    for _ in range(steps):
        optimizer.zero_grad()
        loss(model(features), target).backward()
        optimizer.step()
    return model(features).detach().squeeze(1)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    predictions = {
        "(N, 1) and (N, 1)": train(column),
        "(N, 1) and (N,)": train(target),
    }
warning = str(caught[0].message)
scores, spreads = [], []
for shapes, prediction in predictions.items():
    error = (prediction - target).square().sum() / target.square().sum()
    scores.append(1 - error.item())
    spreads.append(prediction.std().item())
    print(f"{shapes}: R2 {scores[-1]:.2f}, predictions spread by {spreads[-1]:.2f}")
brief = warning.partition(". Please")[0]
print(warning.partition(". ")[0])

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2), sharex=True, sharey=True)
for axes, (shapes, prediction), colour in zip(
    panels, predictions.items(), ("C0", "C1"), strict=True
):
    axes.axline((0, 0), slope=1, color="0.7", linestyle="--")
    axes.plot(target, prediction, ".", color=colour, markersize=4)
    axes.set(title=shapes, xlabel="target")
panels[0].set_ylabel("prediction")

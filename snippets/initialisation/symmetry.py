"""Hidden units that start equal stay equal; random ones drift apart."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

STEPS, RATE, UNITS = 300, 0.5, 32
SHOWN = (0, 10, 30, 100, 300)

digits = load_digits()
split = train_test_split(digits.data / 16, digits.target, test_size=0.3, random_state=0)
images, held_images, labels, held_labels = (torch.tensor(part) for part in split)
images, held_images = images.float(), held_images.float()


def trained(constant=None, drop=0.0):
    torch.manual_seed(0)
    hidden = nn.Linear(64, UNITS), nn.ReLU(), nn.Dropout(drop)
    model = nn.Sequential(*hidden, nn.Linear(UNITS, 10))
    if constant is not None:
        for parameter in model.parameters():
            nn.init.constant_(parameter, constant)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    kept = {}
    for step in range(STEPS + 1):
        if step in SHOWN:
            kept[step] = model[0].weight.detach().clone()
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    model.eval()
    accuracy = (model(held_images).argmax(1) == held_labels).float().mean().item()
    rank = torch.linalg.matrix_rank(kept[STEPS], rtol=1e-3).item()
    return kept, loss.item(), accuracy, rank


runs = {
    "constant": trained(0.1),
    "dropout": trained(0.1, drop=0.5),
    "zeros": trained(0.0),
    "default": trained(),
}
kept, loss, accuracy, rank = (
    {start: run[index] for start, run in runs.items()} for index in range(4)
)
print("| start | loss | test accuracy | rank |\n|---|---|---|---|")
for start in kept:
    scores = f"{loss[start]:.2f} | {accuracy[start]:.2f} | {rank[start]}"
    print(f"| {start} | {scores} |")

# %%
for step in SHOWN:
    figure, panels = plt.subplots(2, 1, num=f"{step}", figsize=(6.4, 2.6))
    for axes, start in zip(panels, ("constant", "default"), strict=True):
        units = kept[start][step][:8].view(8, 8, 8)
        row = nn.functional.pad(units, (0, 1), value=torch.nan).movedim(0, 1).flatten(1)
        axes.imshow(row.numpy(), cmap="RdBu", vmin=-0.5, vmax=0.5)
        axes.set(title=start)
        axes.set_axis_off()

"""Zeros are harmless in biases and the last layer, fatal in all of the first."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

STEPS, RATE = 200, 0.5

digits = load_digits()
split = train_test_split(digits.data / 16, digits.target, test_size=0.3, random_state=0)
images, held_images, labels, held_labels = (torch.tensor(part) for part in split)
images, held_images = images.float(), held_images.float()
starts = {
    "nothing": [],
    "both biases": ["0.bias", "2.bias"],
    "last layer": ["2.weight", "2.bias"],
    "weights of the first layer": ["0.weight"],
    "first layer": ["0.weight", "0.bias"],
    "everything": ["0.weight", "0.bias", "2.weight", "2.bias"],
}


def trained(zeroed):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    for name in zeroed:
        nn.init.zeros_(model.get_parameter(name))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    accuracy = (model(held_images).argmax(1) == held_labels).float().mean().item()
    return accuracy, torch.linalg.matrix_rank(model[0].weight, rtol=1e-3).item()


accuracy, rank = {}, {}
print("| set to zero | test accuracy | rank |\n|---|---|---|")
for start, zeroed in starts.items():
    accuracy[start], rank[start] = trained(zeroed)
    print(f"| {start} | {accuracy[start]:.2f} | {rank[start]} |")

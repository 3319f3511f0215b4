"""Without `model.apply(initialise)` the ten layers of the program stay at guessing."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

EPOCHS, LONGER = 12, 36

torch.manual_seed(0)
images, labels = map(torch.tensor, load_digits(return_X_y=True))
data = TensorDataset(images.float() / 8 - 1, labels)
training, validation = random_split(data, [0.8, 0.2])
loader = DataLoader(training, batch_size=64, shuffle=True)
held_images, held_labels = validation[:]

model = nn.Sequential(nn.Linear(64, 32), nn.ReLU())
for _ in range(9):
    model.extend([nn.Linear(32, 32), nn.ReLU()])
model.append(nn.Linear(32, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
loss, accuracy = {}, {}
print("| epochs | loss | validation accuracy |\n|---|---|---|")
for epoch in range(1, LONGER + 1):
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        batch_loss = nn.functional.cross_entropy(model(x), y)
        batch_loss.backward()
        optimizer.step()
        losses.append(batch_loss.item())
    if epoch in (EPOCHS, LONGER):
        loss[epoch] = sum(losses) / len(losses)
        hits = model(held_images).argmax(1) == held_labels
        accuracy[epoch] = hits.float().mean().item()
        print(f"| {epoch} | {loss[epoch]:.1f} | {accuracy[epoch]:.1f} |")

"""A whole training loop: minibatches from a DataLoader, SGD, a schedule, a validation set."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
digits = load_digits()
pixels = torch.tensor(digits.data / 16).float()  # pixels run from 0 to 16
data = TensorDataset(pixels, torch.tensor(digits.target))
training, validation = random_split(data, [1397, 400])
loader = DataLoader(training, batch_size=32, shuffle=True)

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
loss = nn.CrossEntropyLoss()
epochs = 10
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)


def evaluate(subset):
    model.eval()
    with torch.no_grad():  # no gradients needed here
        X, y = subset[:]  # all of it at once
        logits = model(X)
        return loss(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


for epoch in range(1, epochs + 1):
    model.train()
    losses = []
    for X, y in loader:
        value = loss(model(X), y)
        optimizer.zero_grad()  # clear the old gradients: backward() adds to them
        value.backward()  # back-propagate: compute the new ones, which the step needs
        optimizer.step()  # update the parameters
        losses.append(value.item())
    scheduler.step()  # lower the rate, once an epoch
    mean = sum(losses) / len(losses)
    held_loss, score = evaluate(validation)
    if epoch in (1, 2, 5, epochs):
        text = f"training {mean:.2f}, validation {held_loss:.2f}, accuracy {score:.2f}"
        print(f"epoch {epoch:2}: {text}")

minibatches = len(loader)
updates = epochs * minibatches

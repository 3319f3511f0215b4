"""Which learning rate? Train a few epochs with each and compare the validation losses."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
digits = load_digits()
data = TensorDataset(torch.tensor(digits.data / 16).float(), torch.tensor(digits.target))
training, validation = random_split(data, [1397, 400])
loader = DataLoader(training, batch_size=32, shuffle=True)
loss = nn.CrossEntropyLoss()
rates, epochs = (0.03, 0.1, 0.3, 1.0, 3.0), 5


def train(rate):
    torch.manual_seed(0)  # each rate gets the same new model and the same minibatches
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    for _ in range(epochs):
        for X, y in loader:
            optimizer.zero_grad()
            loss(model(X), y).backward()
            optimizer.step()
        scheduler.step()
    with torch.no_grad():
        X, y = validation[:]
        return loss(model(X), y).item()


validated = {rate: train(rate) for rate in rates}
for rate, value in validated.items():
    print(f"rate {rate:4}: validation loss {value:.1f}")
best = min(validated, key=validated.get)
print(f"best: {best:g}")
inside = min(rates) < best < max(rates)

"""Several rates, one short training each: the validation accuracy chooses."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

EPOCHS, RATES = 5, [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
pixels, digit = load_digits(return_X_y=True)
data = TensorDataset(torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(digit))
torch.manual_seed(0)
training, validation, test = random_split(data, [1200, 297, 300])


def train(rate):
    torch.manual_seed(1)  # the same start and the same batches for every rate
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    batches = DataLoader(training, batch_size=64, shuffle=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=EPOCHS * len(batches), cycle_momentum=False
    )
    for _ in range(EPOCHS):
        for images, labels in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
            schedule.step()
    model.eval()
    with torch.no_grad():
        images, labels = validation[:]
        return (model(images).argmax(1) == labels).float().mean().item()


reached = {}
for rate in RATES:
    reached[rate] = train(rate)
    print(f"rate {rate:g}: validation accuracy {reached[rate]:.2f}")
best = max(reached, key=reached.get)
print(f"best: {best:g}")

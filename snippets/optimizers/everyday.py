"""A whole training program: AdamW, a schedule, validation, the best epoch kept."""

import copy

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
pixels, digit = load_digits(return_X_y=True)
data = TensorDataset(torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(digit))
training, validation, test = random_split(data, [1200, 297, 300])
batches = DataLoader(training, batch_size=64, shuffle=True)

device = "cuda" if torch.cuda.is_available() else "cpu"
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).to(device)
EPOCHS, RATE = 20, 0.01
optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.1)
schedule = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=RATE, total_steps=EPOCHS * len(batches), cycle_momentum=False
)


def accuracy(part):
    model.eval()
    right = 0
    with torch.no_grad():
        for images, labels in DataLoader(part, batch_size=256):
            guesses = model(images.to(device)).argmax(1)
            right += (guesses == labels.to(device)).sum().item()
    return right / len(part)


best, kept = float("-inf"), None
for epoch in range(1, EPOCHS + 1):
    model.train()
    for images, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
        schedule.step()  # the rate changes by the batch
    reached = accuracy(validation)
    if reached > best:  # keep a copy of the best epoch
        best, kept = reached, copy.deepcopy(model.state_dict())
    if epoch in (1, 5, 10, EPOCHS):
        print(f"epoch {epoch:2}: validation accuracy {reached:.2f}")

model.load_state_dict(kept)
final = accuracy(test)
print(f"test accuracy of the best epoch: {final:.2f}")

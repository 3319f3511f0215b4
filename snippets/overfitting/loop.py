"""Early stopping keeps a copy of the best weights and restores them after training."""

import copy

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

PATIENCE = 12


def accuracy(model, loader):
    model.eval()  # dropout off
    right = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
    return right / len(loader.dataset)


def fit(model, optimizer, train_loader, validation_loader, epochs=100, patience=PATIENCE):
    best, history = float("-inf"), []
    for epoch in range(1, epochs + 1):
        model.train()  # dropout on
        for x, y in train_loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        score = accuracy(model, validation_loader)
        history.append((accuracy(model, train_loader), score))
        if score > best:
            best, best_epoch = score, epoch
            weights = copy.deepcopy(model.state_dict())  # a copy, not references
        if epoch - best_epoch == patience:
            break
    model.load_state_dict(weights)  # back to the best epoch
    return best_epoch, history


torch.manual_seed(0)
digits = load_digits()
data = TensorDataset(torch.tensor(digits.data / 16).float(), torch.tensor(digits.target))
train_set, validation_set, test_set = random_split(data, [1000, 300, 497])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
validation_loader = DataLoader(validation_set, batch_size=250)
test_loader = DataLoader(test_set, batch_size=250)

# 0.3 and 0.1 are starting points: choose the best on the validation set
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 10))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.1)
best_epoch, history = fit(model, optimizer, train_loader, validation_loader)
last_epoch = len(history)
for epoch in (1, best_epoch, last_epoch):
    fitted, score = history[epoch - 1]
    print(f"epoch {epoch}: training {fitted:.2f}, validation {score:.2f}")
test_accuracy = accuracy(model, test_loader)
print(f"stopped after epoch {last_epoch}, weights of epoch {best_epoch} restored")
print(f"test accuracy {test_accuracy:.2f}")

"""An ordinary training loop: logits go into the loss, softmax waits until the end."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)  # int64, one class index per image
train_set, validation_set = random_split(TensorDataset(images, labels), [1397, 400])
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
validation_loader = DataLoader(validation_set, batch_size=400)

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))  # ends in logits
loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def evaluate(loader):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for inputs, targets in loader:
            logits = model(inputs)
            total += loss_function(logits, targets).item() * len(targets)  # weighted by batch size
            right += (logits.argmax(1) == targets).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


for epoch in range(10):
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = loss_function(model(inputs), targets)
        loss.backward()
        optimizer.step()
    validation_loss, accuracy = evaluate(validation_loader)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.2f}, accuracy {accuracy:.2f}")

image, label = validation_set[42]  # one that the model is not sure of
with torch.no_grad():
    logits = model(image)
probabilities = logits.softmax(0)  # for people to read (one image: dimension 0; a batch: 1)
answer = logits.argmax().item()
print("logits:       ", [round(z, 1) for z in logits.tolist()])
print("probabilities:", [round(p, 2) for p in probabilities.tolist()])
print(f"answer: {answer}, label: {label}")

"""Ten hidden layers learn once `apply` has filled them with `kaiming_normal_`."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

EPOCHS = 12


class DeepNet(nn.Module):
    def __init__(self, inputs=64, width=32, depth=10, classes=10):
        super().__init__()
        layers = [nn.Linear(inputs, width)]
        layers += [nn.Linear(width, width) for _ in range(depth - 1)]
        self.hidden = nn.ModuleList(layers)
        self.output = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.output(x)


def initialise(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


def accuracy(model, data):
    model.eval()
    with torch.no_grad():
        hits = [(model(x).argmax(1) == y).float() for x, y in DataLoader(data, 200)]
    return torch.cat(hits).mean().item()


torch.manual_seed(0)
images, labels = map(torch.tensor, load_digits(return_X_y=True))
data = TensorDataset(images.float() / 8 - 1, labels)  # pixels from 0 to 16 become -1 to 1
training, validation = random_split(data, [0.8, 0.2])
loader = DataLoader(training, batch_size=64, shuffle=True)

model = DeepNet()
model.apply(initialise)
optimizer = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
print(f"before training: validation accuracy {accuracy(model, validation):.1f}")
for _ in range(EPOCHS):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
reached = accuracy(model, validation)
print(f"after {EPOCHS} epochs: validation accuracy {reached:.1f}")

"""The loss of an image is minus the log of its true class's probability."""

import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
torch.manual_seed(0)
order = torch.randperm(len(images))
train, held_out = order[:1200], order[1200:]
unseen, FEW = len(held_out), 30
layers = torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)
model = torch.nn.Sequential(*layers)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
first_loss = F.cross_entropy(model(images[held_out]), labels[held_out]).item()
for _ in range(250):
    optimizer.zero_grad()
    F.cross_entropy(model(images[train]), labels[train]).backward()
    optimizer.step()
with torch.no_grad():
    logits = model(images[held_out])
terms = F.cross_entropy(logits, labels[held_out], reduction="none")
own = logits.softmax(1).gather(1, labels[held_out].unsqueeze(1)).squeeze(1)
mean_loss = terms.mean().item()
typical = math.exp(-mean_loss)  # the geometric mean of the true classes' probabilities
accuracy = (logits.argmax(1) == labels[held_out]).float().mean().item()
worst = terms.argsort(descending=True)
share = (terms[worst[:FEW]].sum() / terms.sum()).item()
same = torch.allclose(terms, -own.log(), atol=1e-5)

# %%
figure, (axes, pictures) = plt.subplots(1, 2, figsize=(6.4, 3.2), width_ratios=(5, 2))
p = torch.linspace(0.005, 1, 300)
axes.plot(p, -p.log(), color="0.6", linestyle="-")
axes.plot(own, terms, ".", color="C0")
axes.plot(own[worst[:3]], terms[worst[:3]], "o", color="C1")
axes.set(xlabel="probability of the true class", ylabel="loss $-\\ln p$", ylim=(0, 5.3))
pictures.imshow(images[held_out][worst[:3]].reshape(24, 8).numpy(), cmap="gray_r")
pictures.set(title="highest loss", xticks=[])
for edge in (7.5, 15.5):
    pictures.axhline(edge, color="C1", linestyle="-")
names = [f"{labels[held_out][i]}, read as {logits[i].argmax()}" for i in worst[:3]]
pictures.set_yticks([3.5, 11.5, 19.5], names, fontsize=9)

"""Yes or no: one logit an example, and targets that are floats of its shape."""

import torch
from torch import nn

logits = torch.tensor([2.0, -1.0, 0.5])  # three images; is it an eight?
targets = torch.tensor([1.0, 0.0, 0.0])  # 1 for yes, 0 for no
loss = nn.BCEWithLogitsLoss()(logits, targets)
probabilities = logits.sigmoid()
print("probabilities:", [round(p, 2) for p in probabilities.tolist()])
print("answers:      ", (logits > 0).tolist())
print(f"loss:          {loss:.2f}")

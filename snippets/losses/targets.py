"""What cross_entropy takes, what it refuses, and what it misreads silently."""

from textwrap import shorten

import torch
import torch.nn.functional as F

torch.manual_seed(0)
labels = torch.tensor([0, 2, 1, 0])
logits, pixels, words = torch.randn(4, 3), torch.randn(2, 3, 5, 5), torch.randn(2, 5, 5)
masks, next_words = torch.randint(3, (2, 5, 5)), torch.randint(5, (2, 5))
CASES = """
logits, labels | ok | class indices, int64
logits, labels.byte() | ok | uint8 counts as indices too
logits, labels.int() | refused | no other integers
logits, labels.bool() | refused | not even for two classes
logits, labels.float() | refused | a float vector is neither kind
logits, labels.unsqueeze(1) | refused | (N, 1): drop the last dimension
logits, labels[:3] | refused | one label per row
logits, labels.tolist() | refused | a list is not a tensor
logits, labels + 1 | refused | classes count from 0 to C - 1
logits, labels - 1 | refused | so -1 is no class
logits, labels.where(labels < 2, -100) | ok | -100 is left out of the mean
logits, torch.full_like(labels, -100) | silent | nothing left to average: nan
logits, F.one_hot(labels, 3) | refused | probabilities must be floats
logits, F.one_hot(labels, 3).float() | ok | the same loss as from indices
logits, torch.full((4, 3), 1 / 3) | ok | soft labels, rows sum to 1
logits, torch.full((4, 3), 2.0) | silent | rows sum to 6: nobody checks
logits, torch.full((4, 3), -1.0) | silent | a negative loss
logits[0], labels[0] | ok | one example without a batch
logits[:, :1], torch.zeros_like(labels) | silent | one output: the loss is always 0
labels, logits | refused | input first, then target
pixels, masks | ok | (N, C, H, W) and (N, H, W)
pixels.movedim(1, -1), masks | refused | classes stand in dimension 1
words[:, :4], next_words[:, :4] | refused | (N, T, C): classes go first
words, next_words | silent | T = C: T is read as C
words.movedim(2, 1), next_words | ok | (N, C, T) is the right order
"""
VERDICTS = {"ok": "works", "refused": "fails", "silent": "silently wrong"}


def outcome(arguments):
    """What happens: the loss, or the error and its message."""
    try:
        return f"{F.cross_entropy(*arguments).item():.3f}"
    except (TypeError, ValueError, RuntimeError, IndexError) as error:
        return f"{type(error).__name__}: {shorten(str(error), 44, placeholder='...')}"


verdicts, outcomes = {}, {}
print("| arguments | verdict | why | outcome |")
print("|---|---|---|---|")
for case in CASES.strip().splitlines():
    call, verdict, why = case.split(" | ")
    verdicts[call], outcomes[call] = verdict, outcome(eval(call))
    if (verdict == "refused") != ("Error" in outcomes[call]):
        raise ValueError(f"{call} is said to be {verdict}, but gives {outcomes[call]}")
    print(f"| `{call}` | {VERDICTS[verdict]} | {why} | `{outcomes[call]}` |")
counts = {verdict: list(verdicts.values()).count(verdict) for verdict in VERDICTS}
tried = len(verdicts)

"""What the other losses do with targets and inputs that are not theirs."""

import warnings
from textwrap import shorten

import torch
import torch.nn.functional as F

torch.manual_seed(0)
x, rows = torch.randn(4), torch.randn(4, 3)
whole = torch.tensor([0, 1, 1, 0])
CASES = """
mse_loss(x, whole) | ok | integers become floats
mse_loss(whole, whole) | refused | two integer tensors do not
mse_loss(x, rows) | refused | shapes that do not fit
binary_cross_entropy_with_logits(x, whole.float()) | ok | targets are floats
binary_cross_entropy_with_logits(x, whole) | refused | not integers
binary_cross_entropy_with_logits(x, 7.0 * whole) | silent | 7 is no probability
binary_cross_entropy(x, whole.float()) | refused | it wants probabilities
binary_cross_entropy(x.sigmoid(), 7.0 * whole) | refused | this one checks
nll_loss(rows.log_softmax(1), whole) | ok | wants log-probabilities
nll_loss(rows.softmax(1), whole) | silent | probabilities: a negative loss
nll_loss(rows, whole) | silent | logits: a number without meaning
kl_div(rows.softmax(1), rows.softmax(1)) | silent | not 0: wants logs first
gaussian_nll_loss(x, x, -torch.ones(4)) | refused | a variance below 0
poisson_nll_loss(x, -torch.ones(4)) | silent | a count below 0
soft_margin_loss(x, whole) | silent | labels are -1 and 1, not 0 and 1
"""
VERDICTS = {"ok": "works", "refused": "fails", "silent": "silently wrong"}


def outcome(call):
    """What happens: the loss, or the error and its message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return f"{eval(call, {**vars(F), **globals()}).item():.3f}"
        except (ValueError, RuntimeError) as error:
            return f"{type(error).__name__}: {shorten(str(error), 44, placeholder='...')}"


verdicts, outcomes = {}, {}
print("| call | verdict | why | outcome |")
print("|---|---|---|---|")
for case in CASES.strip().splitlines():
    call, verdict, why = case.split(" | ")
    verdicts[call], outcomes[call] = verdict, outcome(call)
    if (verdict == "refused") != ("Error" in outcomes[call]):
        raise ValueError(f"{call} is said to be {verdict}, but gives {outcomes[call]}")
    print(f"| `F.{call}` | {VERDICTS[verdict]} | {why} | `{outcomes[call]}` |")

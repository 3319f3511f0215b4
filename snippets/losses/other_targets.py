"""What the other losses do with targets and inputs that are not theirs."""

import warnings
from textwrap import shorten

import torch
import torch.nn.functional as F

torch.manual_seed(0)
x, rows = torch.randn(4), torch.randn(4, 3)
whole = torch.tensor([0, 1, 1, 0])
CASES = """
mse_loss(x, whole) | ok | integers become floats | 整数会转成浮点数
mse_loss(whole, whole) | refused | two integer tensors do not | 两个都是整数就不行
mse_loss(x, rows) | refused | shapes that do not fit | 形状配不上
binary_cross_entropy_with_logits(x, whole.float()) | ok | targets are floats | 目标是浮点数
binary_cross_entropy_with_logits(x, whole) | refused | not integers | 不能是整数
binary_cross_entropy_with_logits(x, 7.0 * whole) | silent | 7 is no probability | 7不是概率
binary_cross_entropy(x, whole.float()) | refused | it wants probabilities | 要的是概率
binary_cross_entropy(x.sigmoid(), 7.0 * whole) | refused | this one checks | 这个会检查
nll_loss(rows.log_softmax(1), whole) | ok | wants log-probabilities | 要对数概率
nll_loss(rows.softmax(1), whole) | silent | probabilities: a negative loss | 给了概率：损失为负
nll_loss(rows, whole) | silent | logits: a number without meaning | 给了logit：没有意义的数
kl_div(rows.softmax(1), rows.softmax(1)) | silent | not 0: wants logs first | 不为0：要先取对数
gaussian_nll_loss(x, x, -torch.ones(4)) | refused | a variance below 0 | 方差小于0
poisson_nll_loss(x, -torch.ones(4)) | silent | a count below 0 | 计数小于0
soft_margin_loss(x, whole) | silent | labels are -1 and 1, not 0 and 1 | 标签是-1和1，不是0和1
"""
VERDICTS = {
    "ok": ("works", "可用"),
    "refused": ("fails", "报错"),
    "silent": ("**wrong in silence**", "**悄悄出错**"),
}


def outcome(call):
    """What happens: the loss, or the error and its message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return f"{eval(call, {**vars(F), **globals()}).item():.3f}"
        except (ValueError, RuntimeError) as error:
            return f"{type(error).__name__}: {shorten(str(error), 44, placeholder='...')}"


verdicts, outcomes = {}, {}
print("| call | verdict | 判定 | outcome |")
print("|---|---|---|---|")
for case in CASES.strip().splitlines():
    call, verdict, english, chinese = case.split(" | ")
    verdicts[call], outcomes[call] = verdict, outcome(call)
    if (verdict == "refused") != ("Error" in outcomes[call]):
        raise ValueError(f"{call} is said to be {verdict}, but gives {outcomes[call]}")
    said, zh = VERDICTS[verdict]
    print(f"| `F.{call}` | {said}: {english} | {zh}：{chinese} | `{outcomes[call]}` |")

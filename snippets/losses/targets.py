"""What cross_entropy takes, what it refuses, and what it misreads in silence."""

from textwrap import shorten

import torch
import torch.nn.functional as F

torch.manual_seed(0)
labels = torch.tensor([0, 2, 1, 0])
logits, pixels, words = torch.randn(4, 3), torch.randn(2, 3, 5, 5), torch.randn(2, 5, 5)
masks, next_words = torch.randint(3, (2, 5, 5)), torch.randint(5, (2, 5))
CASES = """
logits, labels | ok | class indices, int64 | 类别编号，int64
logits, labels.byte() | ok | uint8 counts as indices too | uint8也算编号
logits, labels.int() | refused | no other integers | 其他整数类型不行
logits, labels.bool() | refused | not even for two classes | 只有两类也不行
logits, labels.float() | refused | a float vector is neither kind | 一维浮点数两种都不是
logits, labels.unsqueeze(1) | refused | (N, 1): drop the last dimension | (N, 1)：去掉最后一维
logits, labels[:3] | refused | one label per row | 每行一个标签
logits, labels.tolist() | refused | a list is not a tensor | 列表不是张量
logits, labels + 1 | refused | classes count from 0 to C - 1 | 类别从0数到C-1
logits, labels - 1 | refused | so -1 is no class | 所以-1不是类别
logits, labels.where(labels < 2, -100) | ok | -100 is left out of the mean | -100不计入平均
logits, torch.full_like(labels, -100) | silent | nothing left to average: nan | 没有可平均的项：nan
logits, F.one_hot(labels, 3) | refused | probabilities must be floats | 概率必须是浮点数
logits, F.one_hot(labels, 3).float() | ok | the same loss as from indices | 与用编号的损失相同
logits, torch.full((4, 3), 1 / 3) | ok | soft labels, rows sum to 1 | 软标签，每行之和为1
logits, torch.full((4, 3), 2.0) | silent | rows sum to 6: nobody checks | 每行之和为6：没有检查
logits, torch.full((4, 3), -1.0) | silent | a negative loss | 损失成了负数
logits[0], labels[0] | ok | one example without a batch | 单个样例，没有批量维
logits[:, :1], torch.zeros_like(labels) | silent | one output: the loss is always 0 | 损失恒为0
labels, logits | refused | input first, then target | 先输入，后目标
pixels, masks | ok | (N, C, H, W) and (N, H, W) | (N, C, H, W)与(N, H, W)
pixels.movedim(1, -1), masks | refused | classes stand in dimension 1 | 类别在第1维
words[:, :4], next_words[:, :4] | refused | (N, T, C): classes go first | (N, T, C)：类别要在前
words, next_words | silent | T = C: T is read as C | T = C：T被当成了C
words.movedim(2, 1), next_words | ok | (N, C, T) is the right order | (N, C, T)才是对的顺序
"""
VERDICTS = {
    "ok": ("works", "可用"),
    "refused": ("fails", "报错"),
    "silent": ("**wrong in silence**", "**悄悄出错**"),
}


def outcome(arguments):
    """What happens: the loss, or the error and its message."""
    try:
        return f"{F.cross_entropy(*arguments).item():.3f}"
    except (TypeError, ValueError, RuntimeError, IndexError) as error:
        return f"{type(error).__name__}: {shorten(str(error), 44, placeholder='...')}"


verdicts, outcomes = {}, {}
print("| arguments | verdict | 判定 | outcome |")
print("|---|---|---|---|")
for case in CASES.strip().splitlines():
    call, verdict, english, chinese = case.split(" | ")
    verdicts[call], outcomes[call] = verdict, outcome(eval(call))
    if (verdict == "refused") != ("Error" in outcomes[call]):
        raise ValueError(f"{call} is said to be {verdict}, but gives {outcomes[call]}")
    said, zh = VERDICTS[verdict]
    print(f"| `{call}` | {said}: {english} | {zh}：{chinese} | `{outcomes[call]}` |")
counts = {verdict: list(verdicts.values()).count(verdict) for verdict in VERDICTS}
tried = len(verdicts)

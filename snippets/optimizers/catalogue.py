"""Every optimizer of the installed torch, its default rate, and its idea."""

import inspect

import torch

IDEAS = {
    "ASGD": ("SGD whose iterates are averaged", "对迭代点取平均的SGD"),
    "Adadelta": (
        "RMSprop that sets its own step from past updates",
        "用过去的更新量自定步长的RMSprop",
    ),
    "Adafactor": (
        "Adam with row and column sums in place of the full second moment",
        "只存行列和的Adam，省内存",
    ),
    "Adagrad": (
        "each rate shrinks with the sum of squared gradients",
        "学习率随梯度平方的累计和减小",
    ),
    "Adam": ("running averages of gradient and squared gradient", "梯度与梯度平方的移动平均"),
    "AdamW": ("Adam with decoupled weight decay", "解耦权重衰减的Adam"),
    "Adamax": ("Adam with a running maximum in place of the root", "用移动最大值代替均方根的Adam"),
    "LBFGS": (
        "quasi-Newton on full batches; step needs a closure",
        "全批量的拟牛顿法，step要传闭包",
    ),
    "Muon": ("orthogonalised momentum, for 2-D weights only", "把动量正交化，只用于二维权重"),
    "NAdam": ("Adam with Nesterov's look-ahead", "带Nesterov前瞻的Adam"),
    "RAdam": ("Adam that holds back while its variance is unknown", "方差未知时先收着步子的Adam"),
    "RMSprop": ("divides by a running root mean square", "除以移动的均方根"),
    "Rprop": ("uses the sign of the gradient only; for full batches", "只用梯度符号，适合全批量"),
    "SGD": ("the gradient times the rate, with optional momentum", "梯度乘学习率，可加动量"),
    "SparseAdam": (
        "Adam for sparse gradients, as embeddings give",
        "用于稀疏梯度（如词嵌入）的Adam",
    ),
}

optimizers = {
    name: member
    for name, member in vars(torch.optim).items()
    if inspect.isclass(member) and member is not torch.optim.Optimizer
}
missing = set(optimizers) ^ set(IDEAS)
if missing:
    raise LookupError(f"torch.optim and this table differ in {sorted(missing)}")

print("| optimizer | lr | weight_decay | idea | 思想 |")
print("|---|---|---|---|---|")
for name in sorted(optimizers, key=str.lower):
    parameters = inspect.signature(optimizers[name]).parameters
    decay = "-"
    if "weight_decay" in parameters:
        decay = f"`{parameters['weight_decay'].default}`"
    english, chinese = IDEAS[name]
    print(f"| {name} | `{parameters['lr'].default}` | {decay} | {english} | {chinese} |")
count = len(optimizers)
defaults = {name: kind([torch.zeros(2, 2)]).defaults for name, kind in optimizers.items()}
decaying = [name for name in sorted(defaults) if defaults[name].get("weight_decay")]
rates = [default["lr"] for default in defaults.values()]
span = max(rates) / min(rates)

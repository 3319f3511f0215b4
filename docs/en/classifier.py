# ---
# title: "From start to end: a digit classifier"
# description: "One notebook to download and run: honest split, a training loop with schedule and early stopping, settings chosen on validation data, checkpoint, mixed precision, one look at the test set, and a fair comparison with a baseline."
# prerequisites: [sgd.md#code, optimizers.md#training-loop, overfitting.md#early-stopping]
# asked:
#   in-short: [pytorch training template, train validation test, 完整的训练流程, 训练模板]
#   data: [load_digits, 手写数字数据]
#   split: [train_test_split stratify, custom Dataset DataLoader, 怎么切分数据集, 自定义Dataset]
#   start: [initial loss too high, overfit one batch, loss should be ln 10, 初始损失过大, 背下一个小批量]
#   loop: [pytorch training loop, early stopping code, 训练循环怎么写]
#   rate: [how to choose learning rate, grid search, 学习率怎么选, 调参]
#   schedule: [cosine annealing, CosineAnnealingLR, 余弦退火]
#   regularisation: [dropout and weight decay together, 暂退法和权重衰减一起用]
#   checkpoint: [save and resume training, checkpoint optimizer state, torch.save, load_state_dict, 断点续训, 保存和恢复训练]
#   precision: [mixed precision cpu, autocast bfloat16, amp, GradScaler, 混合精度]
#   compile: [torch.compile cpu slow, backend eager, inductor needs compiler, 编译模型]
#   interval: [confidence interval accuracy, wilson interval, 准确率的置信区间]
#   test: [when to use test set, 测试集什么时候用]
#   splits: [compare two classifiers, paired t-test, nearest neighbour baseline, 比较两个分类器, 成对t检验, 最近邻]
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From start to end: a digit classifier
#
# The five chapters take one thing at a time. Here they are joined: a network that reads handwritten digits, from splitting the data to reporting a result. Every step links to the section that explains it. The whole is one notebook that you can download and run; it needs torch, matplotlib, scikit-learn and scipy, and no network connection. What is printed below comes from one run, made when the site was built. On another machine, trained numbers differ a little.
#
# ## In short { #in-short .basic }
#
# * Whatever is chosen is chosen on validation data. The test set is [opened once](#test), at the end; the code cannot open it twice.
# * Before training, two checks that take seconds: is [the first loss that of guessing](#start), and can the network memorise twenty images? If not, look for a fault.
# * The [learning rate and its schedule](#rate) are chosen first, then [dropout and weight decay](#regularisation). Settings next to the best one usually cannot be told apart from it, which does no harm.
# * With a [checkpoint](#checkpoint) of model, optimizer, schedule and random state, training continues exactly as if nothing had happened. With the weights alone it does not.
# * A result is a number with an interval and a baseline. Here the baseline wins: over many splits the [nearest neighbour](#splits), which has nothing to train, beats the network by a little.
#
# ## The idea { #idea .basic }
#
# Imagine three envelopes with images. From the first the network learns. The second tells you which of your decisions were good: what learning rate, how much dropout, when to stop. The third stays sealed until nothing is left to decide. What it says is then a fair forecast for images that nobody has looked at.
#
# Each envelope wears out with use. A network that has seen an image may know it by heart, so the first envelope proves nothing about new images. You, too, learn from what you look at: after a hundred decisions by the second envelope, your setting fits that envelope a little too well. Only the third has told nobody anything.

# %% [markdown]
# ## The data { #data .basic }
#
# The handwritten digits that come with scikit-learn: $8 \times 8$ pixels, values from 0 to 16. Dividing by 16 changes the unit and learns nothing from the data; it may precede the split. Subtracting a mean and dividing by a standard deviation would be another matter: those must come from training data alone.
#
# One small check first: are any two images the same? [Copies](overfitting.md#leaking-copies) on both sides of a split make the test result a fiction.

# %%
import copy
import math
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import torch
from IPython.display import Markdown, display
from scipy.stats import binom, ttest_rel
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler

torch.set_num_threads(1)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)
print(f"{len(images)} images, {len(images.unique(dim=0))} of them different")
print(f"{images.shape[1]} pixels, from {images.min():g} to {images.max():g}")
print(f"images of each digit: {labels.bincount().tolist()}")

# %% [markdown]
# ## Three parts { #split .basic }
#
# The [training set](glossary.md#training-set) is for gradients, the [validation set](glossary.md#validation-set) for choices, the [test set](glossary.md#test-set) for the report. The images are shuffled before the split, with the same share of each digit in all parts (`stratify`). What wrong splits cost has been [measured](overfitting.md#splits).
#
# The test indices go into an iterator that gives them out once, and their old name is deleted. The code below cannot peek by mistake: a second attempt raises an error.
#
# A `Dataset` says how many examples there are and what the example at a place is. This one takes a list of places as well. `DataLoader` makes shuffled minibatches of it.

# %%
TRAIN_SIZE, TEST_SIZE = 1000, 450


class Digits(Dataset):
    def __init__(self, places):
        self.images, self.labels = images[places], labels[places]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, place):
        return self.images[place], self.labels[place]


def split(number):
    everything = torch.arange(len(images))
    rest, test = train_test_split(
        everything, test_size=TEST_SIZE, stratify=labels, random_state=number
    )
    train, validation = train_test_split(
        rest, train_size=TRAIN_SIZE, stratify=labels[rest], random_state=number
    )
    assert len(torch.cat([train, validation, test]).unique()) == len(images)
    return Digits(train), Digits(validation), test


training, validation, rest = split(0)
sealed = iter([rest])
print(f"{len(training)} to train, {len(validation)} to choose, {len(rest)} sealed")
del rest

# %% [markdown]
# There are no copies, so the three parts share no image; every digit is about as frequent. Before anything else, look at the data, but only at the part you may see:

# %% alt="Sixteen training images of handwritten digits, each with its label above it."
figure, axes = plt.subplots(2, 8, figsize=(6.4, 1.9))
for panel, image, label in zip(axes.flat, *training[:16], strict=True):
    panel.imshow(image.view(8, 8), cmap="viridis")
    panel.set_title(label.item())
    panel.axis("off")
plt.show()

# %% [markdown]
# **What this cannot promise.** Little more than a dozen people wrote these digits, and the data do not say who wrote which. Digits of one writer may be on both sides. The accuracy at the end speaks of new digits by these writers; for new writers it is probably lower.

# %% [markdown]
# ## The network and its first loss { #start .basic }
#
# A [multilayer perceptron](glossary.md#multilayer-perceptron) with two hidden layers. It returns [logits](glossary.md#logit) and has no softmax at its end: `cross_entropy` holds one already, and [two are one too many](losses.md#softmax-twice). Layers before a ReLU get [Kaiming initialisation](initialisation.md#one-layer), the last one Xavier; biases are zero.
#
# A first check needs no training. A network that knows nothing should have a loss near $\ln 10$ ([why](losses.md#cross-entropy)). For contrast: weights from $N(0,1)$, which the [article](errata.md#e31) uses.

# %%
WIDTH = 128


class Network(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, WIDTH),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(WIDTH, WIDTH),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(WIDTH, 10),
        )
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        nn.init.xavier_normal_(self.layers[-1].weight)

    def forward(self, x):
        return self.layers(x)


@torch.no_grad()
def measure(model, data):
    model.eval()
    logits = model(data.images)
    accuracy = (logits.argmax(1) == data.labels).double().mean()
    return cross_entropy(logits, data.labels).item(), accuracy.item()


torch.manual_seed(0)
model, careless = Network(), Network()
for layer in careless.layers:
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=1.0)
first_loss, first_accuracy = measure(model, training)
careless_loss, _ = measure(careless, training)
print(f"guessing: loss ln 10 = {math.log(10):.2f}, accuracy 0.10")
print(f"Kaiming:  loss {first_loss:.2f}, accuracy {first_accuracy:.2f}")
print(f"N(0, 1):  loss {careless_loss:.0f}")

# %% [markdown]
# Kaiming's first loss is close to $\ln 10$. That of $N(0,1)$ is two orders of magnitude larger: before it has seen a single label, the network is wrong with great confidence. Two hidden layers may recover; [ten do not](initialisation.md#ten).
#
# The second check: twenty images should be easy to memorise. If they are not, there is probably a bug, and nothing that follows means anything. These are the [four lines](optimizers.md#training-loop) of every training loop.

# %%
x, y = training[:20]
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
for _ in range(200):
    loss = cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
few_loss, few_accuracy = loss.item(), (model(x).argmax(1) == y).double().mean().item()
print(f"the same {len(x)} images: loss {few_loss:.4f}, accuracy {few_accuracy:.2f}")

# %% [markdown]
# ## The training loop { #loop .basic }
#
# These four functions are the heart of the notebook, and the part to copy into a project of yours. Little in them is new:
#
# * each [epoch](glossary.md#epoch) is shuffled anew, and minibatches are drawn [without replacement](sgd.md#without-replacement). `batches` does what `DataLoader(data, batch_size=BATCH, shuffle=True)` does, but asks the dataset once for each minibatch and not once for each image: all images lie in one tensor here;
# * AdamW, whose [weight decay is decoupled](optimizers.md#weight-decay) (`fused=True` is the same arithmetic in one call);
# * a [cosine schedule](sgd.md#schedules) lowers the rate to zero over `EPOCHS` epochs; `schedule.step()` comes once an epoch;
# * `train()` for training and `eval()` for scoring, or the masks of [dropout](overfitting.md#dropout) stay on;
# * [early stopping](overfitting.md#early-stopping): stop when the validation loss has found no new low for `PATIENCE` epochs, and restore the weights of the lowest. `deepcopy` is needed: `state_dict()` refers to live weights.

# %%
BATCH, EPOCHS, PATIENCE = 100, 20, 6


def batches(data):
    places = BatchSampler(RandomSampler(data), BATCH, drop_last=False)
    return DataLoader(data, sampler=places, batch_size=None)


def train_epoch(model, optimizer, loader):
    model.train()
    losses = []
    for x, y in loader:
        loss = cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def fit(seed, rate, setting=(0.0, 0.0), cosine=True, data=(training, validation)):
    torch.manual_seed(seed)
    dropout, decay = setting
    model = Network(dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
    schedule = CosineAnnealingLR(optimizer, EPOCHS) if cosine else None
    loader = batches(data[0])
    best, history = math.inf, {"training": [], "validation": []}
    for epoch in range(EPOCHS):
        history["training"].append(train_epoch(model, optimizer, loader))
        loss, _ = measure(model, data[1])
        history["validation"].append(loss)
        if cosine:
            schedule.step()
        if loss < best:
            best, stop = loss, epoch + PATIENCE
            kept = copy.deepcopy(model.state_dict())
        elif epoch >= stop:
            break
    model.load_state_dict(kept)
    return {"model": model, "best": best, **history}


def summary(runs):
    losses = torch.tensor([run["best"] for run in runs])
    return losses.mean().item(), losses.std().item()


# %% [markdown]
# ## The learning rate and its schedule { #rate .basic }
#
# First the [learning rate](glossary.md#learning-rate), without dropout or weight decay: two candidates per order of magnitude, three seeds each, once with the cosine schedule and once with a constant rate. What counts is the mean validation loss of the three seeds; after the ± stands their standard deviation, and the chosen cell of each column is bold. Why several seeds for each setting: [comparing fairly](optimizers.md#comparison).

# %%
SEEDS = (0, 1, 2)
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
SCHEDULES = {"constant": False, "cosine": True}
by_rate = {
    name: {rate: [fit(seed, rate, cosine=cosine) for seed in SEEDS] for rate in RATES}
    for name, cosine in SCHEDULES.items()
}
tuned = {
    name: min(RATES, key=lambda rate: summary(runs[rate])[0]) for name, runs in by_rate.items()
}
rows = ["| rate | constant | cosine |", "|---|---|---|"]
for tried in RATES:
    cells = []
    for name in SCHEDULES:
        mean, spread = summary(by_rate[name][tried])
        mark = "**" if tried == tuned[name] else ""
        cells.append(f"{mark}{mean:.3f} ± {spread:.3f}{mark}")
    rows.append(f"| {tried:g} | {cells[0]} | {cells[1]} |")
display(Markdown("\n".join(rows)))

# %% alt="Validation loss against learning rate, two bowls: one for a constant rate, one for the cosine schedule. Dots are single seeds; squares mark the chosen rates, which are not at the edge of the grid."
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for color, name in zip(("C1", "C0"), SCHEDULES, strict=True):
    means = [summary(by_rate[name][tried])[0] for tried in RATES]
    axes.plot(RATES, means, color=color, label=name)
    for tried, runs in by_rate[name].items():
        losses = [run["best"] for run in runs]
        axes.plot([tried] * len(runs), losses, "o", color=color, markersize=4)
    lowest = means[RATES.index(tuned[name])]
    axes.plot(tuned[name], lowest, "s", color=color, markersize=10)
axes.set(xscale="log", xlabel="learning rate", ylabel="validation loss")
axes.legend()
plt.show()

# %% [markdown]
# Neither chosen rate is at the edge, so the grid is wide enough. And look at the spread: rates next to the bottom of the bowl can hardly be told apart from it. We want a good setting, not a ranking.
#
# ### Does the schedule matter? { #schedule .advanced }
#
# Three seeds chose the rates; the comparison needs fresh ones. Eight further seeds are each trained with both schedules, each at its chosen rate. A difference of less than `0.01` in validation loss would not matter to us; this bound was fixed before looking.


# %%
def compare(name, first, second, matters):
    low, high = ttest_rel(first, second).confidence_interval()
    mean = sum(a - b for a, b in zip(first, second, strict=True)) / len(first)
    found = {"mean": mean, "low": float(low), "high": float(high), "runs": len(first)}
    return {"comparison": name, **found, "matters": matters}


def verdict(result, if_lower, if_higher):
    if -result["matters"] < result["low"] and result["high"] < result["matters"]:
        return "no difference that matters"
    if result["low"] < 0 < result["high"]:
        return "cannot tell"
    return f"{if_lower if result['mean'] < 0 else if_higher} better"


def show(result, said):
    names = "comparison | mean difference | 95 % interval | runs | matters from | verdict"
    interval = f"{result['low']:.3f} to {result['high']:.3f}"
    numbers = f"{result['mean']:.3f} | {interval} | {result['runs']} | {result['matters']:g}"
    row = f"{result['comparison']} | {numbers} | {said}"
    display(Markdown(f"| {names} |\n|{'---|' * 6}\n| {row} |"))


fresh = {
    name: [fit(seed, tuned[name], cosine=cosine)["best"] for seed in range(3, 11)]
    for name, cosine in SCHEDULES.items()
}
by_schedule = compare("cosine against constant", fresh["cosine"], fresh["constant"], 0.01)
schedule_verdict = verdict(by_schedule, "cosine", "constant")
show(by_schedule, schedule_verdict)

# %% [markdown]
# The cosine schedule shows no gain here, perhaps because early stopping takes the weights from the best epoch, whatever the rate. The notebook keeps the cosine schedule; it costs nothing, and trainings that run for a fixed number of epochs end more calmly with it. Where a schedule does help is [measured in the first chapter](sgd.md#schedules).

# %% [markdown]
# ## Dropout and weight decay { #regularisation .basic }
#
# With the rate fixed, we choose the [dropout probability](overfitting.md#dropout) and the [weight decay](overfitting.md#weight-decay). They influence each other, so they are tried together and not one after the other. (The rate ought to be tuned again with them. To save time it is not; that is a compromise.)

# %%
DROPOUTS, DECAYS = (0.0, 0.3, 0.6), (0.0, 0.1, 1.0)
rate = tuned["cosine"]
by_setting = {
    (dropout, decay): [fit(seed, rate, (dropout, decay)) for seed in SEEDS]
    for dropout in DROPOUTS
    for decay in DECAYS
}
chosen = min(by_setting, key=lambda setting: summary(by_setting[setting])[0])
rows = ["| dropout | weight decay | validation loss |", "|---|---|---|"]
for (dropout, decay), runs in by_setting.items():
    mean, spread = summary(runs)
    mark = "**" if (dropout, decay) == chosen else ""
    rows.append(f"| {dropout} | {decay} | {mark}{mean:.3f} ± {spread:.3f}{mark} |")
display(Markdown("\n".join(rows)))

# %% alt="Validation loss against dropout probability, one line for each of three weight decays. The loss is lowest at a moderate probability and highest at the largest."
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for number, decay in enumerate(DECAYS):
    means, spreads = zip(
        *(summary(by_setting[dropout, decay]) for dropout in DROPOUTS), strict=True
    )
    places = [dropout + 0.012 * (number - 1) for dropout in DROPOUTS]
    axes.errorbar(places, means, spreads, marker="o", capsize=3, label=f"decay {decay}")
axes.set(xlabel="dropout probability", ylabel="validation loss", xticks=DROPOUTS)
axes.legend()
plt.show()

# %% [markdown]
# The lowest loss has a moderate dropout probability; a large one is worse than none, because the small network then lacks too many units. Weak decay and no decay differ by less than their error bars. Strong decay on top of dropout makes things worse. Piling up remedies need not help, as the [table of all remedies](overfitting.md#together) showed.
#
# The data are clean and the network small, so there is not much to gain. Where [labels are wrong](overfitting.md#seen), the same remedies do far more.

# %% [markdown]
# ## What early stopping did { #early-stopping .basic }
#
# Two runs with the same seed: on the left without dropout or decay, on the right with the chosen setting. The dot marks the epoch whose weights were restored.

# %% alt="Two training curves. Left, without dropout or decay, the training loss falls far below the validation loss. Right, with the chosen setting, the two curves stay much closer. A dot marks the restored epoch."
pair = {"neither": by_setting[0.0, 0.0][0], "chosen": by_setting[chosen][0]}
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 3.2))
for panel, (name, run) in zip(axes, pair.items(), strict=True):
    epochs = range(1, len(run["training"]) + 1)
    panel.plot(epochs, run["training"], label="training")
    panel.plot(epochs, run["validation"], label="validation")
    restored = run["validation"].index(run["best"]) + 1
    panel.plot(restored, run["best"], "o", color="C3", markersize=9, label="restored")
    panel.set(title=name, xlabel="epoch", yscale="log", xlim=(0, EPOCHS + 1))
axes[0].set(ylabel="loss")
axes[0].legend()
plt.show()

# %% [markdown]
# On the left the training loss keeps falling by factors while the validation loss no longer moves: the extra epochs only memorise. On the right the curves stay closer. That the training loss lies above the validation loss in the first epochs is no fault: it is a mean over an epoch in which the network still improves, and on the right it is measured with the masks on, each time with some units missing. The validation loss is measured after the epoch, with the whole network.

# %% [markdown]
# ## Interrupt and continue { #checkpoint .basic }
#
# A long training will be interrupted: by a crash, a time limit, a power cut. To continue it, a checkpoint must hold everything that the next step depends on: the weights, the optimizer's averages ([Adam](optimizers.md#adam-parameters) keeps two for each weight), where the schedule stands, how many epochs are done, and the state of the random generator, which decides on shuffling and masks.
#
# Below, one training runs through. Another stops half-way and saves; then new objects load the file and continue. A third loads the weights alone. Are the final weights the same, bit for bit?

# %%
HALF = EPOCHS // 2
loader = batches(training)


def begin():
    model = Network(dropout=0.3)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)
    return model, optimizer, CosineAnnealingLR(optimizer, EPOCHS)


def advance(model, optimizer, schedule, epochs):
    for _ in epochs:
        train_epoch(model, optimizer, loader)
        schedule.step()
    return nn.utils.parameters_to_vector(model.parameters()).detach()


torch.manual_seed(0)
through = advance(*begin(), range(EPOCHS))

with TemporaryDirectory() as folder:
    file = Path(folder, "checkpoint.pt")
    torch.manual_seed(0)
    model, optimizer, schedule = begin()
    advance(model, optimizer, schedule, range(HALF))
    checkpoint = {
        "epoch": HALF,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "random": torch.get_rng_state(),
    }
    torch.save(checkpoint, file)

    loaded = torch.load(file, weights_only=True)
    model, optimizer, schedule = begin()
    model.load_state_dict(loaded["model"])
    optimizer.load_state_dict(loaded["optimizer"])
    schedule.load_state_dict(loaded["schedule"])
    torch.set_rng_state(loaded["random"])
    continued = advance(model, optimizer, schedule, range(loaded["epoch"], EPOCHS))

    model, optimizer, schedule = begin()
    model.load_state_dict(torch.load(file, weights_only=True)["model"])
    weights_alone = advance(model, optimizer, schedule, range(HALF, EPOCHS))

same = {
    "everything restored": torch.equal(through, continued),
    "weights alone": torch.equal(through, weights_alone),
}
for name, equal in same.items():
    print(f"{name}: {'identical' if equal else 'different'}")

# %% [markdown]
# With everything restored, training goes on exactly as if it had never stopped. With the weights alone it goes on differently: Adam begins its averages anew, the schedule starts at the full rate again, and the shuffling is different. `weights_only=True` (the default) refuses to run code from the file; do not load a checkpoint from a stranger without it. On a GPU some operations are not deterministic, so there even unbroken runs may differ.
#
# !!! keep "One sentence to keep"
#     Save what the next step depends on: model, optimizer, schedule, epoch and random state.

# %% [markdown]
# ## Mixed precision { #precision .advanced }
#
# Mixed precision keeps the weights in float32 and computes the costly products with half as many bits. Under `torch.autocast` torch picks each operation's type; the loss and the gradients of the weights come out in float32. bfloat16 has the range of float32 and only eight significant bits, so it overflows no sooner, and no scaling of the loss is needed (float16 on a GPU needs `torch.amp.GradScaler`).

# %%
torch.manual_seed(0)
model = Network()
optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)


def cast_step(enabled):
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
        logits = model(training.images)
        loss = cross_entropy(logits, training.labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return logits, loss


def seconds(enabled):
    start = time.perf_counter()
    cast_step(enabled)
    return time.perf_counter() - start


logits, loss = cast_step(enabled=True)
weight = model.layers[0].weight
dtypes = {"logits": logits, "loss": loss, "weight": weight, "gradient": weight.grad}
dtypes = {name: str(tensor.dtype).removeprefix("torch.") for name, tensor in dtypes.items()}
print(", ".join(f"{name} {dtype}" for name, dtype in dtypes.items()))
for _ in range(50):
    cast_step(enabled=True)
_, cast_accuracy = measure(model, validation)
print(f"trained with autocast: validation accuracy {cast_accuracy:.2f}")
rounded = torch.tensor(1 + 1 / 512, dtype=torch.bfloat16).item()
print(f"1 + 1/512 in bfloat16: {rounded:g}")
took = {enabled: min(seconds(enabled) for _ in range(5)) for enabled in (False, True)}

# %% [markdown]
# What it gives: activations of half the size, and on processors with units for bfloat16 (many GPUs, some server CPUs) products at a multiple of the speed. What it costs: rounding, which training usually tolerates because the weights themselves stay in float32; a small update is then not lost the way the last printed line loses it.
#
# What it does not give: speed on just any CPU. Without such units the conversions are extra work, and for a network as small as this one they often cost more than the products do. Times depend on the machine, so none is printed here; the cell has left them in `took`. Print it on yours before you decide.

# %% [markdown]
# ## `torch.compile` { #compile .advanced }
#
# `torch.compile` watches the network run once, records its operations as a graph, and hands the graph to a backend, which may fuse operations and write machine code for them. The default backend, inductor, needs a C++ compiler on a CPU; you may not have one, so the cell uses a backend of three lines that only looks at the graph and runs it as it is. `backend="eager"` does the same without looking.

# %%
graphs = []


def look(graph, example_inputs):
    graphs.append([node.name for node in graph.graph.nodes if node.op == "call_function"])
    return graph.forward


model.eval()
compiled = torch.compile(model, backend=look)
with torch.no_grad():
    equal = torch.equal(compiled(images[:100]), model(images[:100]))
    count = [len(graphs)]
    for size in (100, 37, 21):
        compiled(images[:size])
        count.append(len(graphs))
print(f"one graph of {len(graphs[0])} operations; same answers: {equal}")
print(f"graphs after batches of 100, 100, 37 and 21: {count}")

# %% [markdown]
# The graph computes exactly what the network computes. A batch of another size makes torch record a second graph, this time for any size above one; that is why the first steps and the first smaller batch are slow. What compiling can save is the time between operations, and trips to memory; it saves most on a GPU and in long trainings of large models. It changes no result beyond rounding and makes no network learn better. For a training of seconds, like this one, recording and compiling cost more than they save.

# %% [markdown]
# ## How to report, decided beforehand { #interval .basic }
#
# The test set has a few hundred images, so its accuracy has a sampling error. The kind of interval is chosen before the result is known, or one might pick the kindest. With $\hat p$ the measured accuracy and $n$ the number of images, the textbook's $\hat p \pm 1.96\sqrt{\hat p(1-\hat p)/n}$ is unreliable when the accuracy is near 1. Wilson's interval (1927) is
#
# $$
# \frac{\hat p + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}, \qquad z = 1.96 .
# $$
#
# Which one keeps its word can be computed. For a known true accuracy the number of right answers is binomial; add up the probabilities of all counts whose interval holds the truth. The sum should be 0.95. (In float64, where rounding errors are too small to matter.)


# %%
def wilson(right, total, z=1.96):
    share = right / total
    centre = share + z**2 / (2 * total)
    half = z * (share * (1 - share) / total + z**2 / (4 * total**2)) ** 0.5
    return (centre - half) / (1 + z**2 / total), (centre + half) / (1 + z**2 / total)


def textbook(right, total, z=1.96):
    share = right / total
    half = z * (share * (1 - share) / total) ** 0.5
    return share - half, share + half


counts = torch.arange(TEST_SIZE + 1, dtype=torch.float64)
coverage = {}
rows = ["| true accuracy | textbook | Wilson |", "|---|---|---|"]
for truth in (0.95, 0.98, 0.995):
    chance = torch.from_numpy(binom.pmf(counts.numpy(), TEST_SIZE, truth))
    for method in (textbook, wilson):
        low, high = method(counts, TEST_SIZE)
        held = chance[(low < truth) & (truth < high)].sum()
        coverage[method.__name__, truth] = held.item()
    shares = [f"{coverage[name, truth]:.3f}" for name in ("textbook", "wilson")]
    rows.append(f"| {truth} | {shares[0]} | {shares[1]} |")
display(Markdown("\n".join(rows)))
for method in (textbook, wilson):
    low, high = method(TEST_SIZE, TEST_SIZE)
    print(f"all right, {method.__name__}: from {low:.3f} to {high:.3f}")

# %% [markdown]
# When the truth is very close to 1 (last row), the textbook's interval misses more than twice as often as it promises. And if every answer happens to be right, its width is zero: it claims that the network never errs. Wilson's stays near 0.95, at times a little below, at times above. Brown, Cai and DasGupta (2001) compare many intervals and do not recommend the textbook's either.

# %% [markdown]
# ## The one look at the test set { #test .basic }
#
# Of the three networks with the chosen setting we take the one with the lowest validation loss. An accuracy alone says little, so there is a [baseline](glossary.md#baseline): the nearest neighbour, which copies the label of the training image that looks most alike and has nothing to tune. Both are scored together, once.
#
# Both answer the same questions. So besides the two intervals we count the questions that only one of them got right.


# %%
def neighbours(train, asked):
    return train.labels[torch.cdist(asked.images, train.images).argmin(1)]


final = min(by_setting[chosen], key=lambda run: run["best"])["model"].eval()
test = Digits(next(sealed))
with torch.no_grad():
    logits = final(test.images)
guesses = logits.argmax(1)
network, neighbour = guesses == test.labels, neighbours(training, test) == test.labels

rows = ["| | right | accuracy | 95 % interval |", "|---|---|---|---|"]
for name, right in (("network", network), ("neighbour", neighbour)):
    low, high = wilson(right.sum().item(), TEST_SIZE)
    share = f"{right.sum()} of {TEST_SIZE} | {right.double().mean():.3f}"
    rows.append(f"| {name} | {share} | {low:.3f} to {high:.3f} |")
display(Markdown("\n".join(rows)))
only = [(network & ~neighbour).sum().item(), (neighbour & ~network).sum().item()]
print(f"only the network is right: {only[0]}; only the neighbour: {only[1]}")

# %% [markdown]
# The intervals overlap widely, and the questions on which the two differ are a handful. On this test set alone nothing can be said about which is better.
#
# The interval speaks of *this one network* on new images from *the same source*. It does not include what another seed or another split would change, and still less what other writers would. These are its most confident errors, in order:

# %% alt="The test images that the network got wrong, the most confident first; above each the true label, the answer, and the probability given to it."
wrong = (~network).nonzero().flatten()
confidence = logits.softmax(1).max(1).values
worst = wrong[confidence[wrong].argsort(descending=True)][:8]
figure, axes = plt.subplots(1, 8, figsize=(6.4, 1.5))
for panel in axes:
    panel.axis("off")
for panel, index in zip(axes, worst, strict=False):
    panel.imshow(test.images[index].view(8, 8), cmap="viridis")
    panel.set_title(f"{test.labels[index]} → {guesses[index]}\n{confidence[index]:.2f}")
plt.show()

# %% [markdown]
# Some would make a human hesitate. Where the network is wrong and sure of it, that is [overconfidence](losses.md#temperature), which a temperature chosen on validation data can treat.

# %% [markdown]
# ## Network or nearest neighbour? { #splits .basic }
#
# One test set could not tell. Is that because there is no difference, or because one test set is too small to show it? The question is about the data, so we repeat the split: twenty-four new ones, all settings as they are. On each, a network is trained, stopped by that split's validation images and scored on that split's test images; the neighbour gets the same training images. The difference in accuracy that matters was fixed beforehand: `0.005`, about two images of a test set.
#
# The settings were chosen on images that stand in the test part of other splits. That favours the network, if anyone.

# %%
scores = {"neighbour": [], "network": []}
for number in range(1, 25):
    train, validate, places = split(number)
    asked = Digits(places)
    found = fit(number, rate, chosen, data=(train, validate))["model"]
    scores["network"].append(measure(found, asked)[1])
    right = neighbours(train, asked) == asked.labels
    scores["neighbour"].append(right.double().mean().item())
averages = {name: sum(score) / len(score) for name, score in scores.items()}
for name, average in averages.items():
    print(f"{name}: mean accuracy {average:.3f} over {len(scores[name])} splits")
by_split = compare("neighbour against network", scores["neighbour"], scores["network"], 0.005)
split_verdict = verdict(by_split, "network", "neighbour")
show(by_split, split_verdict)
factor = (1 + len(scores["network"]) * TEST_SIZE / TRAIN_SIZE) ** 0.5
half = factor * (by_split["high"] - by_split["low"]) / 2
wide = [by_split["mean"] - half, by_split["mean"] + half]
print(f"widened for images that splits share: {wide[0]:.3f} to {wide[1]:.3f}")

# %% alt="For each of twenty-four splits the accuracy of the neighbour minus that of the network, as dots in ascending order; most lie above zero. A line marks the mean."
differences = sorted(a - b for a, b in zip(*scores.values(), strict=True))
figure, axes = plt.subplots(figsize=(6.4, 2.8))
axes.plot(range(1, len(differences) + 1), differences, "o", color="C0")
axes.axhline(by_split["mean"], color="C1", label="mean")
axes.axhline(0, color="0.5", linewidth=0.8)
axes.set(xlabel="splits in order", ylabel="neighbour - network")
axes.legend()
plt.show()

# %% [markdown]
# The nearest neighbour is better, on average by more than the difference that we said would matter. With images of eight by eight pixels from a dozen hands, the most similar image usually knows the answer. Twenty-four splits saw what one could not.
#
# How far does this reach? The splits are cut from the same images, so they are not independent. The interval in the table answers the question for splits of these images. For new images from the same writers it is too narrow. The last printed line widens it by the rule of Nadeau and Bengio (2003), more than threefold; then it also holds differences that would not matter. So the careful sentence is: on these images the neighbour is a little better, and the network has not earned its keep; how far the neighbour would lead on new data of this kind, they cannot tell.
#
# !!! keep "One sentence to keep"
#     A baseline that needs no training belongs in every report, since it may win.

# %% [markdown]
# ## What to do { #choose .basic }
#
# | Situation | Do | Where |
# |---|---|---|
# | Before any training | compare the first loss with guessing, memorise twenty images | [first loss](#start) |
# | A new problem | AdamW, a cosine schedule, two candidate rates per order of magnitude, three seeds each | [rate](#rate) |
# | The best rate is at the edge of the grid | widen the grid | [rate](#rate) |
# | Training loss far below validation loss | dropout or weight decay, chosen together on validation data | [regularisation](#regularisation) |
# | Training takes longer than you would like to lose | a checkpoint with model, optimizer, schedule, epoch and random state | [checkpoint](#checkpoint) |
# | A GPU, a large model | autocast and `torch.compile`, each timed on your machine | [precision](#precision), [compile](#compile) |
# | A number to report | an interval chosen beforehand, and a baseline on the same images | [interval](#interval), [test](#test) |
# | Which of two methods is better | several splits, paired, and a difference that matters fixed beforehand | [splits](#splits) |

# %% [markdown]
# ## Summary { #summary .basic }
#
# Check before training, choose on validation data, save what the next step depends on, open the test set once, and report a number together with its interval and a baseline. On these small images the baseline is the better method by a little; a result like that is worth as much as the opposite one, because it tells where a network is not needed. A network carries no training set around, and larger and more varied images leave the neighbour behind, but this dataset does not show that, so we do not report it.
#
# What next? The loop stays the same for larger problems; `Network` and `Digits` are what you replace.
#
# ## Exercises { #exercises }
#
# ### Other data { #exercise-data }
#
# Replace `load_digits` by `load_wine` or `load_breast_cancer`. What else has to change?
#
# ??? answer "Answer"
#     The sizes of the split, the input width and the number of classes in `Network`, the loss of guessing, and the scaling: these features have very different units, so subtract the mean and divide by the standard deviation, both computed on the training part. The two figures of images go. Loop, choice of rate, interval and comparison stay as they are.
#
# ### Why keep the test set closed? { #exercise-peek }
#
# Someone opens the test set after every change and keeps the changes that helped. Which line of the notebook prevents this, and why does it matter although no image is trained on?
#
# ??? answer "Answer"
#     `sealed = iter([rest])`: a second `next(sealed)` raises `StopIteration`. Choosing by the test set makes it a second validation set; the accuracy of the chosen setting is then the largest of several noisy numbers and too high on average. The chapter on overfitting [measures](overfitting.md#early-stopping) how much.
#
# ### With the validation images { #exercise-refit }
#
# Once the setting is chosen, the validation images could join the training set for a last training. Early stopping then has nothing to go by. How would you fix the number of epochs?
#
# ??? answer "Answer"
#     Take the number from the runs that chose the setting, for instance the mean of their restored epochs, and train for as many. With a schedule that ends at zero one may as well train all `EPOCHS` epochs: the last epochs change little. Either way it can no longer be checked on validation data, only on new data.
#
# ### Time on your machine { #exercise-time }
#
# Print `took`. Then set `WIDTH` to 2048, run the cells of network and precision again and print it once more. What do you expect?
#
# ??? answer "Answer"
#     The products grow with the square of the width, converting the activations only in proportion to it. If your processor has units for bfloat16, the ratio of `took[True]` to `took[False]` falls, perhaps below one; without them it probably stays above one.
#
# ## Sources { #sources .folded }
#
# * E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American Statistical Association* 22(158), 1927. [doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953)
# * L. D. Brown, T. T. Cai, A. DasGupta. Interval estimation for a binomial proportion. *Statistical Science* 16(2), 2001. [doi:10.1214/ss/1009213286](https://doi.org/10.1214/ss/1009213286)
# * C. Nadeau, Y. Bengio. Inference for the generalization error. *Machine Learning* 52, 2003. [doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366) (splits that share images)
# * P. Micikevicius et al. Mixed precision training. *ICLR*, 2018. [arXiv:1710.03740](https://arxiv.org/abs/1710.03740)
# * J. Ansel et al. PyTorch 2: Faster machine learning through dynamic Python bytecode transformation and graph compilation. *ASPLOS*, 2024. [doi:10.1145/3620665.3640366](https://doi.org/10.1145/3620665.3640366)
# * I. Loshchilov, F. Hutter. SGDR: Stochastic gradient descent with warm restarts. *ICLR*, 2017. [arXiv:1608.03983](https://arxiv.org/abs/1608.03983) (the cosine schedule)
# * E. Alpaydin, C. Kaynak. Optical recognition of handwritten digits. UCI Machine Learning Repository, 1998. [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49) (the data; scikit-learn's `load_digits`)
# * The two checks before training (a loss at chance, a tiny batch memorised) are from [CS231n](https://cs231n.github.io/neural-networks-3/).

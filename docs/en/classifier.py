# ---
# title: "From start to end: a digit classifier"
# description: "One notebook to download and run: honest split, initialisation, a tuned rate, dropout and weight decay chosen on validation data, early stopping, one look at the test set with its interval."
# asked:
#   data: [load_digits, digits dataset, MNIST, handwritten digits, 手写数字数据集]
#   split: [train_test_split stratify, split into three, 怎么划分训练验证测试]
#   start: [build a network, initial loss sanity check, ln 10 at the start, 初始损失应该是多少]
#   loop: [full training code, complete example, train function, 完整的训练代码]
#   rate: [learning rate search, grid search, hyperparameter tuning, 调参]
#   regularisation: [tune dropout and weight decay, 正则化调参]
#   early-stopping: [best epoch, effect of early stopping, 早停的效果]
#   interval: [confidence interval, error bars of accuracy, 置信区间]
#   test: [final test accuracy, confusion matrix, misclassified digits, 混淆矩阵]
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
# The five chapters take one thing at a time. Here they are joined: we train a network that reads handwritten digits, from splitting the data to reporting a result. Each step links to the section that explains it.
#
# There is one rule: **whatever is chosen is chosen on validation data; the test set is looked at once, at the end.** The output on this page comes from one run, made when the site was built. The notebook to download runs from top to bottom in Jupyter in less than a minute and needs only torch, matplotlib and scikit-learn. On another machine trained numbers differ a little.

# %% [markdown]
# ## The data { #data }
#
# The handwritten digits that come with scikit-learn: $8 \times 8$ pixels, values from 0 to 16. Dividing by 16 changes the unit and estimates nothing, so it may be done before the split. Subtracting a mean and dividing by a standard deviation would be another matter: those must come from training data alone.
#
# One small check first: are any two images the same? [Copies](overfitting.md#leaking-copies) on both sides of a split make the test result a fiction.

# %%
import copy
import math

import matplotlib.pyplot as plt
import torch
from IPython.display import Markdown, display
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn.functional import cross_entropy

torch.set_num_threads(1)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)
print(f"{len(images)} images, {len(images.unique(dim=0))} of them different")
print(f"{images.shape[1]} pixels, from {images.min():g} to {images.max():g}")
print(f"images of each digit: {labels.bincount().tolist()}")

# %% [markdown]
# No copies, and about as many of each digit. Before doing anything else, look at the data:

# %% alt="The first sixteen images of handwritten digits, each with its label above it."
figure, axes = plt.subplots(2, 8, figsize=(6.4, 1.9))
for panel, image, label in zip(axes.flat, images, labels, strict=False):
    panel.imshow(image.view(8, 8), cmap="viridis")
    panel.set_title(label.item())
    panel.axis("off")
plt.show()

# %% [markdown]
# ## Three parts { #split }
#
# The [training set](glossary.md#training-set) is for gradients, the [validation set](glossary.md#validation-set) for choices, the [test set](glossary.md#test-set) for the report. The images are shuffled before the split, with the same share of each digit in all parts (`stratify`). What wrong splits cost has been [measured](overfitting.md#splits).
#
# The test indices are sealed in an iterator that gives them out once, and their old name is deleted. The code below cannot peek even by mistake: a second attempt raises an error.

# %%
TRAIN_SIZE, TEST_SIZE = 1000, 450
rest, test = train_test_split(
    torch.arange(len(images)), test_size=TEST_SIZE, stratify=labels, random_state=0
)
train, validation = train_test_split(
    rest, train_size=TRAIN_SIZE, stratify=labels[rest], random_state=0
)
sealed = iter([test])
print(f"{len(train)} to train, {len(validation)} to choose, {len(test)} sealed")
assert len(torch.cat([train, validation, test]).unique()) == len(images)
del rest, test

# %% [markdown]
# **What this cannot promise.** Little more than a dozen people wrote these digits, and the data does not say who wrote which. Digits of one writer may be on both sides. The accuracy at the end speaks of new digits by these writers, not of new writers.

# %% [markdown]
# ## The network and its first loss { #start }
#
# A [multilayer perceptron](glossary.md#multilayer-perceptron) with two hidden layers. It returns [logits](glossary.md#logit) and has no softmax at its end: `cross_entropy` holds one already, and [two are one too many](losses.md#softmax-twice). Layers before a ReLU get [Kaiming's start](initialisation.md#one-layer), the last one Xavier's, biases are zero.
#
# A first check needs no training. A network that knows nothing should have a loss near $\ln 10$ ([why](losses.md#cross-entropy)). For contrast: what does the article's $N(0,1)$ do?

# %%
WIDTH = 128


def build(dropout=0.0):
    hidden = [nn.Linear(64, WIDTH), nn.Linear(WIDTH, WIDTH)]
    last = nn.Linear(WIDTH, 10)
    for layer in hidden:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.xavier_normal_(last.weight)
    for layer in (*hidden, last):
        nn.init.zeros_(layer.bias)
    blocks = [(layer, nn.ReLU(), nn.Dropout(dropout)) for layer in hidden]
    return nn.Sequential(*blocks[0], *blocks[1], last)


@torch.no_grad()
def measure(model, index):
    model.eval()
    logits = model(images[index])
    accuracy = (logits.argmax(1) == labels[index]).double().mean()
    return cross_entropy(logits, labels[index]).item(), accuracy.item()


torch.manual_seed(0)
model, careless = build(), build()
for layer in careless:
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=1.0)
first_loss, first_accuracy = measure(model, train)
careless_loss, _ = measure(careless, train)
print(f"guessing: loss ln 10 = {math.log(10):.2f}, accuracy 0.10")
print(f"Kaiming:  loss {first_loss:.2f}, accuracy {first_accuracy:.2f}")
print(f"N(0, 1):  loss {careless_loss:.0f}")

# %% [markdown]
# Kaiming's first loss is close to $\ln 10$. That of $N(0,1)$ is two orders of magnitude larger: before it has seen a single label, it is wrong with great confidence. Two layers may recover from this; [ten do not](initialisation.md#ten).
#
# The second check: twenty images should be easy to memorise. If they are not, there is a bug, and nothing that follows would mean anything. These are the [four lines](optimizers.md#training-loop).

# %%
few = train[:20]
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
for _ in range(200):
    loss = cross_entropy(model(images[few]), labels[few])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
few_loss, few_accuracy = measure(model, few)
print(f"the same {len(few)} images: loss {few_loss:.4f}, accuracy {few_accuracy:.2f}")

# %% [markdown]
# ## Train, and stop at the best place { #loop }
#
# This function is the heart of the notebook, and none of its lines is new:
#
# * each [epoch](glossary.md#epoch) is shuffled anew, and minibatches are drawn [without replacement](sgd.md#without-replacement);
# * AdamW, whose [weight decay is decoupled](optimizers.md#weight-decay);
# * `train()` for training and `eval()` for scoring, or the masks of [dropout](overfitting.md#dropout) stay on;
# * [early stopping](overfitting.md#early-stopping): stop when the validation loss has found no new low for `PATIENCE` epochs, and restore the weights of the lowest. `deepcopy` is needed: `state_dict()` gives references.

# %%
BATCH, EPOCHS, PATIENCE = 100, 40, 6


def fit(seed, rate, dropout=0.0, decay=0.0):
    torch.manual_seed(seed)
    model = build(dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
    training, validating = [], []
    best, kept = math.inf, copy.deepcopy(model.state_dict())
    for epoch in range(EPOCHS):
        model.train()
        losses = []
        for batch in train[torch.randperm(len(train))].split(BATCH):
            loss = cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        training.append(sum(losses) / len(losses))
        validating.append(measure(model, validation)[0])
        if validating[-1] < best:
            best, stop = validating[-1], epoch + PATIENCE
            kept = copy.deepcopy(model.state_dict())
        elif epoch >= stop:
            break
    model.load_state_dict(kept)
    history = {"training": training, "validation": validating}
    return {"model": model, "best": best, **history}


def summary(runs):
    losses = torch.tensor([run["best"] for run in runs])
    epochs = sum(len(run["training"]) for run in runs) / len(runs)
    return losses.mean().item(), losses.std().item(), epochs


# %% [markdown]
# ## The rate, chosen on validation data { #rate }
#
# First the [learning rate](glossary.md#learning-rate), without any regularisation: two candidates per order of magnitude, three seeds each. What counts is the mean validation loss of the three; after the ± stands their standard deviation, and the chosen row is bold. Why several seeds for each setting: [comparing fairly](optimizers.md#comparison).

# %%
SEEDS = (0, 1, 2)
RATES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
by_rate = {rate: [fit(seed, rate) for seed in SEEDS] for rate in RATES}
rate = min(RATES, key=lambda rate: summary(by_rate[rate])[0])
rows = ["| rate | validation loss | epochs |", "|---|---|---|"]
for tried, runs in by_rate.items():
    mean, spread, epochs = summary(runs)
    mark = "**" if tried == rate else ""
    rows.append(f"| {mark}{tried:g}{mark} | {mean:.3f} ± {spread:.3f} | {epochs:.0f} |")
display(Markdown("\n".join(rows)))

# %% alt="Validation loss against learning rate, a bowl. Grey dots are three seeds, a square marks the chosen rate, which is not at the edge of the grid."
figure, axes = plt.subplots(figsize=(6.4, 3.0))
for tried, runs in by_rate.items():
    axes.plot([tried] * len(runs), [run["best"] for run in runs], "o", color="0.6")
axes.plot(RATES, [summary(by_rate[tried])[0] for tried in RATES], color="C0", label="mean")
axes.plot(rate, summary(by_rate[rate])[0], "s", color="C1", markersize=9, label="chosen")
axes.set(xscale="log", xlabel="learning rate", ylabel="validation loss")
axes.legend()
plt.show()

# %% [markdown]
# The chosen rate is not at the edge, so the grid is wide enough. And look at the spread: the rates next to the bottom of the bowl cannot be told apart from it. That does no harm. We want a good setting, not a ranking. The smallest rate suffers from the limited number of epochs; given more, it would catch up somewhat.

# %% [markdown]
# ## Dropout and weight decay, chosen on validation data { #regularisation }
#
# With the rate fixed, the [dropout probability](overfitting.md#dropout) and the [weight decay](overfitting.md#weight-decay). They influence each other, so they are tried together and not one after the other. (The rate ought to be tuned again with them. To save time it is not; that is a compromise.)

# %%
DROPOUTS, DECAYS = (0.0, 0.2, 0.4), (0.0, 0.1, 1.0)
by_setting = {
    (dropout, decay): [fit(seed, rate, dropout, decay) for seed in SEEDS]
    for dropout in DROPOUTS
    for decay in DECAYS
}
chosen = min(by_setting, key=lambda setting: summary(by_setting[setting])[0])
rows = ["| dropout | weight decay | validation loss |", "|---|---|---|"]
for (dropout, decay), runs in by_setting.items():
    mean, spread, _ = summary(runs)
    mark = "**" if (dropout, decay) == chosen else ""
    rows.append(f"| {dropout} | {decay} | {mark}{mean:.3f} ± {spread:.3f}{mark} |")
display(Markdown("\n".join(rows)))

# %% alt="Three lines for three weight decays, validation loss against dropout probability. A moderate probability is lowest, the line of the strong decay is highest."
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for number, decay in enumerate(DECAYS):
    means, spreads, _ = zip(
        *(summary(by_setting[dropout, decay]) for dropout in DROPOUTS), strict=True
    )
    places = [dropout + 0.012 * (number - 1) for dropout in DROPOUTS]
    axes.errorbar(places, means, spreads, marker="o", capsize=3, label=f"decay {decay}")
axes.set(xlabel="dropout probability", ylabel="validation loss", xticks=DROPOUTS)
axes.legend()
plt.show()

# %% [markdown]
# Dropout helps: a moderate probability is clearly better than none. Weak decay or no decay makes a difference within the error bars. Strong decay brings nothing alone, and on top of dropout it makes things worse. Piling up remedies need not help, as the [table of all five](overfitting.md#together) showed.
#
# The data is clean and the network small, so there is not much to gain. Where [labels are wrong](overfitting.md#seen), the same remedies do far more.

# %% [markdown]
# ## What early stopping did { #early-stopping }
#
# Two runs with the same seed: on the left without regularisation, on the right with the chosen setting. The dot marks the epoch whose weights were restored.

# %% alt="Two training curves. Left, without regularisation, the training loss falls far below the validation loss. Right, with the chosen setting, the curves stay much closer and the validation loss is lower. A dot marks the restored epoch."
pair = {"neither": by_setting[0.0, 0.0][0], "chosen": by_setting[chosen][0]}
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 3.2))
for panel, (name, run) in zip(axes, pair.items(), strict=True):
    epochs = range(1, len(run["training"]) + 1)
    panel.plot(epochs, run["training"], label="training, masks on")
    panel.plot(epochs, run["validation"], label="validation")
    restored = run["validation"].index(run["best"]) + 1
    panel.plot(restored, run["best"], "o", color="C3", markersize=9, label="restored")
    panel.set(title=name, xlabel="epoch", yscale="log", xlim=(0, EPOCHS + 1))
axes[0].set(ylabel="loss")
axes[0].legend()
plt.show()

# %% [markdown]
# On the left the training loss keeps falling by factors while the validation loss no longer moves: the extra epochs only memorise. On the right the curves are closer, and the lowest point comes later and is lower. That the training loss lies above the validation loss in the first epochs is no error: it is a mean over an epoch in which the network still improves, and on the right it is measured with the masks on, each time with some units missing. The validation loss is measured after the epoch, with the whole network.

# %% [markdown]
# ## How to report, decided beforehand { #interval }
#
# The test set has a few hundred images, so its accuracy has a sampling error. The kind of interval is chosen before the result is known, or one might be tempted to pick. With $\hat p$ the measured accuracy and $n$ the number of images, the textbook's $\hat p \pm 1.96\sqrt{\hat p(1-\hat p)/n}$ is unreliable when the accuracy is near 1. Wilson's interval (1927) is
#
# $$
# \frac{\hat p + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}, \qquad z = 1.96 .
# $$
#
# Which one keeps its word can be computed. For a known true accuracy the number of right answers is binomial; add up the probabilities of all counts whose interval holds the truth. The sum should be 0.95.


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


counts = torch.arange(TEST_SIZE + 1.0)
coverage = {}
rows = ["| true accuracy | textbook | Wilson |", "|---|---|---|"]
for truth in (0.95, 0.98, 0.995):
    binomial = torch.distributions.Binomial(TEST_SIZE, torch.tensor(truth))
    chance = binomial.log_prob(counts).exp()
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
# ## The one look at the test set { #test }
#
# Of the three networks with the chosen setting we take the one with the lowest validation loss. An accuracy alone says little, so there is a [baseline](glossary.md#baseline): the nearest neighbour, which copies the label of the training image that looks most alike and has nothing to tune. Both are scored together, once.
#
# Both answer the same questions. So beside the two intervals we count the questions that only one of them got right. If both are equally good, each of these falls to either side like a coin, and the sign test gives the probability $p$ of a division at least as uneven.

# %%
final = min(by_setting[chosen], key=lambda run: run["best"])["model"].eval()
test = next(sealed)
with torch.no_grad():
    logits = final(images[test])
guesses = logits.argmax(1)
nearest = labels[train[torch.cdist(images[test], images[train]).argmin(1)]]
network, neighbour = guesses == labels[test], nearest == labels[test]

rows = ["| | right | accuracy | 95 % interval |", "|---|---|---|---|"]
for name, right in (("network", network), ("neighbour", neighbour)):
    low, high = wilson(right.sum().item(), TEST_SIZE)
    share = f"{right.sum()} of {TEST_SIZE} | {right.double().mean():.3f}"
    rows.append(f"| {name} | {share} | {low:.3f} to {high:.3f} |")
display(Markdown("\n".join(rows)))

only = [(network & ~neighbour).sum().item(), (neighbour & ~network).sum().item()]
tail = sum(math.comb(sum(only), k) for k in range(min(only) + 1))
sign_test = min(1.0, 2 * tail / 2 ** sum(only))
print(f"only the network is right: {only[0]}; only the neighbour: {only[1]}")
print(f"sign test: p = {sign_test:.2f}")

# %% [markdown]
# The conclusion has to be told as it is: on this dataset our carefully trained network and the nearest neighbour **cannot be told apart**. With images of eight by eight pixels from a dozen hands, the most similar image usually knows the answer. The work was not for nothing. A network does not carry its training set around, and with larger and more varied images the neighbour is the first to give up. But this test set does not show that, so we do not report it.
#
# The interval speaks of *this one network* on new images from *the same source*. It does not include what another seed or another split would change, and still less what other writers would.

# %% alt="The test images that the network got wrong, the most confident first; above each the true label, the answer, and the probability given to it."
wrong = (~network).nonzero().flatten()
confidence = logits.softmax(1).max(1).values
worst = wrong[confidence[wrong].argsort(descending=True)][:8]
figure, axes = plt.subplots(1, 8, figsize=(6.4, 1.5))
for panel in axes:
    panel.axis("off")
for panel, index in zip(axes, worst, strict=False):
    panel.imshow(images[test[index]].view(8, 8), cmap="viridis")
    panel.set_title(f"{labels[test[index]]} → {guesses[index]}\n{confidence[index]:.2f}")
plt.show()

# %% [markdown]
# These are the errors, the most confident first. Some would make a human hesitate. Where the network is wrong and sure of it, that is [overconfidence](losses.md#temperature), which a temperature can treat, on validation data.

# %% [markdown]
# ## What next { #next }
#
# * Once seen, a test set is used up. Improvements can only be judged on validation data from now on; a new report needs new test data.
# * Change the `random_state` of the first split and run everything several times. How much does the final accuracy vary, compared with the width of its interval?
# * With the setting chosen, the validation images could join the training set for one last training. Early stopping then has nothing to go by. How would you fix the number of epochs?
#
# ## Sources { #sources }
#
# * E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American Statistical Association* 22(158), 1927. [doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953)
# * L. D. Brown, T. T. Cai, A. DasGupta. Interval estimation for a binomial proportion. *Statistical Science* 16(2), 2001. [doi:10.1214/ss/1009213286](https://doi.org/10.1214/ss/1009213286)
# * T. G. Dietterich. Approximate statistical tests for comparing supervised classification learning algorithms. *Neural Computation* 10(7), 1998. [doi:10.1162/089976698300017197](https://doi.org/10.1162/089976698300017197) (two classifiers on the same questions)
# * E. Alpaydin, C. Kaynak. Optical recognition of handwritten digits. UCI Machine Learning Repository, 1998. [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49) (the data; scikit-learn's `load_digits`)
# * The two checks before training (a loss at chance, a tiny batch memorised) are from [CS231n](https://cs231n.github.io/neural-networks-3/).

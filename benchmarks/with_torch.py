"""PyTorch, eager, on one thread: the jobs of `classic` as its tutorials write them, one network after the other."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}


def module(network, activation):
    layers, last = [], len(network["weights"]) - 1
    for l, (W, b) in enumerate(zip(network["weights"], network["biases"])):
        linear = nn.Linear(*W.shape, bias=l == last or not network["batch_norm"])
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W.T.copy()))
            if linear.bias is not None:
                linear.bias.copy_(torch.tensor(b))
        layers.append(linear)
        if l < last:
            layers += [nn.BatchNorm1d(W.shape[1])] if network["batch_norm"] else []
            layers.append(ACTIVATIONS[activation]())
    return nn.Sequential(*layers)


def train(problem):
    x, y, x_test, y_test = map(torch.as_tensor, problem["sets"])
    batches = torch.as_tensor(problem["batches"])
    losses = np.empty((len(problem["networks"]), len(batches)))
    for i, network in enumerate(problem["networks"]):
        net = module(network, problem["activation"])
        optimizer = torch.optim.SGD(net.parameters(), lr=problem["learning_rate"])
        for t, rows in enumerate(batches):
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            losses[i, t] = loss.item()
        net.eval()
        with torch.no_grad():
            for samples, labels in ((x, y), (x_test, y_test)):
                F.cross_entropy(net(samples), labels)
    return losses


def gradients(problem):
    net = problem.setdefault("module", module(problem["networks"][0], problem["activation"]))
    net.zero_grad()
    loss = F.cross_entropy(net(torch.as_tensor(problem["x"])), torch.as_tensor(problem["labels"]))
    loss.backward()
    slopes = [layer.weight.grad.square().mean().sqrt().item() for layer in net if isinstance(layer, nn.Linear)]
    return np.array([loss.item(), *slopes])


@torch.no_grad()
def boltzmann(problem):
    torch.manual_seed(0)
    v = torch.as_tensor(problem["v"])
    W, b, c = (torch.tensor(a) for a in problem["start"])
    for rows in torch.as_tensor(problem["batches"]):
        v0 = v[rows]
        p0 = torch.sigmoid(v0 @ W + c)
        h0 = torch.bernoulli(p0)
        v1 = torch.bernoulli(torch.sigmoid(h0 @ W.T + b))
        p1 = torch.sigmoid(v1 @ W + c)
        W += problem["learning_rate"] / len(v0) * (v0.T @ p0 - v1.T @ p1)
        b += problem["learning_rate"] * (v0 - v1).mean(dim=0)
        c += problem["learning_rate"] * (p0 - p1).mean(dim=0)
    v = v[:1000]
    return (v - torch.sigmoid(torch.sigmoid(v @ W + c) @ W.T + b)).abs().mean().item()


JOBS = {"train": train, "gradients": gradients, "boltzmann": boltzmann}

"""PyTorch, eager, on one thread: the jobs of `classic` as its tutorials write them, one network after the other."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .classic import contrastive_divergence, reconstruction_error

torch.set_num_threads(1)
ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}


def module(network, activation, norm=False):
    W, b = ([torch.tensor(a) for a in arrays] for arrays in network)
    layers = []
    for l in range(len(W)):
        last = l == len(W) - 1
        linear = nn.Linear(*W[l].shape, bias=last or not norm)
        linear.weight.data[:] = W[l].T
        if linear.bias is not None:
            linear.bias.data[:] = b[l]
        batch_norm = [nn.BatchNorm1d(W[l].shape[1])] if norm else []
        layers += [linear] if last else [linear, *batch_norm, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers)


def train(problem):
    x, y, x_test, y_test = map(torch.as_tensor, problem.sets)
    batches = torch.as_tensor(problem.batches)
    losses = np.empty((len(problem.networks), len(batches)))
    for i, (network, norm) in enumerate(zip(problem.networks, problem.norms)):
        net = module(network, problem.activation, norm)
        optimizer = torch.optim.SGD(net.parameters(), lr=problem.rate)
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
    if not hasattr(problem, "module"):
        problem.module = module(problem.network, problem.activation)
    problem.module.zero_grad()
    loss = F.cross_entropy(problem.module(torch.as_tensor(problem.x)), torch.as_tensor(problem.labels))
    loss.backward()
    slopes = [p.grad.square().mean().sqrt().item() for p in problem.module.parameters() if p.ndim == 2]
    return np.array([loss.item(), *slopes])


@torch.no_grad()
def boltzmann(problem):
    torch.manual_seed(0)
    v, machine = torch.as_tensor(problem.v), [torch.tensor(a) for a in problem.start]
    for rows in torch.as_tensor(problem.batches):
        slopes = contrastive_divergence(*machine, v[rows], torch.sigmoid, torch.bernoulli)
        for parameter, slope in zip(machine, slopes):
            parameter += problem.rate / len(rows) * slope
    return reconstruction_error(*machine, v, torch.sigmoid).item()

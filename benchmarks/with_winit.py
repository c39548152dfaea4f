"""Ours: the jobs of `classic` as the chapters call them."""

import copy

import numpy as np

from winit import RBM, Spec, network, rbm
from winit import train as train_


def train(problem):
    specs = [Spec(**spec) for spec in problem["specs"]]
    rng = copy.deepcopy(problem["rng"])  # draws the weights and the mini-batches that the others are given
    return train_(specs, problem["sets"], rng=rng, **problem["call"]).losses


def gradients(problem):
    if "parameters" not in problem:
        one = problem["networks"][0]
        flat = np.concatenate([a.ravel() for name in ("weights", "biases") for a in one[name]])
        widths = (len(one["weights"][0]), *map(len, one["biases"]))
        problem |= {"parameters": network.Parameters(flat[None], widths, []), "gradient": None}
    parameters = problem["parameters"]
    trace = network.forward(parameters, problem["x"], activation=problem["activation"], keep=False)
    loss, delta = network.cross_entropy(trace.z[-1], problem["labels"])
    gradient, _ = network.backward(parameters, trace, delta, out=problem["gradient"])
    problem["gradient"] = gradient
    return np.array([loss[0], *(np.sqrt(np.mean(dW**2)) for dW in gradient.weights)])


def boltzmann(problem):
    machine, rng, v = RBM(*problem["start"]), copy.deepcopy(problem["rng"]), problem["v"]
    machine = rbm.ascend(machine, v, rng=rng, **problem["call"])
    v = v[:1000]
    return np.abs(v - machine.visible_probability(machine.hidden_probability(v))).mean()


JOBS = {"train": train, "gradients": gradients, "boltzmann": boltzmann}

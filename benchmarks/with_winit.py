"""Ours: the jobs as the chapters call them. `problem.rng` draws what the others are given."""

import copy

import numpy as np

import winit
from winit import network, rbm


def call(problem):
    """The arguments that `winit.train` and `rbm.ascend` share."""
    steps, batch = problem.batches.shape
    return {"steps": steps, "batch": batch, "learning_rate": problem.rate, "rng": copy.deepcopy(problem.rng)}


def train(problem):
    return winit.train([winit.Spec(**spec) for spec in problem.specs], problem.sets, **call(problem)).losses


def gradients(problem):
    if not hasattr(problem, "parameters"):
        W, b = problem.network
        flat, widths = np.concatenate([a.ravel() for a in (*W, *b)]), (len(W[0]), *map(len, b))
        problem.parameters, problem.gradient = network.Parameters(flat[None], widths, []), None
    trace = network.forward(problem.parameters, problem.x, activation=problem.activation, keep=False)
    loss, delta = network.cross_entropy(trace.z[-1], problem.labels)
    problem.gradient, _ = network.backward(problem.parameters, trace, delta, out=problem.gradient)
    return np.array([loss[0], *(np.sqrt(np.mean(dW**2)) for dW in problem.gradient.weights)])


def boltzmann(problem):
    machine, v = rbm.ascend(winit.RBM(*problem.start), problem.v, **call(problem)), problem.v[:1000]
    return np.abs(v - machine.visible_probability(machine.hidden_probability(v))).mean()

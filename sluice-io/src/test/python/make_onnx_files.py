#!/usr/bin/env python3
"""Makes the small ONNX models among the test resources, for OnnxExporterTest and others.

    python3 make_onnx_files.py ../resources/dev/sluice/io/onnx

Those named torch_* are what PyTorch's exporter makes of modules as people write them; those named
keras_* are put together by hand in the way of tf2onnx. Weights come from Python's own generator, the
same on every machine. Made with PyTorch 1.13.1 and ONNX 1.12.0 as Debian's python3-torch (which
calls itself 1.13.0a0) and python3-onnx.
"""

import argparse
import pathlib
import random

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

INPUTS, UNITS, CLASSES, TOKENS = 3, 4, 2, 7


def fill(module, name):
    generator = random.Random(name)
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.tensor([generator.uniform(-1, 1) for _ in range(p.numel())]).reshape(p.shape))
    return module.eval()


class LastStep(nn.Module):
    """batch_first, the last step of the output, and a softmax."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(INPUTS, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, CLASSES)

    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.softmax(self.head(output[:, -1]), dim=-1)


class BothEnds(nn.Module):
    """Embedding, two bidirectional layers, the final h of both directions side by side."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(TOKENS, INPUTS)
        self.encoder = nn.GRU(INPUTS, UNITS, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(2 * UNITS, UNITS), nn.ReLU(), nn.Linear(UNITS, CLASSES))

    def forward(self, tokens):
        _, h = self.encoder(self.words(tokens))
        return self.head(torch.cat((h[-2], h[-1]), dim=1))


class LanguageModel(nn.Module):
    """Scores for each step, states in and out: what is exported for a stream."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(TOKENS, INPUTS)
        self.rnn = nn.LSTM(INPUTS, UNITS, num_layers=2)
        self.decoder = nn.Linear(UNITS, TOKENS)

    def forward(self, tokens, h, c):
        output, (h, c) = self.rnn(self.encoder(tokens), (h, c))
        return self.decoder(output), h, c


class LastLayer(nn.Module):
    """h_n[-1] of an nn.RNN."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(INPUTS, UNITS, num_layers=2, nonlinearity="relu")
        self.head = nn.Linear(UNITS, CLASSES)

    def forward(self, x):
        _, h = self.rnn(x)
        return torch.sigmoid(self.head(h[-1]))


class Mixed(nn.Module):
    """Two modules in a row, with a layer between; for export without constant folding."""

    def __init__(self):
        super().__init__()
        self.first = nn.LSTM(INPUTS, UNITS, bidirectional=True)
        self.between = nn.Linear(2 * UNITS, UNITS)
        self.second = nn.GRU(UNITS, 2)

    def forward(self, x):
        return self.second(torch.tanh(self.between(self.first(x)[0])))[0]


class LinearFirst(nn.Module):
    """A linear layer that reads the input, and an activation of two directions."""

    def __init__(self):
        super().__init__()
        self.before = nn.Linear(INPUTS, 2)
        self.both = nn.LSTM(2, UNITS, bidirectional=True, batch_first=True)
        self.rnn = nn.RNN(2 * UNITS, 2, batch_first=True)

    def forward(self, x):
        return self.rnn(torch.sigmoid(self.both(torch.relu(self.before(x)))[0]))[0]


class OneStep(nn.Module):
    """A cell, which a stream runs step by step; it stays one node when it is scripted."""

    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(INPUTS, UNITS)

    def forward(self, x, h, c):
        return self.cell(x, (h, c))


class Branching(nn.Module):
    """Not a chain: its two LSTMs read the same input."""

    def __init__(self):
        super().__init__()
        self.left = nn.LSTM(INPUTS, UNITS)
        self.right = nn.LSTM(INPUTS, UNITS)

    def forward(self, x):
        return torch.cos(self.left(x)[0] * self.right(x)[0])


def export(folder, name, module, inputs, names, axes, **options):
    fill(module, name)
    if name == "torch_one_step":
        module = torch.jit.script(module)
    torch.onnx.export(
        module,
        inputs,
        str(folder / (name + ".onnx")),
        input_names=names,
        output_names=options.pop("outputs", ["y"]),
        dynamic_axes=axes,
        **options,
    )


def torch_models(folder):
    x = torch.zeros(5, 2, INPUTS)
    tokens = torch.zeros(5, 2, dtype=torch.int64)
    state = torch.zeros(2, 2, UNITS)
    batch_first = {"x": {0: "batch", 1: "time"}}
    time_major = {"x": {0: "time", 1: "batch"}}
    export(folder, "torch_last_step", LastStep(), (x,), ["x"], batch_first)
    export(folder, "torch_both_ends", BothEnds(), (tokens,), ["x"], batch_first, opset_version=11)
    export(
        folder,
        "torch_language_model",
        LanguageModel(),
        (tokens, state, state),
        ["x", "h", "c"],
        {**time_major, "h": {1: "batch"}, "c": {1: "batch"}},
        outputs=["y", "h_out", "c_out"],
    )
    export(folder, "torch_last_layer", LastLayer(), (x,), ["x"], time_major, opset_version=9)
    export(folder, "torch_linear_first", LinearFirst(), (x,), ["x"], batch_first)
    export(folder, "torch_unfolded", Mixed(), (x,), ["x"], time_major, do_constant_folding=False)
    export(folder, "torch_static", Mixed(), (x,), ["x"], None)
    export(folder, "torch_branching", Branching(), (x,), ["x"], time_major)
    step = torch.zeros(2, INPUTS)
    h = torch.zeros(2, UNITS)
    export(
        folder,
        "torch_one_step",
        OneStep(),
        (step, h, h),
        ["x", "h", "c"],
        {"x": {0: "batch"}, "h": {0: "batch"}, "c": {0: "batch"}},
        outputs=["h_out", "c_out"],
    )


class Graph:
    """A graph that is put together by hand."""

    def __init__(self, name):
        self.name = name
        self.nodes, self.constants = [], []
        self.generator = random.Random(name)

    def floats(self, name, *shape):
        count = int(numpy.prod(shape))
        values = numpy.array([self.generator.uniform(-1, 1) for _ in range(count)], "float32")
        self.constants.append(numpy_helper.from_array(values.reshape(shape), name))
        return name

    def longs(self, name, *values):
        self.constants.append(numpy_helper.from_array(numpy.array(values, "int64"), name))
        return name

    def node(self, op, inputs, outputs, **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs, name=outputs[0] + "__" + op, **attributes))

    def save(self, folder, inputs, outputs, opset=13):
        def info(name, kind, shape):
            return helper.make_tensor_value_info(name, kind, shape)

        graph = helper.make_graph(
            self.nodes,
            "tf2onnx",
            [info(*i) for i in inputs],
            [info(*o) for o in outputs],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
        onnx.checker.check_model(model)
        onnx.save(model, str(folder / (self.name + ".onnx")))


def keras_tagger(folder):
    """LSTM(return_sequences) and a Dense on its 3-D output, which is a product of 2-D between Reshapes."""
    g = Graph("keras_tagger")
    g.node("Transpose", ["x"], ["x_t"], perm=[1, 0, 2])
    g.floats("W", 1, 4 * UNITS, INPUTS), g.floats("R", 1, 4 * UNITS, UNITS), g.floats("B", 1, 8 * UNITS)
    g.node("LSTM", ["x_t", "W", "R", "B"], ["Y", "Y_h", "Y_c"], direction="forward", hidden_size=UNITS)
    g.node("Squeeze", ["Y", g.longs("one", 1)], ["Y_s"])
    g.node("Transpose", ["Y_s"], ["Y_b"], perm=[1, 0, 2])
    g.node("Shape", ["Y_b"], ["shape"])
    g.node("Slice", ["shape", g.longs("zero", 0), g.longs("two", 2), g.longs("axis", 0)], ["outer"])
    g.node("Concat", ["outer", g.longs("classes", CLASSES)], ["result_shape"], axis=0)
    g.node("Reshape", ["Y_b", g.longs("flat", -1, UNITS)], ["rows"])
    g.node("MatMul", ["rows", g.floats("kernel", UNITS, CLASSES)], ["product"])
    g.node("Reshape", ["product", "result_shape"], ["unflat"])
    g.node("Add", ["unflat", g.floats("bias", CLASSES)], ["scores"])
    g.node("Softmax", ["scores"], ["y"], axis=-1)
    shape = ["batch", "time", INPUTS]
    g.save(folder, [("x", TensorProto.FLOAT, shape)], [("y", TensorProto.FLOAT, ["batch", "time", CLASSES])])


def keras_bidirectional(folder):
    """Bidirectional(GRU), its directions split and joined again, at the last step each reads."""
    g = Graph("keras_bidirectional")
    g.node("Transpose", ["x"], ["x_t"], perm=[1, 0, 2])
    g.floats("W", 2, 3 * UNITS, INPUTS), g.floats("R", 2, 3 * UNITS, UNITS), g.floats("B", 2, 6 * UNITS)
    g.node(
        "GRU",
        ["x_t", "W", "R", "B"],
        ["Y", "Y_h"],
        direction="bidirectional",
        hidden_size=UNITS,
        linear_before_reset=1,
        activations=["Sigmoid", "Tanh", "Sigmoid", "Tanh"],
    )
    g.node("Split", ["Y_h"], ["fw", "bw"], axis=0)
    g.node("Squeeze", ["fw", g.longs("zero", 0)], ["forward"])
    g.node("Squeeze", ["bw", "zero"], ["backward"])
    g.node("Concat", ["forward", "backward"], ["both"], axis=1)
    g.node("Gemm", ["both", g.floats("kernel", 2 * UNITS, CLASSES), g.floats("bias", CLASSES)], ["y"])
    g.save(
        folder,
        [("x", TensorProto.FLOAT, ["batch", "time", INPUTS])],
        [("y", TensorProto.FLOAT, ["batch", CLASSES])],
    )


def keras_sum(folder):
    """Bidirectional(LSTM, merge_mode="sum") with all steps, an Embedding before it."""
    g = Graph("keras_sum")
    g.node("Cast", ["x"], ["ids"], to=TensorProto.INT32)
    g.node("Gather", [g.floats("table", TOKENS, INPUTS), "ids"], ["vectors"])
    g.node("Transpose", ["vectors"], ["x_t"], perm=[1, 0, 2])
    g.floats("W", 2, 4 * UNITS, INPUTS), g.floats("R", 2, 4 * UNITS, UNITS)
    g.node("LSTM", ["x_t", "W", "R"], ["Y"], direction="bidirectional", hidden_size=UNITS)
    for name, index in ("forward", 0), ("backward", 1):
        scalar = numpy_helper.from_array(numpy.array(index, "int64"), name + "_index")
        g.constants.append(scalar)
        g.node("Gather", ["Y", name + "_index"], [name], axis=1)
    g.node("Add", ["forward", "backward"], ["sum"])
    g.node("Transpose", ["sum"], ["y"], perm=[1, 0, 2])
    g.save(
        folder,
        [("x", TensorProto.FLOAT, ["batch", "time"])],
        [("y", TensorProto.FLOAT, ["batch", "time", UNITS])],
    )


def typed_weights(folder):
    """The same LSTM with its weights in every type and every place that a tensor can have."""
    g = Graph("typed_weights")
    generator = random.Random("typed")
    values = {}
    for name, shape in ("W", (1, 4, 2)), ("R", (1, 4, 1)), ("B", (1, 8)):
        count = int(numpy.prod(shape))
        # multiples of 1/64 below 1, which every type holds exactly
        values[name] = [generator.randrange(-63, 64) / 64 for _ in range(count)], shape

    def typed(name, kind, raw, data=None):
        numbers, shape = values[name]
        return helper.make_tensor(name + "_stored", kind, shape, data if data is not None else numbers, raw)

    w, r, b = values["W"][0], values["R"][0], values["B"][0]
    bf16 = [numpy.float32(v).view("uint32") >> 16 for v in b]
    g.constants.append(typed("W", TensorProto.FLOAT16, True, numpy.array(w, "float16").tobytes()))
    g.constants.append(typed("R", TensorProto.DOUBLE, False))
    tensor = TensorProto(name="B_stored", data_type=TensorProto.BFLOAT16, dims=values["B"][1])
    tensor.int32_data.extend(int(v) for v in bf16)
    g.constants.append(tensor)
    for name in "WRB":
        g.node("Cast", [name + "_stored"], [name], to=TensorProto.FLOAT)
    g.node("LSTM", ["x", "W", "R", "B"], ["Y", "y"], hidden_size=1)
    g.save(
        folder,
        [("x", TensorProto.FLOAT, ["time", "batch", 2])],
        [("y", TensorProto.FLOAT, [1, "batch", 1])],
        opset=14,
    )


def branches(folder):
    """An LSTM in both branches of an If, its weights cut out of PyTorch's in the branch."""
    g = Graph("branches")
    g.floats("weight_ih", 4 * UNITS, INPUTS), g.floats("weight_hh", 4 * UNITS, UNITS)
    g.floats("bias_ih", 4 * UNITS), g.floats("bias_hh", 4 * UNITS)

    def branch(name):
        nodes = []

        def node(op, inputs, output, **attributes):
            outputs = [name + "/" + o for o in output.split()]
            inner = [i[1:] if i.startswith("^") else name + "/" + i if i else "" for i in inputs]
            nodes.append(helper.make_node(op, inner, outputs, name=outputs[0] + "/" + op, **attributes))

        def longs(output, *values):
            node("Constant", [], output, value=helper.make_tensor("", TensorProto.INT64, [len(values)], values))

        longs("axis", 0)
        for i in range(5):
            longs("at%d" % i, i * UNITS)
        for weight in "weight_ih", "weight_hh", "bias_ih", "bias_hh":
            for part, (start, end) in enumerate(((0, 1), (3, 4), (1, 3))):  # i, o, then f and g
                node("Slice", ["^" + weight, "at%d" % start, "at%d" % end, "axis"], "%s_%d" % (weight, part))
            node("Concat", ["%s_%d" % (weight, part) for part in range(3)], weight + "_iofg", axis=0)
        node("Concat", ["bias_ih_iofg", "bias_hh_iofg"], "bias", axis=0)
        for weight in "weight_ih_iofg", "weight_hh_iofg", "bias":
            node("Unsqueeze", [weight, "axis"], weight + "_1")
        inputs = ["^x", "weight_ih_iofg_1", "weight_hh_iofg_1", "bias_1"]
        node("LSTM", inputs, "rnn rnn_h rnn_c", hidden_size=UNITS)
        output = helper.make_tensor_value_info(name + "/rnn_h", TensorProto.FLOAT, None)
        return helper.make_graph(nodes, name, [], [output])

    g.node("If", ["which"], ["y"], then_branch=branch("then"), else_branch=branch("else"))
    g.save(
        folder,
        [("which", TensorProto.BOOL, []), ("x", TensorProto.FLOAT, ["time", "batch", INPUTS])],
        [("y", TensorProto.FLOAT, [1, "batch", UNITS])],
        opset=15,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    torch_models(folder)
    keras_tagger(folder)
    keras_bidirectional(folder)
    keras_sum(folder)
    typed_weights(folder)
    branches(folder)


main()

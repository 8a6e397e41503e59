"""Reads files that Sluice wrote for Keras, with h5py, as Keras finds its weights; fails where it would not.

    /usr/bin/python3 check_keras_file.py model.keras weights.h5 ...
"""

import io
import json
import re
import sys
import zipfile

import h5py

GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}


def snake_case(name):  # keras/src/utils/naming.py
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def expected(kind, config, inputs):
    """The shapes of a layer's arrays by their places, and the width of its output."""
    if kind == "Embedding":
        return {"vars/0": (config["input_dim"], config["output_dim"])}, config["output_dim"]
    if kind == "Dense":
        return {"vars/0": (inputs, config["units"]), "vars/1": (config["units"],)}, config["units"]
    if kind in GATES:
        units, width = config["units"], GATES[kind] * config["units"]
        shapes = {"cell/vars/0": (inputs, width), "cell/vars/1": (units, width)}
        if config["use_bias"]:
            shapes["cell/vars/2"] = (2, width) if config.get("reset_after") else (width,)
        return shapes, units
    if kind == "Bidirectional":
        inner = config["layer"]
        shapes, units = expected(inner["class_name"], inner["config"], inputs)
        both = {side + k: v for side in ("forward_layer/", "backward_layer/") for k, v in shapes.items()}
        return both, units * 2 if config["merge_mode"] == "concat" else units
    if kind == "Flatten":
        return {}, None  # by the number of steps
    return {}, inputs


def check_model(file):
    with zipfile.ZipFile(file) as z:
        assert z.testzip() is None
        assert json.loads(z.read("metadata.json"))["keras_version"]
        model = json.loads(z.read("config.json"))
        weights = h5py.File(io.BytesIO(z.read("model.weights.h5")), "r")
    layers = model["config"]["layers"]
    assert layers[0]["class_name"] == "InputLayer"
    shape = layers[0]["config"]["batch_shape"]
    width = shape[-1]
    counts = {}
    for layer in layers[1:]:
        name = snake_case(layer["class_name"])
        number = counts[name] = counts.get(name, -1) + 1
        group = weights["layers"]["%s_%d" % (name, number) if number else name]
        shapes, out = expected(layer["class_name"], layer["config"], width)
        for place, size in shapes.items():
            found = group[place]
            assert found.dtype == "float32"
            assert len(found.shape) == len(size), (place, found.shape, size)
            assert all(b is None or a == b for a, b in zip(found.shape, size)), (place, found.shape, size)
            float(found[...].sum())
        print("  %-16s %-24s %s" % (layer["class_name"], layer["config"]["name"], shapes))
        width = out


def check_weights(file):
    with h5py.File(file, "r") as f:
        print("  Keras", f.attrs["keras_version"].decode(), f.attrs["backend"].decode())
        for layer in f.attrs["layer_names"]:
            group = f[layer.decode()]
            for name in group.attrs["weight_names"]:
                found = group[name.decode()]
                assert found.dtype == "float32"
                float(found[...].sum())
                print("  %-16s %-40s %s" % (layer.decode(), name.decode(), found.shape))


for argument in sys.argv[1:]:
    print(argument)
    (check_model if argument.endswith(".keras") else check_weights)(argument)

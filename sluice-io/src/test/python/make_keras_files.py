"""Makes the files of Keras in src/test/resources/dev/sluice/io/keras, and what their models compute.

    cd sluice-io && /usr/bin/python3 src/test/python/make_keras_files.py

Needs h5py and numpy (Debian: python3-h5py); no Keras. The layouts are those that Keras 1, 2, tf.keras and 3
write; the outputs in recorded.safetensors are computed here, in double precision, by Keras's formulas.
"""

import json
import pathlib
import struct
import zipfile

import h5py
import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "resources/dev/sluice/io/keras"
rng = np.random.default_rng(20260)
recorded = {}


# ---- Keras's formulas ----------------------------------------------------------------------------------

def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def hard_sigmoid(x):  # Keras 1 and 2
    return np.clip(0.2 * x + 0.5, 0, 1)


def hard_sigmoid_3(x):
    return np.clip(x + 3, 0, 6) / 6


def relu(x):
    return np.maximum(x, 0)


def linear(x):
    return x


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def scan(step, states, x, mask, return_sequences, go_backwards=False):
    """Keras's K.rnn: where a step is masked, output and states are those before it."""
    times = range(x.shape[1])
    if go_backwards:
        times = reversed(times)
    output = np.zeros_like(states[0])
    outputs = []
    for t in times:
        new_output, new_states = step(x[:, t], states)
        keep = np.ones((len(x), 1), bool) if mask is None else mask[:, t][:, None]
        output = np.where(keep, new_output, output)
        states = [np.where(keep, n, o) for n, o in zip(new_states, states)]
        outputs.append(output)
    return np.stack(outputs, 1) if return_sequences else output


def lstm(w, x, mask=None, activation=np.tanh, gate=sigmoid, **options):
    kernel, recurrent, bias = w
    u = recurrent.shape[0]

    def step(x, states):
        h, c = states
        z = x @ kernel + h @ recurrent + bias
        i, f, g, o = (z[:, k * u:(k + 1) * u] for k in range(4))
        c = gate(f) * c + gate(i) * activation(g)
        h = gate(o) * activation(c)
        return h, [h, c]

    return scan(step, [np.zeros((len(x), u))] * 2, x, mask, **options)


def gru(w, x, mask=None, activation=np.tanh, gate=sigmoid, reset_after=True, **options):
    kernel, recurrent, bias = w
    u = recurrent.shape[0]
    bias, recurrent_bias = bias if reset_after else (bias, np.zeros_like(bias))

    def step(x, states):
        h, = states
        a = x @ kernel + bias
        b = h @ recurrent + recurrent_bias
        z = gate(a[:, :u] + b[:, :u])
        r = gate(a[:, u:2 * u] + b[:, u:2 * u])
        if reset_after:
            candidate = activation(a[:, 2 * u:] + r * b[:, 2 * u:])
        else:
            candidate = activation(a[:, 2 * u:] + (r * h) @ recurrent[:, 2 * u:])
        h = z * h + (1 - z) * candidate
        return h, [h]

    return scan(step, [np.zeros((len(x), u))], x, mask, **options)


def simple_rnn(w, x, mask=None, activation=np.tanh, **options):
    kernel, recurrent, bias = w

    def step(x, states):
        h = activation(x @ kernel + states[0] @ recurrent + bias)
        return h, [h]

    return scan(step, [np.zeros((len(x), len(recurrent)))], x, mask, **options)


def both(layer, forward, backward, x, mask=None, return_sequences=False, **options):
    """The two outputs of Bidirectional, the backward one turned round."""
    a = layer(forward, x, mask, return_sequences=return_sequences, **options)
    b = layer(backward, x, mask, return_sequences=return_sequences, go_backwards=True, **options)
    return a, b[:, ::-1] if return_sequences else b


# ---- files ---------------------------------------------------------------------------------------------

def numbers(*shape):
    return rng.uniform(-1, 1, shape).astype(np.float32)


def weights(inputs, units, gates):
    return [numbers(inputs, gates * units), numbers(units, gates * units), numbers(gates * units)]


def record(name, x, y):
    recorded[name + ".input"] = x.astype(np.float32)
    recorded[name + ".output"] = np.asarray(y).astype(np.float32)


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, **config}}


def strings(group, name, values, chunks=1):
    """As Keras stores lists: fixed-size strings, in several attributes when they are long."""
    values = [v.encode() for v in values]
    if chunks == 1:
        group.attrs[name] = values
        return
    for i, part in enumerate(np.array_split(np.asarray(values), chunks)):
        group.attrs["%s%d" % (name, i)] = part


def legacy(file, version, arrays, model=None, chunks=1, **options):
    """arrays: for each layer its list of (name, numbers)."""
    with h5py.File(OUT / file, "w", **options) as f:
        g = f
        if model is not None:
            f.attrs["model_config"] = json.dumps(model).encode()
            f.attrs["training_config"] = b"{}"
            g = f.create_group("model_weights")
        if version:
            for where in [f, g] if model is not None else [g]:
                where.attrs["keras_version"] = version.encode()
                where.attrs["backend"] = b"tensorflow"
        strings(g, "layer_names", list(arrays), chunks)
        for name, own in arrays.items():
            sub = g.create_group(name)
            strings(sub, "weight_names", [n for n, _ in own])
            for n, value in own:
                sub.create_dataset(n, value.shape, dtype=value.dtype)[...] = value


def named(layer, w, prefix=""):
    names = ["kernel:0", "recurrent_kernel:0", "bias:0"] if len(w) == 3 else ["kernel:0", "bias:0"]
    return [("%s/%s%s" % (layer, prefix, n), v) for n, v in zip(names, w)]


def separate(layer, w, gates, order):
    """Keras 1: an array for each gate, in another order."""
    kernel, recurrent, bias = (np.split(v, len(gates), -1) for v in w)
    found = []
    for g in order:
        k = gates.index(g)
        found += [("%s_W_%s:0" % (layer, g), kernel[k]), ("%s_U_%s:0" % (layer, g), recurrent[k]),
                  ("%s_b_%s:0" % (layer, g), bias[k])]
    return found


def to_cudnn(w, gates):
    """keras/engine/saving.py, _convert_rnn_weights, from the plain layer to that of CuDNN."""
    kernel = np.hstack([k.T.reshape(k.shape, order="C") for k in np.hsplit(w[0], gates)])
    recurrent = np.hstack([k.T for k in np.hsplit(w[1], gates)])
    bias = w[2].reshape(-1) if w[2].ndim == 2 else np.tile(0.5 * w[2], 2)
    return [kernel, recurrent, bias]


def keras1():
    table = numbers(7, 4)
    f, b = weights(4, 3, 4), weights(4, 3, 4)
    dense = [numbers(3, 5), numbers(5)]
    inner = {"output_dim": 3, "activation": "tanh", "inner_activation": "hard_sigmoid",
             "return_sequences": True, "go_backwards": False, "stateful": False, "dropout_W": 0.1,
             "consume_less": "cpu"}
    model = {"class_name": "Sequential", "config": [
        layer("Embedding", "embedding_1", batch_input_shape=[None, None], input_dim=7, output_dim=4,
              mask_zero=True, input_dtype="int32"),
        layer("Bidirectional", "bidirectional_1", merge_mode="ave", layer=layer("LSTM", "lstm_1", **inner)),
        layer("TimeDistributed", "timedistributed_1",
              layer=layer("Dense", "dense_1", output_dim=5, activation="softmax", bias=True)),
    ]}
    legacy("keras1_tagger.h5", "1.2.2", {
        "embedding_1": [("embedding_1_W:0", table)],
        "bidirectional_1": separate("forward_lstm_1", f, "ifco", "icfo")
        + separate("backward_lstm_1", b, "ifco", "icfo"),
        "timedistributed_1": [("timedistributed_1_W:0", dense[0]), ("timedistributed_1_b:0", dense[1])],
    }, model)
    x = np.array([[3, 0, 6, 1, 0], [2, 5, 4, 0, 0]])
    a, c = both(lstm, f, b, table[x], x != 0, return_sequences=True, gate=hard_sigmoid)
    record("keras1_tagger", x[:, :, None], softmax((a + c) / 2 @ dense[0] + dense[1]))

    w = weights(2, 3, 3)
    model = {"class_name": "Sequential", "config": [
        layer("GRU", "gru_1", batch_input_shape=[None, 4, 2], output_dim=3, activation="softsign",
              inner_activation="hard_sigmoid", return_sequences=False),
        layer("Dropout", "dropout_1", p=0.5),
        layer("Activation", "activation_1", activation="softplus"),
    ]}
    legacy("keras1_gru.h5", "1.2.2",
           {"gru_1": separate("gru_1", w, "zrh", "zrh"), "dropout_1": [], "activation_1": []}, model)
    x = numbers(2, 4, 2)
    y = gru(w, x, activation=lambda v: v / (1 + abs(v)), gate=hard_sigmoid, reset_after=False,
            return_sequences=False)
    record("keras1_gru", x, np.log1p(np.exp(y)))


def keras2():
    g, l, s = weights(2, 3, 3), weights(3, 4, 4), weights(4, 3, 1)
    dense = [numbers(15, 2), numbers(2)]

    def node(name, kind, source, **config):
        return {**layer(kind, name, **config), "name": name,
                "inbound_nodes": [[[source, 0, 0, {}]]] if source else []}

    model = {"class_name": "Model", "config": {"name": "model_1", "layers": [
        node("input_1", "InputLayer", "", batch_input_shape=[None, 6, 2], dtype="float32"),
        node("masking_1", "Masking", "input_1", mask_value=0.0),
        node("gru_1", "GRU", "masking_1", units=3, activation="tanh", recurrent_activation="hard_sigmoid",
             use_bias=True, return_sequences=True, reset_after=False),
        node("lstm_1", "LSTM", "gru_1", units=4, activation="relu", recurrent_activation="sigmoid",
             use_bias=True, return_sequences=False, go_backwards=True, stateful=True),
        node("repeat_vector_1", "RepeatVector", "lstm_1", n=5),
        node("simple_rnn_1", "SimpleRNN", "repeat_vector_1", units=3, activation="linear", use_bias=True,
             return_sequences=True),
        node("flatten_1", "Flatten", "simple_rnn_1"),
        node("dense_1", "Dense", "flatten_1", units=2, activation="tanh", use_bias=True),
        node("leaky_re_lu_1", "LeakyReLU", "dense_1", alpha=0.25),
    ], "input_layers": [["input_1", 0, 0]], "output_layers": [["leaky_re_lu_1", 0, 0]]}}
    legacy("keras2_functional.h5", "2.2.4", {
        "input_1": [], "masking_1": [], "gru_1": named("gru_1", g), "lstm_1": named("lstm_1", l),
        "repeat_vector_1": [], "simple_rnn_1": named("simple_rnn_1", s), "flatten_1": [],
        "dense_1": named("dense_1", dense), "leaky_re_lu_1": []}, model, chunks=2)
    x = numbers(3, 6, 2)
    x[0, 3:] = 0
    x[1, 1] = x[1, 4] = 0
    mask = (x != 0).any(-1)
    y = gru(g, x, mask, gate=hard_sigmoid, reset_after=False, return_sequences=True)
    y = lstm(l, y, mask, activation=relu, return_sequences=False, go_backwards=True)
    y = simple_rnn(s, np.repeat(y[:, None], 5, 1), activation=linear, return_sequences=True)
    y = np.tanh(y.reshape(3, -1) @ dense[0] + dense[1])
    record("keras2_functional", x, np.where(y > 0, y, 0.25 * y))


def tf_keras():
    w = [numbers(3, 8), numbers(2, 8)]
    g = [numbers(2, 6), numbers(2, 6), numbers(2, 6)]
    b = [numbers(2, 6), numbers(2, 6), numbers(2, 6)]
    dense = numbers(2, 3)
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, None, 3], "name": "lstm_input"}},
        layer("LSTM", "lstm", units=2, activation="tanh", recurrent_activation="sigmoid", use_bias=False,
              return_sequences=True, time_major=False, implementation=2, recurrent_dropout=0.2),
        layer("SpatialDropout1D", "spatial_dropout1d", rate=0.3),
        layer("Bidirectional", "bidirectional", merge_mode="mul", layer=layer(
            "GRU", "gru", units=2, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
            return_sequences=True, reset_after=True)),
        layer("Dense", "dense", units=3, activation="relu", use_bias=False),
    ]}}
    legacy("tf_keras_sequential.h5", "2.4.0", {
        "lstm": [("lstm/lstm_cell/kernel:0", w[0]), ("lstm/lstm_cell/recurrent_kernel:0", w[1])],
        "spatial_dropout1d": [],
        "bidirectional": named("bidirectional", g, "forward_gru/gru_cell_1/")
        + named("bidirectional", b, "backward_gru/gru_cell_2/"),
        "dense": [("dense/kernel:0", dense)]}, model)
    x = numbers(2, 5, 3)
    y = lstm(w + [np.zeros(8)], x, return_sequences=True)
    a, c = both(gru, g, b, y, return_sequences=True)
    record("tf_keras_sequential", x, relu(a * c @ dense))


def cudnn():
    l, g = weights(3, 4, 4), [numbers(4, 9), numbers(3, 9), numbers(2, 9)]
    model = {"class_name": "Sequential", "config": [
        layer("CuDNNLSTM", "cu_dnnlstm_1", batch_input_shape=[None, 5, 3], units=4, return_sequences=True),
        layer("CuDNNGRU", "cu_dnngru_1", units=3, return_sequences=False)]}
    arrays = {"cu_dnnlstm_1": named("cu_dnnlstm_1", to_cudnn(l, 4)),
              "cu_dnngru_1": named("cu_dnngru_1", to_cudnn(g, 3))}
    legacy("cudnn.h5", "2.2.4", arrays, model)
    legacy("cudnn_weights.h5", "2.2.4", arrays)
    x = numbers(2, 5, 3)
    y = gru(g, lstm(l, x, return_sequences=True), return_sequences=False)
    record("cudnn", x, y)
    record("cudnn_weights", x, y)


def weights_only():
    table, f, b, l = numbers(6, 3), weights(3, 2, 4), weights(3, 2, 4), weights(4, 3, 4)
    dense = [numbers(3, 2), numbers(2)]
    arrays = {
        "embedding_1": [("embedding_1/embeddings:0", table)],
        "dropout_1": [],
        "bidirectional_1": named("bidirectional_1", f, "forward_lstm_1/")
        + named("bidirectional_1", b, "backward_lstm_1/"),
        "lstm_2": named("lstm_2", l),
        "dense_1": named("dense_1", dense)}
    legacy("keras2_weights.h5", "2.1.5", arrays)
    x = np.array([[1, 5, 0, 2], [3, 3, 4, 1]])
    a, c = both(lstm, f, b, table[x], return_sequences=True, gate=hard_sigmoid)
    y = lstm(l, np.concatenate([a, c], -1), return_sequences=False, gate=hard_sigmoid)
    record("keras2_weights", x[:, :, None], y @ dense[0] + dense[1])


def keras3_tree(f, arrays):
    f.create_group("vars")
    for path, values in arrays.items():
        group = f.create_group("layers/" + path + "/vars")
        for i, value in enumerate(values):
            group.create_dataset(str(i), data=value)


def keras3():
    table, dense = numbers(6, 3), [numbers(5, 4), numbers(4)]
    f, b = weights(3, 2, 4), weights(3, 2, 4)
    g = [numbers(4, 15), numbers(5, 15), numbers(2, 15)]

    def tensor(name, shape):
        return {"class_name": "__keras_tensor__",
                "config": {"shape": shape, "dtype": "float32", "keras_history": [name, 0, 0]}}

    def node(name, kind, args, kwargs=None, **config):
        return {"module": "keras.layers", **layer(kind, name, dtype="float32", **config),
                "registered_name": None, "name": name,
                "inbound_nodes": [{"args": args, "kwargs": kwargs or {}}] if args else []}

    mask = {"mask": tensor("not_equal", [None, None])}
    inner = {"module": "keras.layers", **layer(
        "LSTM", "forward_tagger", units=2, activation="tanh", recurrent_activation="hard_sigmoid",
        use_bias=True, return_sequences=True, zero_output_for_mask=False), "registered_name": None}
    model = {"module": "keras", "class_name": "Functional", "registered_name": "Functional", "config": {
        "name": "functional", "trainable": True, "layers": [
            node("words", "InputLayer", None, batch_shape=[None, None]),
            node("table", "Embedding", [tensor("words", [None, None])], input_dim=6, output_dim=3,
                 mask_zero=True),
            node("not_equal", "NotEqual", [tensor("words", [None, None]), 0]),
            node("tagger", "Bidirectional", [tensor("table", [None, None, 3])], mask, merge_mode="concat",
                 layer=inner),
            node("z", "GRU", [tensor("tagger", [None, None, 4])], mask, units=5,
                 activation={"module": "builtins", "class_name": "function", "config": "tanh",
                             "registered_name": "function"},
                 recurrent_activation="sigmoid", use_bias=True, return_sequences=True, reset_after=True,
                 zero_output_for_mask=True),
            node("a", "TimeDistributed", [tensor("z", [None, None, 5])], mask, layer={
                "module": "keras.layers", **layer("Dense", "inner", units=4, activation="linear",
                                                  use_bias=True), "registered_name": None}),
            node("last", "Softmax", [tensor("a", [None, None, 4])], axis=-1),
        ], "input_layers": [["words", 0, 0]], "output_layers": [["last", 0, 0]]}}
    tree = {
        "input_layer": [], "embedding": [table], "not_equal": [],
        "bidirectional/forward_layer/cell": f, "bidirectional/backward_layer/cell": b,
        "gru/cell": g, "time_distributed/layer": dense, "softmax": []}
    path = OUT / "keras3_functional.keras"
    temporary = OUT / "model.weights.h5"
    with h5py.File(temporary, "w") as h:
        keras3_tree(h, tree)
    with zipfile.ZipFile(path, "w") as z:
        for name, text in (("metadata.json", {"keras_version": "3.3.3", "date_saved": "-"}),
                           ("config.json", model)):
            z.writestr(zipfile.ZipInfo(name), json.dumps(text))
        z.writestr(zipfile.ZipInfo("model.weights.h5"), temporary.read_bytes())
    temporary.unlink()
    x = np.array([[1, 5, 0, 2], [0, 3, 4, 0]])
    real = x != 0
    a, c = both(lstm, f, b, table[x], real, return_sequences=True, gate=hard_sigmoid_3)
    y = gru(g, np.concatenate([a, c], -1), real, return_sequences=True) * real[:, :, None]
    record("keras3_functional", x[:, :, None], softmax(y @ dense[0] + dense[1]))

    # Weights only, of more layers than fit into a header; in the form that HDF5 2 writes by default.
    w = [weights(2, 2, 4) for _ in range(12)]
    with h5py.File(OUT / "keras3_deep.weights.h5", "w", libver=("v108", "v108")) as h:
        keras3_tree(h, {"lstm%s/cell" % ("_%d" % i if i else ""): v for i, v in enumerate(w)})
    x = y = numbers(2, 3, 2)
    for i, v in enumerate(w):
        y = lstm(v, y, return_sequences=i < 11)
    record("keras3_deep", x, y)


def not_a_chain():
    """Two layers side by side, and one of the user's own."""
    l, dense = weights(2, 3, 4), [numbers(6, 2), numbers(2)]

    def node(name, kind, sources, **config):
        return {**layer(kind, name, **config), "name": name,
                "inbound_nodes": [[[s, 0, 0, {}] for s in sources]] if sources else []}

    model = {"class_name": "Model", "config": {"name": "model", "layers": [
        node("input_1", "InputLayer", [], batch_input_shape=[None, None, 2]),
        node("lstm_1", "LSTM", ["input_1"], units=3, recurrent_activation="sigmoid", return_sequences=True),
        node("attention_1", "AttentionWeightedAverage", ["lstm_1"]),
        node("concatenate_1", "Concatenate", ["lstm_1", "attention_1"]),
        node("dense_1", "Dense", ["concatenate_1"], units=2, activation="linear"),
    ], "input_layers": [["input_1", 0, 0]], "output_layers": [["dense_1", 0, 0]]}}
    legacy("not_a_chain.h5", "2.2.4", {
        "input_1": [], "lstm_1": named("lstm_1", l), "attention_1": [("attention_1/W:0", numbers(3, 1))],
        "concatenate_1": [], "dense_1": named("dense_1", dense)}, model)


def compressed():
    """What Keras never writes: an array in chunks."""
    with h5py.File(OUT / "compressed.h5", "w") as f:
        strings(f, "layer_names", ["dense_1"])
        group = f.create_group("dense_1")
        strings(group, "weight_names", ["dense_1/kernel:0"])
        group.create_dataset("dense_1/kernel:0", data=np.zeros((8, 8), np.float32), compression="gzip")


def write_recorded():
    header, data = {}, b""
    for name, value in recorded.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape),
                        "data_offsets": [len(data), len(data) + value.nbytes]}
        data += np.ascontiguousarray(value).tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (OUT / "recorded.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


OUT.mkdir(parents=True, exist_ok=True)
keras1()
keras2()
tf_keras()
cudnn()
weights_only()
keras3()
not_a_chain()
compressed()
write_recorded()

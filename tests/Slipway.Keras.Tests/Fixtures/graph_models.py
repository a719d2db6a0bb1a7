"""Models whose graphs are the point: shared layers, models in models, several inputs and outputs, several versions' layouts."""
import numpy as np

import reference as ref
from cases import add, graph, normal
from keras_files import Layer, functional, h5_bytes, input_layer, keras_bytes, layer_json, sequential

refs = lambda *names: [(n, 0, 0) for n in names]


def dense(name, i, o, activation="linear"):
    k, b = normal(i, o), normal(o)
    return Layer("Dense", {"units": o, "activation": activation, "use_bias": True}, [("kernel", k), ("bias", b)], name=name), (lambda x: ref.dense(x, k, b, activation))


# A shared layer, two inputs, two outputs, one of them twice.
a, b = normal(3, 4), normal(3, 4)
shared, fs = dense("shared", 4, 5, "tanh")
head, fh = dense("head", 10, 2, "softmax")
graph("shared", lambda major: [(shared, [(refs("a"), {}), (refs("b"), {})]), (Layer("Concatenate", {"axis": -1}, name="joined"), [([("shared", 0, 0), ("shared", 1, 0)], {})]), (head, [(refs("joined"), {})])],
      {"a": a, "b": b}, [("head", 0, 0), ("shared", 1, 0), ("shared", 0, 0)], {"head": fh(np.concatenate([fs(a), fs(b)], -1)), "shared": fs(b), "shared_1": fs(a)})

# An encoder used twice, as siamese networks do: a model in a model counts its own making as its first call.
d1, f1 = dense("enc_1", 4, 6, "relu")
bnw = [("gamma", normal(6)), ("beta", normal(6)), ("moving_mean", normal(6)), ("moving_variance", np.abs(normal(6)) + 0.2)]
d2, f2 = dense("enc_2", 6, 3)
encoder = lambda x: f2(ref.batch_norm(f1(x), *[v for _, v in bnw]))
inner_layers = lambda major: [input_layer("enc_in", (4,), major=major), d1, Layer("BatchNormalization", {"axis": [1] if major < 3 else -1, "epsilon": 0.001, "center": True, "scale": True}, bnw, name="bn"), d2]


def nested(kind, major):
    layers = inner_layers(major)
    if kind == "Sequential":
        cfg = sequential(layers, major, "encoder")["config"]
        kept = [l for l in layers if l.cls != "InputLayer"]
    else:
        cfg = functional([(layers[0], [])] + [(l, [(refs(p.name), {})]) for p, l in zip(layers, layers[1:])], refs("enc_in"), refs("enc_2"), major, "encoder")["config"]
        kept = layers
    return Layer(kind, {k: v for k, v in cfg.items() if k not in ("name", "trainable")}, [], name="encoder", children={"layers": kept}, module="keras" if kind == "Sequential" else "keras.src.models.functional")


for kind in ["Functional", "Sequential"]:
    first = {2: 1, 3: 1 if kind == "Functional" else 0}
    for major in (2, 3):
        n = first[major]
        graph(f"siamese-{kind.lower()}", lambda m, kind=kind, n=n: [(nested(kind, m), [(refs("a"), {}), (refs("b"), {})]), (Layer("Subtract", {}, name="y"), [([("encoder", n, 0), ("encoder", n + 1, 0)], {})])],
              {"a": a, "b": b}, [("y", 0, 0)], {"y": encoder(a) - encoder(b)}, majors=(major,))
    head3, f3 = dense("head3", 3, 2)
    graph(f"nested-{kind.lower()}", lambda m, kind=kind, head3=head3: [(nested(kind, m), [(refs("a"), {})]), (head3, [([("encoder", 1 if m < 3 or kind == "Functional" else 0, 0)], {})])], {"a": a}, [("head3", 0, 0)], {"head3": f3(encoder(a))})

# A residual block of convolutions, and what follows: images stay with their channels first in between.
img = normal(2, 8, 8, 3)
kc1, bc1, kc2, bc2, ks, bs = normal(3, 3, 3, 4), normal(4), normal(3, 3, 4, 4), normal(4), normal(1, 1, 3, 4), normal(4)
conv_cfg = lambda k, **more: {"filters": k.shape[-1], "kernel_size": list(k.shape[:2]), "strides": [1, 1], "padding": "same", "dilation_rate": [1, 1], "use_bias": True, "activation": "linear", "data_format": "channels_last", "groups": 1, **more}
bn4 = [("gamma", normal(4)), ("beta", normal(4)), ("moving_mean", normal(4)), ("moving_variance", np.abs(normal(4)) + 0.2)]
out, fo = dense("probabilities", 68, 3, "softmax")
main = np.maximum(ref.batch_norm(ref.conv(img, kc1, bc1, padding="same"), *[v for _, v in bn4]), 0)
res = np.maximum(ref.conv(main, kc2, bc2, padding="same") + ref.conv(img, ks, bs, padding="same"), 0)
pooled = ref.pool(res, (2, 2), (2, 2), "valid", "max")
flat = np.concatenate([pooled.reshape(2, -1), pooled.mean((1, 2))], -1)
graph("residual", lambda m: [
    (Layer("Conv2D", conv_cfg(kc1), [("kernel", kc1), ("bias", bc1)], name="c1"), [(refs("img"), {})]),
    (Layer("BatchNormalization", {"axis": [3] if m < 3 else -1, "epsilon": 0.001, "center": True, "scale": True}, bn4, name="bn"), [(refs("c1"), {})]),
    (Layer("Activation", {"activation": "relu"}, name="r1"), [(refs("bn"), {})]),
    (Layer("Conv2D", conv_cfg(kc2), [("kernel", kc2), ("bias", bc2)], name="c2"), [(refs("r1"), {})]),
    (Layer("Conv2D", conv_cfg(ks), [("kernel", ks), ("bias", bs)], name="skip"), [(refs("img"), {})]),
    (Layer("Add", {}, name="sum"), [([("c2", 0, 0), ("skip", 0, 0)], {})]),
    (Layer("ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, name="r2"), [(refs("sum"), {})]),
    (Layer("MaxPooling2D", {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid", "data_format": "channels_last"}, name="pool"), [(refs("r2"), {})]),
    (Layer("Flatten", {"data_format": "channels_last"}, name="flat"), [(refs("pool"), {})]),
    (Layer("GlobalAveragePooling2D", {"data_format": "channels_last", "keepdims": False}, name="mean"), [(refs("pool"), {})]),
    (Layer("Concatenate", {"axis": -1}, name="all"), [([("flat", 0, 0), ("mean", 0, 0)], {})]),
    (out, [(refs("all"), {})])], {"img": img}, [("probabilities", 0, 0)], {"probabilities": fo(flat)})

# Sequence to sequence: the states of one layer start another.
x, z = normal(2, 5, 3), normal(2, 4, 2)
wk = lambda f, u: [("kernel", normal(f, 4 * u, scale=0.5)), ("recurrent_kernel", normal(u, 4 * u, scale=0.5)), ("bias", normal(4 * u, scale=0.5))]
we, wd = wk(3, 4), wk(2, 4)
lstm = lambda name, w, **o: Layer("LSTM", {"units": 4, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True, "return_sequences": False, "return_state": False, "go_backwards": False, "stateful": False, **o}, [], name=name, children={"cell": Layer("LSTMCell", {}, w, name="lstm_cell")})
cell = lambda w: ref.Cell("lstm", *[v for _, v in w])
_, states = ref.rnn(cell(we), x)
decoded, _ = ref.rnn(cell(wd), z, initial=states)
graph("seq2seq", lambda m: [(lstm("encoder", we, return_state=True), [(refs("x"), {})]), (lstm("decoder", wd, return_sequences=True, return_state=True), [([("z", 0, 0), ("encoder", 0, 1), ("encoder", 0, 2)], {}) if m < 3 else (refs("z"), {"initial_state": [("encoder", 0, 1), ("encoder", 0, 2)]})])],
      {"x": x, "z": z}, [("decoder", 0, 0)], {"decoder": decoded})

# Layouts: an .h5 file that Keras 3 wrote, one without an input layer, one of early Keras 2 (a list of layers), outputs with names of their own.
one, fone = dense("dense_a", 4, 3, "relu")
two, ftwo = dense("dense_b", 3, 2)
expected = {"dense_b": ftwo(fone(a))}
ins = input_layer("x", (4,), major=3)
add("h5-of-keras-3", h5_bytes(sequential([ins, one, two], 3), [ins, one, two], version="3.3.3"), "h5", {"x": a}, expected)
one.cfg["batch_input_shape"] = [None, 4]
add("h5-without-input", h5_bytes(sequential([one, two], 2), [one, two], version="2.4.0"), "h5", {"dense_a_input": a}, expected)
early = {"class_name": "Sequential", "config": [layer_json(one, 2), layer_json(two, 2)]}
add("h5-early", h5_bytes(early, [one, two], version="2.1.5"), "h5", {"dense_a_input": a}, expected)
del one.cfg["batch_input_shape"]
late = sequential([one, two], 3)
late["config"]["build_input_shape"] = [None, 4]
add("keras-build-shape", keras_bytes(late, [one, two]), "keras", {"dense_a_input": a}, expected)
names = functional([(input_layer("x", (4,), major=3), []), (one, [(refs("x"), {})]), (two, [(refs("dense_a"), {})])], refs("x"), refs("dense_b"), 3)
names["config"]["output_layers"] = {"first": ["dense_a", 0, 0], "second": ["dense_b", 0, 0]}
add("dictionary-outputs", keras_bytes(names, [ins, one, two]), "keras", {"x": a}, {"first": fone(a), "second": ftwo(fone(a))})

# Operators between layers: names in Keras 2, operations in Keras 3.
c = normal(3, 4)


def op(major, keras, tensorflow, name, cfg=None):
    if major < 3:
        return Layer("TFOpLambda", {"function": tensorflow}, name=name)
    return Layer(keras, cfg or {}, name=name, module="keras.src.ops.numpy")


def calls(major, first, second=None, **arguments):
    if major < 3:
        return [([(first, 0, 0)], {**({} if second is None else {"y": (second, 0, 0) if isinstance(second, str) else second}), **arguments, "name": None})]
    return [([(first, 0, 0), (second, 0, 0)], {"__spread__": True})] if isinstance(second, str) else [([(first, 0, 0)], {})]


for keras, tensorflow, f in [("Add", "__operators__.add", np.add), ("Subtract", "math.subtract", np.subtract), ("Multiply", "math.multiply", np.multiply), ("Divide", "math.truediv", np.divide), ("Maximum", "math.maximum", np.maximum)]:
    graph(f"operator-{keras.lower()}", lambda m, keras=keras, tensorflow=tensorflow: [(op(m, keras, tensorflow, "y"), calls(m, "a", "c"))], {"a": a, "c": c}, [("y", 0, 0)], {"y": f(a.astype(float), c)})
graph("operator-constant", lambda m: [(op(m, "Multiply", "math.multiply", "y"), calls(m, "a", 2.5))], {"a": a}, [("y", 0, 0)], {"y": a * 2.5}, majors=(2,))
seq = normal(2, 5, 3)
graph("operator-mean", lambda m: [(op(m, "Mean", "math.reduce_mean", "y", {"axis": 1, "keepdims": False}), calls(m, "s", axis=1, keepdims=False))], {"s": seq}, [("y", 0, 0)], {"y": seq.astype(float).mean(1)})
graph("operator-expand", lambda m: [(op(m, "ExpandDims", "expand_dims", "y", {"axis": -1}), calls(m, "s", axis=-1))], {"s": seq}, [("y", 0, 0)], {"y": seq[..., None]})
graph("operator-reshape", lambda m: [(op(m, "Reshape", "reshape", "y", {"newshape": [-1, 15]}), calls(m, "s", shape=[-1, 15]))], {"s": seq}, [("y", 0, 0)], {"y": seq.reshape(-1, 15)})

# Keras 2.12 and 2.13: another name for the list of layers, in which layers with weights were counted twice.
add("keras-2.13", keras_bytes(sequential([ins, one, two], 3), [one, two], version="2.13.1", numbers=2), "keras", {"x": a}, expected)

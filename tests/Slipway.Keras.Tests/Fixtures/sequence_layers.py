"""Recurrent layers, wrappers, attention, masks."""
import numpy as np

import reference as ref
from cases import both, graph, normal, one, rng
from keras_files import Layer

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
KIND = {"SimpleRNN": "simple", "LSTM": "lstm", "GRU": "gru"}


def weights(cls, features, units, bias=True, reset_after=True):
    g = GATES[cls]
    w = [("kernel", normal(features, g * units, scale=0.5)), ("recurrent_kernel", normal(units, g * units, scale=0.5))]
    if bias:
        w.append(("bias", normal(2, g * units, scale=0.5) if cls == "GRU" and reset_after else normal(g * units, scale=0.5)))
    return w


def config(cls, units, **options):
    cfg = {"units": units, "activation": "tanh", "use_bias": True, "return_sequences": False, "return_state": False, "go_backwards": False, "stateful": False, "unroll": False, "dropout": 0.0, "recurrent_dropout": 0.0}
    if cls != "SimpleRNN":
        cfg["recurrent_activation"] = "sigmoid"
    if cls == "GRU":
        cfg["reset_after"] = True
    cfg.update(options)
    return cfg


def rnn_layer(cls, cfg, w, name=None):
    cell = {"SimpleRNN": "simple_rnn_cell", "LSTM": "lstm_cell", "GRU": "gru_cell"}[cls]
    return Layer(cls, cfg, [], name=name, children={"cell": Layer(cls + "Cell", {}, w, name=cell)})


def cell_of(cls, cfg, w, major):
    d = dict(w)
    return ref.Cell(KIND[cls], d["kernel"], d["recurrent_kernel"], d.get("bias"), cfg["activation"], cfg.get("recurrent_activation", "sigmoid"), cfg.get("reset_after", True), major)


def expected(cls, cfg, w, x, major, mask=None):
    outs, states = ref.rnn(cell_of(cls, cfg, w, major), x, mask, cfg["go_backwards"])
    return outs if cfg["return_sequences"] else outs[:, -1]


x = normal(2, 6, 3)
for cls in GATES:
    variants = [
        ("", {}), ("sequences", {"return_sequences": True}), ("backwards", {"go_backwards": True}), ("backwards-sequences", {"go_backwards": True, "return_sequences": True}),
        ("no-bias", {"use_bias": False}), ("relu", {"activation": "relu"}), ("selu", {"activation": "selu", "return_sequences": True}), ("linear", {"activation": "linear"}),
    ]
    if cls != "SimpleRNN":
        variants += [("hard", {"recurrent_activation": "hard_sigmoid"}), ("hard-swish", {"activation": "swish", "recurrent_activation": "hard_sigmoid"})]
    if cls == "GRU":
        variants += [("before", {"reset_after": False}), ("before-no-bias", {"reset_after": False, "use_bias": False}), ("before-gelu", {"reset_after": False, "activation": "gelu"})]
    for label, options in variants:
        cfg = config(cls, 4, **options)
        w = weights(cls, 3, 4, cfg["use_bias"], cfg.get("reset_after", True))
        both(f"{cls.lower()}{'-' if label else ''}{label}", lambda major, cls=cls, cfg=cfg, w=w: [rnn_layer(cls, cfg, w)], x, lambda major, cls=cls, cfg=cfg, w=w: expected(cls, cfg, w, x, major))
    cfg, w = config(cls, 4), weights(cls, 3, 4)
    both(f"{cls.lower()}-open", lambda major, cls=cls, cfg=cfg, w=w: [rnn_layer(cls, cfg, w)], x, lambda major, cls=cls, cfg=cfg, w=w: expected(cls, cfg, w, x, major), shape=(None, 3))

    # States given and returned.
    cfg, w = config(cls, 4, return_state=True, return_sequences=True), weights(cls, 3, 4)
    n = 2 if cls == "LSTM" else 1
    initial = {f"s{i}": normal(2, 4) for i in range(n)}
    outs, states = ref.rnn(cell_of(cls, cfg, w, 3), x, initial=list(initial.values()))
    refs = [(f"s{i}", 0, 0) for i in range(n)]
    graph(f"{cls.lower()}-states", lambda major, cls=cls, cfg=cfg, w=w, refs=refs: [(rnn_layer(cls, cfg, w, "y"), [([("x", 0, 0)] + refs, {}) if major < 3 else ([("x", 0, 0)], {"initial_state": refs})])],
          {"x": x, **initial}, [("y", 0, i) for i in range(n + 1)], {("y" if i == 0 else f"y_{i}"): v for i, v in enumerate([outs] + states)})

# Masks: padding in front, behind and between.
table = normal(9, 3)
ids = np.array([[3, 4, 0, 5, 0, 0], [0, 0, 1, 0, 2, 8], [0, 0, 0, 0, 0, 0]], np.int32)
emb = lambda: Layer("Embedding", {"input_dim": 9, "output_dim": 3, "mask_zero": True}, [("embeddings", table)])
for cls in GATES:
    for options in [{}, {"return_sequences": True}, {"go_backwards": True}, {"go_backwards": True, "return_sequences": True}, {"activation": "selu"}]:
        cfg = config(cls, 4, **options)
        w = weights(cls, 3, 4)
        both(f"{cls.lower()}-masked-{'-'.join(options) or 'last'}", lambda major, cls=cls, cfg=cfg, w=w: [emb(), rnn_layer(cls, cfg, w)], ids, lambda major, cls=cls, cfg=cfg, w=w: expected(cls, cfg, w, table[ids], major, ids != 0), dtype="int32")
xm = normal(2, 6, 3)
xm[0, 4:] = -1
xm[1, 2] = -1
counts = (xm != -1).any(-1)
cfg, w = config("LSTM", 4, return_sequences=True), weights("LSTM", 3, 4)
w2 = weights("GRU", 4, 3)
cfg2 = config("GRU", 3)
both("masking-lstm-dropout-gru", lambda major: [Layer("Masking", {"mask_value": -1.0}), rnn_layer("LSTM", cfg, w), Layer("Dropout", {"rate": 0.2}), rnn_layer("GRU", cfg2, w2)], xm,
     lambda major: expected("GRU", cfg2, w2, expected("LSTM", cfg, w, np.where(counts[..., None], xm, 0), major, counts), major, counts))

# --- Bidirectional ---------------------------------------------------------------------------------------------------------------------------------
def bidirectional(cls, cfg, wf, wb, mode, major, name=None):
    inner = lambda back: {"class_name": cls, "config": {"name": ("backward_" if back else "forward_") + cls.lower(), "trainable": True, **cfg, "go_backwards": back}}
    module = {"module": "keras.layers", "registered_name": None} if major >= 3 else {}
    full = {"merge_mode": mode, "layer": {**module, **inner(False)}}
    if major >= 3:
        full["backward_layer"] = {**module, **inner(True)}
    f, b = rnn_layer(cls, cfg, wf, "forward_" + cls.lower()), rnn_layer(cls, cfg, wb, "backward_" + cls.lower())
    return Layer("Bidirectional", full, [], name=name, children={"forward_layer": f, "backward_layer": b})


def bidirectional_expected(cls, cfg, wf, wb, mode, x, major, mask=None):
    zero = cfg["return_sequences"]
    of, _ = ref.rnn(cell_of(cls, cfg, wf, major), x, mask, False, zero)
    ob, _ = ref.rnn(cell_of(cls, cfg, wb, major), x, mask, True, zero)
    a, b = (of, ob[:, ::-1]) if cfg["return_sequences"] else (of[:, -1], ob[:, -1])
    return {"concat": lambda: np.concatenate([a, b], -1), "sum": lambda: a + b, "mul": lambda: a * b, "ave": lambda: (a + b) / 2}[mode]()


for cls in GATES:
    for mode in ["concat", "sum", "mul", "ave"]:
        for seq in [False, True]:
            cfg, wf, wb = config(cls, 4, return_sequences=seq), weights(cls, 3, 4), weights(cls, 3, 4)
            both(f"bidirectional-{cls.lower()}-{mode}{'-sequences' if seq else ''}", lambda major, cls=cls, cfg=cfg, wf=wf, wb=wb, mode=mode: [bidirectional(cls, cfg, wf, wb, mode, major)], x,
                 lambda major, cls=cls, cfg=cfg, wf=wf, wb=wb, mode=mode: bidirectional_expected(cls, cfg, wf, wb, mode, x, major), majors=(2, 3) if mode == "concat" else (3,))
for seq in [False, True]:
    cfg, wf, wb = config("LSTM", 4, return_sequences=seq), weights("LSTM", 3, 4), weights("LSTM", 3, 4)
    both(f"bidirectional-masked{'-sequences' if seq else ''}", lambda major, cfg=cfg, wf=wf, wb=wb: [emb(), bidirectional("LSTM", cfg, wf, wb, "concat", major)], ids,
         lambda major, cfg=cfg, wf=wf, wb=wb: bidirectional_expected("LSTM", cfg, wf, wb, "concat", table[ids], major, ids != 0), dtype="int32")

# Stacked: the usual text classifier.
cfg1, w1f, w1b = config("LSTM", 4, return_sequences=True), weights("LSTM", 3, 4), weights("LSTM", 3, 4)
cfg2b, w2f, w2b = config("LSTM", 2), weights("LSTM", 8, 2), weights("LSTM", 8, 2)
k, b = normal(4, 1), normal(1)
both("text-classifier", lambda major: [emb(), bidirectional("LSTM", cfg1, w1f, w1b, "concat", major), bidirectional("LSTM", cfg2b, w2f, w2b, "concat", major), Layer("Dense", {"units": 1, "activation": "sigmoid", "use_bias": True}, [("kernel", k), ("bias", b)])], ids,
     lambda major: ref.dense(bidirectional_expected("LSTM", cfg2b, w2f, w2b, "concat", bidirectional_expected("LSTM", cfg1, w1f, w1b, "concat", table[ids], major, ids != 0), major, ids != 0), k, b, "sigmoid"), dtype="int32")

# --- RNN over cells --------------------------------------------------------------------------------------------------------------------------------
def cell_json(cls, cfg, name, major):
    keep = {k: v for k, v in cfg.items() if k in ("units", "activation", "recurrent_activation", "use_bias", "reset_after")}
    out = {"class_name": cls + "Cell", "config": {"name": name, "trainable": True, **keep}}
    return {"module": "keras.layers", **out, "registered_name": None} if major >= 3 else out


for cls in GATES:
    cfg, w = config(cls, 4), weights(cls, 3, 4)
    cell_name = {"SimpleRNN": "simple_rnn_cell", "LSTM": "lstm_cell", "GRU": "gru_cell"}[cls]
    both(f"rnn-{cls.lower()}-cell", lambda major, cls=cls, cfg=cfg, w=w, cell_name=cell_name: [Layer("RNN", {"return_sequences": False, "return_state": False, "go_backwards": False, "stateful": False, "cell": cell_json(cls, cfg, cell_name, major)}, [], children={"cell": Layer(cls + "Cell", {}, w, name=cell_name)})], x,
         lambda major, cls=cls, cfg=cfg, w=w: expected(cls, cfg, w, x, major))
ca, wa = config("LSTM", 4, return_sequences=True), weights("LSTM", 3, 4)
cb, wb_ = config("LSTM", 5, return_sequences=True), weights("LSTM", 4, 5)
both("rnn-stacked", lambda major: [Layer("RNN", {"return_sequences": True, "return_state": False, "go_backwards": False, "stateful": False, "cell": {**({"module": "keras.layers", "registered_name": None} if major >= 3 else {}), "class_name": "StackedRNNCells", "config": {"name": "stacked_rnn_cells", "trainable": True, "cells": [cell_json("LSTM", ca, "lstm_cell", major), cell_json("LSTM", cb, "lstm_cell_1", major)]}}}, [], children={"cell": Layer("StackedRNNCells", {}, [], name="stacked_rnn_cells", children={"cells": [Layer("LSTMCell", {}, wa, name="lstm_cell"), Layer("LSTMCell", {}, wb_, name="lstm_cell_1")]})})], x,
     lambda major: expected("LSTM", cb, wb_, expected("LSTM", ca, wa, x, major), major))

# --- TimeDistributed -------------------------------------------------------------------------------------------------------------------------------
def wrap(inner, major):
    out = {"class_name": inner.cls, "config": {"name": inner.name, "trainable": True, **inner.cfg}}
    return {"module": "keras.layers", **out, "registered_name": None} if major >= 3 else out


def distributed(inner, major):
    return Layer("TimeDistributed", {"layer": wrap(inner, major)}, [], children={"layer": inner}, legacy=[(f"time_distributed/{n}", a) for n, a in inner.variables] if not inner.children else None)


k, b = normal(3, 4), normal(4)
dense = lambda: Layer("Dense", {"units": 4, "activation": "relu", "use_bias": True}, [("kernel", k), ("bias", b)], name="dense")
both("time-distributed-dense", lambda major: [distributed(dense(), major)], x, lambda major: ref.dense(x, k, b, "relu"))
both("time-distributed-dense-open", lambda major: [distributed(dense(), major)], x, lambda major: ref.dense(x, k, b, "relu"), shape=(None, 3))
clip = normal(2, 3, 5, 6, 2)
kc, bc = normal(3, 3, 2, 4), normal(4)
conv = lambda: Layer("Conv2D", {"filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "dilation_rate": [1, 1], "use_bias": True, "activation": "relu", "data_format": "channels_last", "groups": 1}, [("kernel", kc), ("bias", bc)], name="conv2d")
frames = np.maximum(ref.conv(clip.reshape(6, 5, 6, 2), kc, bc, (2, 2), "same"), 0)
both("time-distributed-conv", lambda major: [distributed(conv(), major), distributed(Layer("Flatten", {"data_format": "channels_last"}, name="flatten"), major)], clip, lambda major: frames.reshape(2, 3, -1))
cfg, w = config("LSTM", 4), weights("LSTM", 2, 4)
nested = normal(2, 3, 5, 2)
both("time-distributed-lstm", lambda major: [distributed(Layer("LSTM", cfg, [], name="lstm", children={"cell": Layer("LSTMCell", {}, w, name="lstm_cell")}), major)], nested, lambda major: expected("LSTM", cfg, w, nested.reshape(6, 5, 2), major).reshape(2, 3, 4))

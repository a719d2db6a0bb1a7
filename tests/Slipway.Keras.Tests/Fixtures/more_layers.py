"""Recurrent convolutions, wrappers, grouped attention, text, and functions between layers."""
import re

import numpy as np

import reference as ref
from attention_layers import whole
from cases import CASES, add, graph, normal, one
from keras_files import Layer, input_layer, keras_bytes, sequential

f64 = np.float64


def refs(*names):
    return [(n, 0, 0) for n in names]


# --- ConvLSTM: plain loops over the steps, with the reference convolution
def conv_lstm(x, k, r, b, cfg, major):
    rank = k.ndim - 2
    filters = cfg["filters"]
    steps = range(x.shape[1])
    outs, h, c = [], None, None
    inner = cfg["recurrent_activation"]
    for t in reversed(steps) if cfg.get("go_backwards") else steps:
        z = ref.conv(x[:, t], k, b, strides=cfg["strides"], padding=cfg["padding"], dilation=cfg["dilation_rate"])
        if h is None:
            h, c = np.zeros(z.shape[:-1] + (filters,)), np.zeros(z.shape[:-1] + (filters,))
        z = z + ref.conv(h, r, padding="same")
        i, f, g, o = np.split(z, 4, -1)
        c = ref.act(inner, f, major) * c + ref.act(inner, i, major) * ref.act(cfg["activation"], g, major)
        h = ref.act(inner, o, major) * ref.act(cfg["activation"], c, major)
        outs.append(h)
    return np.stack(outs, 1) if cfg["return_sequences"] else h


for rank, size, kernel in [(1, (7,), (3,)), (2, (5, 6), (2, 3)), (3, (3, 4, 3), (2, 2, 3))]:
    x = normal(2, 4, *size, 2)
    for label, options in [("", {}), ("-sequences", {"return_sequences": True, "padding": "same", "recurrent_activation": "hard_sigmoid"}), ("-backwards", {"go_backwards": True, "return_sequences": True, "strides": [2] * rank, "use_bias": False})][:3 if rank == 2 else 1]:
        cfg = {"filters": 3, "kernel_size": list(kernel), "strides": [1] * rank, "padding": "valid", "dilation_rate": [1] * rank, "data_format": "channels_last", "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True,
               "return_sequences": False, "return_state": False, "go_backwards": False, "stateful": False, **options}
        k, r, b = normal(*kernel, 2, 12, scale=0.5), normal(*kernel, 3, 12, scale=0.5), normal(12, scale=0.5)
        variables = [("kernel", k), ("recurrent_kernel", r)] + ([("bias", b)] if cfg["use_bias"] else [])
        b = b if cfg["use_bias"] else None
        layer = lambda cfg=cfg, variables=variables, rank=rank: Layer(f"ConvLSTM{rank}D", cfg, [], name="y", children={"cell": Layer(f"ConvLSTM{rank}DCell", {}, variables, name="cell")})
        for major in (2, 3):
            graph(f"conv-lstm{rank}d{label}", lambda m, layer=layer: [(layer(), [(refs("x"), {})])], {"x": x}, [("y", 0, 0)], {"y": conv_lstm(x, k, r, b, cfg, major)}, majors=(major,))

# --- a wrapper that is done after training
k, b, x = normal(4, 3), normal(3), normal(2, 4)
inner = {"class_name": "Dense", "config": {"name": "dense", "units": 3, "activation": "tanh", "use_bias": True}}
for major in (2, 3):
    graph("spectral-normalization", lambda m: [(Layer("SpectralNormalization", {"power_iterations": 1, "layer": inner}, [("vector_u" if m > 2 else "sn_u", normal(1, 3))], name="y", children={"layer": Layer("Dense", {}, [("kernel", k), ("bias", b)], name="dense")}), [(refs("x"), {})])],
          {"x": x}, [("y", 0, 0)], {"y": ref.dense(x, k, b, "tanh")}, majors=(major,))

# --- several heads of the query share one of the keys
q, v = normal(2, 4, 3), normal(2, 5, 3)
heads, shared, size = 4, 2, 3
w = {n: (normal(3, h, size, scale=0.5), normal(h, size)) for n, h in [("query", heads), ("key", shared), ("value", shared)]}
wo, bo = normal(heads, size, 3, scale=0.5), normal(3)
children = {f"{n}_dense": Layer("EinsumDense", {}, [("kernel", a), ("bias", c)], name=n) for n, (a, c) in w.items()}
children["output_dense"] = Layer("EinsumDense", {}, [("kernel", wo), ("bias", bo)], name="attention_output")
spread = lambda a: np.repeat(a, heads // shared, -2)
expected = ref.multi_head(q, v, v, *w["query"], np.repeat(w["key"][0], 2, 1), spread(w["key"][1]), np.repeat(w["value"][0], 2, 1), spread(w["value"][1]), wo, bo)
graph("grouped-attention", lambda m: [(Layer("GroupedQueryAttention", {"head_dim": size, "num_query_heads": heads, "num_key_value_heads": shared, "dropout": 0.0, "use_bias": True, "flash_attention": None}, [], name="y", children=children), [([("q", 0, 0), ("v", 0, 0)], {"__spread__": True})])],
      {"q": q, "v": v}, [("y", 0, 0)], {"y": expected}, majors=(3,))

# --- hashing: the numbers are those of Keras' documentation
letters = np.array([["A"], ["B"], ["C"], ["D"], ["E"]], dtype=object)
whole("hashing", [Layer("Hashing", {"num_bins": 3, "salt": None, "mask_value": None, "output_mode": "int", "sparse": False})], letters, "string", np.array([[1], [0], [1], [1], [2]]))
whole("hashing-salt", [Layer("Hashing", {"num_bins": 3, "salt": [133, 137], "mask_value": None, "output_mode": "int", "sparse": False})], letters, "string", np.array([[1], [2], [1], [0], [2]]))
whole("hashing-one-salt", [Layer("Hashing", {"num_bins": 3, "salt": [133, 133], "mask_value": None, "output_mode": "int", "sparse": False})], letters, "string", np.array([[0], [0], [2], [1], [0]]))
masked = np.array([["A"], ["B"], [""], ["C"], ["D"]], dtype=object)
whole("hashing-mask", [Layer("Hashing", {"num_bins": 3, "salt": None, "mask_value": "", "output_mode": "int", "sparse": False})], masked, "string", np.array([[1], [1], [0], [2], [2]]))
whole("hashing-one-hot", [Layer("Hashing", {"num_bins": 3, "output_mode": "one_hot"})], letters, "string", np.eye(3)[[1, 0, 1, 1, 2]])

# --- text
texts = np.array([["The cat's  cat, THE dog!"], ["bird"], [""]], dtype=object)
terms = ["the", "cat", "dog"]
strip = lambda t: re.sub(r'[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']', "", t.lower())
tokens = [strip(t).split() for t in texts[:, 0]]
number = lambda w: terms.index(w) + 2 if w in terms else 1
vec = lambda **cfg: [Layer("TextVectorization", {"max_tokens": None, "standardize": "lower_and_strip_punctuation", "split": "whitespace", "ngrams": None, "output_mode": "int", "output_sequence_length": None, "pad_to_max_tokens": False, "sparse": False, "ragged": False, "vocabulary": terms, "idf_weights": None, "encoding": "utf-8", "vocabulary_size": 5, **cfg})]
rect = lambda rows, n: np.array([(r + [0] * n)[:n] for r in rows])
ids = [[number(w) for w in row] for row in tokens]
whole("text-vectorization", vec(), texts, "string", rect(ids, 5))
whole("text-vectorization-length", vec(output_sequence_length=3), texts, "string", rect(ids, 3))
whole("text-vectorization-longer", vec(output_sequence_length=8), texts, "string", rect(ids, 8))
whole("text-vectorization-lower", vec(standardize="lower"), texts, "string", rect([[number(w) for w in t.lower().split()] for t in texts[:, 0]], 5))
whole("text-vectorization-characters", vec(standardize=None, split="character", vocabulary=["b", "i"]), np.array([["bi\u00e9\U0001F642b"], ["i"]], dtype=object), "string", np.array([[2, 3, 1, 1, 2], [3, 0, 0, 0, 0]]))
whole("text-vectorization-asset", vec(vocabulary=None), texts, "string", rect(ids, 5), assets={"assets/layers/text_vectorization/vocabulary.txt": "\n".join(["", "[UNK]"] + terms)})
bags = np.array([[sum(n - 1 == i for n in row) for i in range(4)] for row in ids], float)
whole("text-vectorization-count", vec(output_mode="count"), texts, "string", bags)
whole("text-vectorization-multi-hot", vec(output_mode="multi_hot", max_tokens=6, pad_to_max_tokens=True), texts, "string", np.pad((bags > 0).astype(float), ((0, 0), (0, 2))))
idf = [0.5, 1.5, 0.25]
whole("text-vectorization-tf-idf", vec(output_mode="tf_idf", idf_weights=idf), texts, "string", bags * np.array([np.mean(idf)] + idf))
words = np.array([["cat", "A"], ["B", "C"]], dtype=object)
# A, B and C have the hashes 1, 0 and 1 in three bins, by Keras' documentation.
whole("string-lookup-unknown", [Layer("StringLookup", {"vocabulary": ["dog", "cat"], "num_oov_indices": 3, "mask_token": None, "oov_token": "[UNK]", "invert": False, "output_mode": "int"})], words, "string", np.array([[4, 1], [0, 1]]))
whole("integer-lookup-unknown", [Layer("IntegerLookup", {"vocabulary": [12, 36], "num_oov_indices": 2, "mask_token": 0, "oov_token": -1, "invert": False, "output_mode": "int", "vocabulary_dtype": "int64"})], np.array([[12, 7, 0], [-4, 36, 9]], np.int32), "int32", np.array([[3, 2, 0], [1, 4, 2]]))
whole("string-lookup-tf-idf", [Layer("StringLookup", {"vocabulary": ["dog", "cat"], "idf_weights": [0.5, 2.0], "num_oov_indices": 1, "mask_token": None, "oov_token": "[UNK]", "invert": False, "output_mode": "tf_idf"})], words, "string", np.array([[1.25, 0, 2.0], [2.5, 0, 0]]))

# --- functions between layers
x, y = normal(2, 5, 3), normal(2, 5, 3)
sl = lambda start=None, stop=None, step=None: {"start": start, "stop": stop, "step": step}
new = lambda item: {"class_name": "__slice__", "config": item} if isinstance(item, dict) else item
for label, key, want in [("last", [sl(), -1], x[:, -1]), ("part", [sl(), sl(1, -1), 0], x[:, 1:-1, 0]), ("steps", [sl(), sl(None, None, -2)], x[:, ::-2]), ("axis", [sl(), None, sl(0, 2)], x[:, None, 0:2]),
                         ("dots", [{"class_name": "__ellipsis__", "config": {}}, 1], x[..., 1])]:
    graph(f"slice-{label}", lambda m, key=key: [(Layer("SlicingOpLambda", {"function": "__operators__.getitem"}, name="y") if m < 3 else Layer("GetItem", {}, name="y", module="keras.src.ops.numpy"),
                                                [(refs("x"), {"slice_spec": key} if m < 3 else {"key": [new(i) if not (isinstance(i, dict) and "class_name" in i) else i for i in key]})])], {"x": x}, [("y", 0, 0)], {"y": want})


def function(name, keras, tensorflow, want, cfg=None, kwargs=None, inputs=("x",), majors=(2, 3), feed=None):
    feed = feed or {"x": x, "z": y}
    feed = {n: feed[n] for n in inputs}
    for m in majors:
        layer = Layer("TFOpLambda", {"function": tensorflow}, name="y") if m < 3 else Layer(keras, cfg or {}, name="y", module="keras.src.ops.numpy")
        call = ([(n, 0, 0) for n in inputs], {} if m > 2 else dict(kwargs or {})) if len(inputs) == 1 or m > 2 else ([(inputs[0], 0, 0)], {"y": (inputs[1], 0, 0), **(kwargs or {})})
        if m > 2 and len(inputs) > 1:
            call[1]["__spread__"] = True
        graph(f"function-{name}", lambda _: [(layer, [call])], feed, [("y", 0, 0)], {"y": want}, majors=(m,))


pos = np.abs(x) + np.float32(0.1)
for name, keras, tensorflow, f in [("rsqrt", "Rsqrt", "math.rsqrt", lambda v: 1 / np.sqrt(v)), ("sin", "Sin", "math.sin", np.sin), ("floor", "Floor", "math.floor", np.floor), ("reciprocal", "Reciprocal", "math.reciprocal", lambda v: 1 / v), ("softplus", "Softplus", "math.softplus", lambda v: np.log1p(np.exp(v)))]:
    function(name, keras, tensorflow, f(pos.astype(f64)), feed={"x": pos})
function("mod", "Mod", "math.floormod", np.mod(x.astype(f64), y), inputs=("x", "z"))
function("clip", "Clip", "clip_by_value", np.clip(x, -0.5, 0.75), {"x_min": -0.5, "x_max": 0.75}, {"clip_value_min": -0.5, "clip_value_max": 0.75})
function("softmax", "Softmax", "nn.softmax", ref.act("softmax", x.astype(f64).transpose(0, 2, 1)).transpose(0, 2, 1), {"axis": 1}, {"axis": 1})
function("std", "Std", "math.reduce_std", x.astype(f64).std((1, 2)), {"axis": [1, 2], "keepdims": False}, {"axis": [1, 2]})
function("logsumexp", "Logsumexp", "math.reduce_logsumexp", np.log(np.exp(x.astype(f64)).sum(-1, keepdims=True)), {"axis": -1, "keepdims": True}, {"axis": -1, "keepdims": True})
function("normalize", "Normalize", "math.l2_normalize", x / np.sqrt((x.astype(f64) ** 2).sum(-1, keepdims=True)), {"axis": -1, "order": 2}, {"axis": -1})
function("transpose", "Transpose", "transpose", x.transpose(0, 2, 1), {"axes": [0, 2, 1]}, {"perm": [0, 2, 1]})
function("tile", "Tile", "tile", np.tile(x, (1, 2, 1)), {"repeats": [1, 2, 1]}, {"multiples": [1, 2, 1]})
function("repeat", "Repeat", "repeat", np.repeat(x, 2, 2), {"repeats": 2, "axis": 2}, {"repeats": 2, "axis": 2})
function("pad", "Pad", "pad", np.pad(x, ((0, 0), (1, 2), (0, 0))), {"pad_width": [[0, 0], [1, 2], [0, 0]], "mode": "constant"}, {"paddings": [[0, 0], [1, 2], [0, 0]]})
function("flip", "Flip", "reverse", x[:, ::-1], {"axis": 1}, {"axis": [1]})
function("cumsum", "Cumsum", "math.cumsum", np.cumsum(x.astype(f64), 1), {"axis": 1}, {"axis": 1})
function("gelu", "Gelu", "nn.gelu", ref.act("gelu", x.astype(f64)), {"approximate": False}, {"approximate": False})
graph("function-stack", lambda m: [(Layer("TFOpLambda", {"function": "stack"}, name="y") if m < 3 else Layer("Stack", {"axis": 1}, name="y", module="keras.src.ops.numpy"), [([("x", 0, 0), ("z", 0, 0)], {"axis": 1} if m < 3 else {})])], {"x": x, "z": y}, [("y", 0, 0)], {"y": np.stack([x, y], 1)})
graph("function-matmul-turned", lambda m: [(Layer("TFOpLambda", {"function": "linalg.matmul"}, name="y"), [([("x", 0, 0)], {"b": ("z", 0, 0), "transpose_b": True})])], {"x": x, "z": y}, [("y", 0, 0)], {"y": x.astype(f64) @ y.transpose(0, 2, 1)}, majors=(2,))
graph("function-einsum", lambda m: [(Layer("Einsum", {"subscripts": "btf,bsf->bts"}, name="y", module="keras.src.ops.numpy"), [([("x", 0, 0), ("z", 0, 0)], {"__spread__": True})])], {"x": x, "z": y}, [("y", 0, 0)], {"y": np.einsum("btf,bsf->bts", x.astype(f64), y)}, majors=(3,))
compare = lambda m: Layer("TFOpLambda", {"function": "math.greater"}, name="positive") if m < 3 else Layer("Greater", {}, name="positive", module="keras.src.ops.numpy")
choose = lambda m: Layer("TFOpLambda", {"function": "where"}, name="y") if m < 3 else Layer("Where", {}, name="y", module="keras.src.ops.numpy")
graph("function-where", lambda m: [(compare(m), [(refs("x"), {"y": 0.0} if m < 3 else {"x2": 0.0})]), (choose(m), [(refs("positive"), {"x": ("x", 0, 0), "y": ("z", 0, 0)} if m < 3 else {"x1": ("x", 0, 0), "x2": ("z", 0, 0)})])], {"x": x, "z": y}, [("y", 0, 0)], {"y": np.where(x > 0, x, y)})
halves = lambda m: (Layer("TFOpLambda", {"function": "split"}, name="parts"), {"num_or_size_splits": [2, 3], "axis": 1}) if m < 3 else (Layer("Split", {"indices_or_sections": [2], "axis": 1}, name="parts", module="keras.src.ops.numpy"), {})
graph("function-split", lambda m: [(halves(m)[0], [(refs("x"), halves(m)[1])])], {"x": x}, [("parts", 0, 1), ("parts", 0, 0)], {"parts": x[:, 2:], "parts_1": x[:, :2]})

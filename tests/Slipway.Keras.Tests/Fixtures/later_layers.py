"""Quantised weights, crossed features, runs of words, images that keep their ratio, and further functions."""
import numpy as np

import reference as ref
from attention_layers import whole
from cases import CASES, graph, normal, one, rng
from keras_files import Layer
from more_layers import function, rect, terms, texts, tokens, vec

f32, f64 = np.float32, np.float64
refs = lambda *names: [(n, 0, 0) for n in names]

# --- weights of 8 bits: inputs are scaled by their largest value and rounded, products are sums of integers
policy = {"module": "keras", "class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}, "registered_name": None}
weight_only = {"module": "keras.quantizers", "class_name": "Int8QuantizationConfig", "config": {"weight_quantizer": None, "activation_quantizer": None}, "registered_name": None}


def rounded(x, axes):
    scale = (f32(127) / (np.abs(x).max(axes, keepdims=True) + f32(1e-7))).astype(f32)
    return np.clip(np.round(x * scale), -127, 127).astype(np.int64), scale


def quantized(k, axes):
    scale = (f32(127) / (np.abs(k).max(axes, keepdims=True) + f32(1e-7))).astype(f32)
    return np.clip(np.round(k * scale), -127, 127).astype(np.int8), scale


def dense_int8(x, k, scale, b):
    q, s = rounded(x, (-1,))
    return (q @ k.astype(np.int64)).astype(f32) / (s * scale) + b


for label, shape, units in [("", (3, 5), 4), ("sequence", (2, 6, 5), 4), ("wide", (2, 1500), 3)]:
    x, b = normal(*shape), normal(units)
    k, s = quantized(normal(shape[-1], units), (0,))
    s = s[0]
    name = f"dense-int8{'-' if label else ''}{label}"
    one(name, "Dense", {"units": units, "use_bias": True, "activation": "relu", "dtype": policy}, [("kernel", k), ("bias", b), ("kernel_scale", s)], x, np.maximum(dense_int8(x, k, s, b), 0), majors=(3,), tolerance=1e-6)
x = normal(3, 5)
k, s = quantized(normal(5, 4), (0,))
one("dense-int8-weights-only", "Dense", {"units": 4, "use_bias": False, "activation": "linear", "dtype": policy, "quantization_config": weight_only}, [("kernel", k), ("kernel_scale", s[0])], x, x.astype(f64) @ k / s[0], majors=(3,))
x = normal(2, 6, 5)
k, s = quantized(normal(5, 3, 2), (0,))
q, own = rounded(x, (2,))
one("einsum-dense-int8", "EinsumDense", {"equation": "abc,cde->abde", "output_shape": [None, 3, 2], "bias_axes": None, "activation": "linear", "dtype": policy}, [("kernel", k), ("kernel_scale", s.reshape(1, 1, 3, 2))], x,
    np.einsum("abc,cde->abde", q, k.astype(np.int64)).astype(f32) / (own[..., None] * s.reshape(1, 1, 3, 2)), majors=(3,), tolerance=1e-6)
x = normal(2, 6, 3, 2)
k, s = quantized(normal(3, 2, 4), (0, 1))
q, own = rounded(x, (2, 3))
b = normal(4)
one("einsum-dense-int8-two-axes", "EinsumDense", {"equation": "abcd,cde->abe", "output_shape": [None, 4], "bias_axes": "e", "activation": "linear", "dtype": policy}, [("kernel", k), ("bias", b), ("kernel_scale", s.reshape(1, 1, 4))], x,
    np.einsum("abcd,cde->abe", q, k.astype(np.int64)).astype(f32) / (own[..., 0] * s.reshape(1, 1, 4)) + b, majors=(3,), tolerance=1e-6)
table, s = quantized(normal(9, 3), (1,))
ids = np.array([[3, 4, 0], [8, 0, 1]], np.int32)
one("embedding-int8", "Embedding", {"input_dim": 9, "output_dim": 3, "mask_zero": False, "dtype": policy}, [("embeddings", table), ("embeddings_scale", s[:, 0])], ids, (table.astype(f32) / s)[ids], majors=(3,), dtype="int32", tolerance=1e-7)

# --- crossed features: the bins that Keras' own documentation and tests give
left, right = np.array([["A"], ["B"], ["A"], ["B"], ["A"]], dtype=object), np.array([[101], [101], [101], [102], [102]], np.int32)
bins = np.array([1, 4, 1, 1, 3])
for major in (2, 3):
    for mode, want in [("int", bins[:, None]), ("one_hot", np.eye(5)[bins])]:
        graph(f"hashed-crossing-{mode}", lambda m, mode=mode: [(Layer("HashedCrossing", {"num_bins": 5, "output_mode": mode, "sparse": False}, name="y"), [(refs("a", "b"), {})])], {"a": left, "b": right}, [("y", 0, 0)], {"y": want}, majors=(major,))
        if mode == "int":
            CASES[f"hashed-crossing-int.{major}"][2]["outputs"]["y"]["type"] = "int64"

# --- runs of words
runs = ["the cats", "cat", "cats cat"]
number = lambda w: runs.index(w) + 2 if w in runs else 1
grams = lambda row, widths: [" ".join(row[i:i + n]) for n in widths for i in range(len(row) - n + 1)]
for label, given, widths in [("", 2, [1, 2]), ("-pairs", [2], [2]), ("-three", [3, 1], [3, 1])]:
    found = [[number(w) for w in grams(row, widths)] for row in tokens]
    whole(f"text-vectorization-ngrams{label}", vec(vocabulary=runs, ngrams=given), texts, "string", rect(found, max(map(len, found))))
    counts = np.array([[sum(n - 1 == i for n in row) for i in range(4)] for row in found], float)
    whole(f"text-vectorization-ngrams{label}-count", vec(vocabulary=runs, ngrams=given, output_mode="count"), texts, "string", counts)

# --- terms that must be known
words = np.array([["cat", "dog"], ["dog", "cat"]], dtype=object)
whole("string-lookup-all-known", [Layer("StringLookup", {"vocabulary": ["dog", "cat"], "num_oov_indices": 0, "mask_token": None, "oov_token": "[UNK]", "invert": False, "output_mode": "int"})], words, "string", np.array([[1, 0], [0, 1]]))
whole("integer-lookup-all-known", [Layer("IntegerLookup", {"vocabulary": [12, 36], "num_oov_indices": 0, "mask_token": 0, "oov_token": -1, "invert": False, "output_mode": "multi_hot", "vocabulary_dtype": "int64"})], np.array([[12, 0], [36, 12]], np.int32), "int32", np.array([[1.0, 0], [1, 1]]))

# --- normalisation, categories, buckets
x, g = normal(3, 4, 5), normal(5)
one("layer-norm-rms", "LayerNormalization", {"axis": -1, "epsilon": 0.001, "center": True, "scale": True, "rms_scaling": True}, [("gamma", g)], x, x.astype(f64) / np.sqrt(x.astype(f64).var(-1, keepdims=True) + 1e-3) * g, majors=(3,))
g, b = normal(5, 4), normal(5, 4)
one("layer-norm-axes-turned", "LayerNormalization", {"axis": [2, 1], "epsilon": 0.001, "center": True, "scale": True}, [("gamma", g), ("beta", b)], x, ref.layer_norm(x, g.reshape(4, 5), b.reshape(4, 5), axes=(1, 2)), majors=(3,))
ids, share = np.array([[0, 2, 2], [4, 1, 9]], np.int32), np.array([[0.5, 1, 2], [3, -1, 7]], f32)
counted = np.zeros((2, 5))
for n in range(2):
    for i in range(3):
        if ids[n, i] < 5:
            counted[n, ids[n, i]] += share[n, i]
graph("category-weights", lambda m: [(Layer("CategoryEncoding", {"num_tokens": 5, "output_mode": "count", "sparse": False}, name="y"), [(refs("x"), {"count_weights": ("w", 0, 0)})])], {"x": ids, "w": share}, [("y", 0, 0)], {"y": counted})

# --- images that keep their ratio, and pooling to a size
img = normal(2, 6, 9, 2)
one("resizing-crop", "Resizing", {"height": 4, "width": 4, "interpolation": "bilinear", "crop_to_aspect_ratio": True}, [], img, ref.resize(img[:, :, 1:7], (4, 4), "bilinear"))
one("resizing-pad", "Resizing", {"height": 6, "width": 6, "interpolation": "nearest", "pad_to_aspect_ratio": True, "fill_value": 0.5}, [], img, ref.resize(np.pad(img, ((0, 0), (1, 2), (0, 0), (0, 0)), constant_values=0.5), (6, 6), "nearest"), majors=(3,))


def adaptive(x, sizes, fn):
    for axis, m in enumerate(sizes, 1):
        n = x.shape[axis]
        x = np.stack([fn(np.take(x, range(i * n // m, -(-(i + 1) * n // m)), axis), axis) for i in range(m)], axis)
    return x


for kind, fn in [("Average", np.mean), ("Max", np.max)]:
    one(f"adaptive-{kind.lower()}-2d", f"Adaptive{kind}Pooling2D", {"output_size": [4, 5], "data_format": "channels_last"}, [], img, adaptive(img.astype(f64), (4, 5), fn), majors=(3,))
    one(f"adaptive-{kind.lower()}-1d", f"Adaptive{kind}Pooling1D", {"output_size": [3], "data_format": "channels_first"}, [], img[:, :, :, 0], adaptive(img[:, :, :, 0].astype(f64).transpose(0, 2, 1), (3,), fn).transpose(0, 2, 1), majors=(3,))

# --- further functions
x, y = normal(2, 5, 3), normal(2, 5, 3)
feed = {"x": x, "z": y}
small = (x * f32(1e-4)).astype(f32)
function("log1p", "Log1p", "math.log1p", np.log1p(small.astype(f64)), feed={"x": small})
function("expm1", "Expm1", "math.expm1", np.expm1(small.astype(f64)), feed={"x": small})
function("arctan2", "Arctan2", "math.atan2", np.arctan2(x.astype(f64), y), inputs=("x", "z"), feed=feed)
function("logaddexp", "Logaddexp", "", np.logaddexp(x.astype(f64), y), inputs=("x", "z"), feed=feed, majors=(3,))
function("sort", "Sort", "sort", np.sort(x, -1), {"axis": -1}, {"axis": -1, "direction": "ASCENDING"}, feed=feed)
function("sort-down", "", "sort", -np.sort(-x, 1), None, {"axis": 1, "direction": "DESCENDING"}, feed=feed, majors=(2,))
function("trunc", "Trunc", "", np.trunc(x * 3), feed={"x": x * 3}, majors=(3,))
function("tril", "Tril", "", np.tril(x), {"k": 0}, feed=feed, majors=(3,))
function("triu", "Triu", "", np.triu(x, 1), {"k": 1}, feed=feed, majors=(3,))
function("roll", "Roll", "roll", np.roll(x, -2, 1), {"shift": -2, "axis": 1}, {"shift": -2, "axis": 1}, feed=feed)
function("diff", "Diff", "", np.diff(x, axis=1), {"n": 1, "axis": 1}, feed=feed, majors=(3,))
function("average", "Average", "", x.astype(f64).mean(1), {"axis": 1}, feed=feed, majors=(3,))
function("threshold", "Threshold", "", np.where(x > 0.25, x, -1), {"threshold": 0.25, "default_value": -1.0}, feed=feed, majors=(3,))
function("ravel", "Ravel", "", x.ravel(), feed=feed, majors=(3,))
graph("function-top-k", lambda m: [(Layer("TFOpLambda", {"function": "math.top_k"}, name="y") if m < 3 else Layer("TopK", {"k": 2, "sorted": True}, name="y", module="keras.src.ops.math"), [(refs("x"), {"k": 2, "sorted": True} if m < 3 else {})])], {"x": x}, [("y", 0, 0), ("y", 0, 1)],
      {"y": -np.sort(-x, -1)[..., :2], "y_1": np.argsort(-x, -1)[..., :2].astype(np.int32)})
img = normal(2, 4, 6, 3)
graph("function-resize", lambda m: [(Layer("TFOpLambda", {"function": "image.resize"}, name="y") if m < 3 else Layer("Resize", {"size": [7, 3], "interpolation": "bilinear", "antialias": False, "data_format": "channels_last"}, name="y", module="keras.src.ops.image"), [(refs("x"), {"size": [7, 3], "method": "bilinear"} if m < 3 else {})])], {"x": img}, [("y", 0, 0)],
      {"y": ref.resize(img, (7, 3), "bilinear")})
whole_numbers = rng.integers(-9, 9, (2, 5)).astype(np.int32) + np.int32(1 << 25)
graph("function-sum-of-integers", lambda m: [(Layer("TFOpLambda", {"function": "math.reduce_sum"}, name="y") if m < 3 else Layer("Sum", {"axis": 1, "keepdims": False}, name="y", module="keras.src.ops.numpy"), [(refs("x"), {"axis": 1} if m < 3 else {})])], {"x": whole_numbers}, [("y", 0, 0)], {"y": whole_numbers.sum(1).astype(np.int32)})

means = [0.5, -1.25, 2.0]
graph("function-minus-array", lambda m: [(Layer("TFOpLambda", {"function": "math.subtract"}, name="y") if m < 3 else Layer("Subtract", {}, name="y", module="keras.src.ops.numpy"), [(refs("x"), {"y": means} if m < 3 else {"x2": means})])], {"x": x}, [("y", 0, 0)], {"y": x - np.array(means, f32)})
wrapped = {"module": "numpy", "class_name": "__numpy__", "config": {"value": [[0.5], [2.0], [-1.0], [4.0], [8.0]], "dtype": "float32"}, "registered_name": "ndarray"}
graph("function-times-array", lambda m: [(Layer("Multiply", {}, name="y", module="keras.src.ops.numpy"), [(refs("x"), {"x2": wrapped})])], {"x": x}, [("y", 0, 0)], {"y": x * np.array(wrapped["config"]["value"], f32)}, majors=(3,))

"""Layers without memory."""
import numpy as np

import reference as ref
from cases import both, graph, normal, one, rng
from keras_files import Layer

# --- dense and activations -------------------------------------------------------------------------------------------------------------------------
x, k, b = normal(3, 5), normal(5, 4), normal(4)
one("dense", "Dense", {"units": 4, "activation": "relu", "use_bias": True}, [("kernel", k), ("bias", b)], x, ref.dense(x, k, b, "relu"))
one("dense-no-bias", "Dense", {"units": 4, "activation": "linear", "use_bias": False}, [("kernel", k)], x, ref.dense(x, k))
x3 = normal(2, 3, 5)
one("dense-3d", "Dense", {"units": 4, "activation": "softmax", "use_bias": True}, [("kernel", k), ("bias", b)], x3, ref.dense(x3, k, b, "softmax"))
ke, be = normal(5, 2, 3), normal(2, 3)
one("einsum-dense", "EinsumDense", {"equation": "abc,cde->abde", "output_shape": [None, 2, 3], "activation": "tanh", "bias_axes": "de"}, [("kernel", ke), ("bias", be)], x3, np.tanh(np.einsum("abc,cde->abde", x3.astype(float), ke) + be))
ke2 = normal(5, 4)
one("einsum-dense-ellipsis", "EinsumDense", {"equation": "...x,xy->...y", "output_shape": [4], "activation": "linear", "bias_axes": None}, [("kernel", ke2)], x3, x3.astype(float) @ ke2)

xa = np.linspace(-4, 4, 24, dtype=np.float32).reshape(2, 12) + 0.013
for a in ["linear", "relu", "sigmoid", "tanh", "softplus", "softsign", "elu", "selu", "exponential", "gelu", "swish", "hard_sigmoid", "softmax", "mish"]:
    one(f"activation-{a}", "Activation", {"activation": a}, [], xa, lambda major, a=a: ref.act(a, xa, major))
for a in ["relu6", "silu", "leaky_relu", "log_softmax", "hard_silu", "celu", "log_sigmoid", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "squareplus", "sparse_plus", "sparse_sigmoid", "glu"]:
    one(f"activation-{a}", "Activation", {"activation": a}, [], xa, ref.act(a, xa, 3), majors=(3,))
one("leaky-relu", "LeakyReLU", {"alpha": 0.1}, [], xa, np.where(xa > 0, xa, 0.1 * xa.astype(float)), majors=(2,))
one("leaky-relu-default", "LeakyReLU", {}, [], xa, np.where(xa > 0, xa, 0.3 * xa.astype(float)))
one("leaky-relu-slope", "LeakyReLU", {"negative_slope": 0.2}, [], xa, np.where(xa > 0, xa, 0.2 * xa.astype(float)), majors=(3,))
one("elu-layer", "ELU", {"alpha": 0.7}, [], xa, np.where(xa > 0, xa, 0.7 * np.expm1(np.minimum(xa, 0).astype(float))))
one("thresholded-relu", "ThresholdedReLU", {"theta": 0.8}, [], xa, np.where(xa > 0.8, xa, 0), majors=(2,))
one("relu-layer", "ReLU", {"max_value": 3.0, "negative_slope": 0.1, "threshold": 0.5}, [], xa, np.minimum(np.where(xa >= 0.5, xa, 0.1 * (xa.astype(float) - 0.5)), 3))
one("relu-layer-plain", "ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, [], xa, np.maximum(xa, 0))
al = normal(12)
one("prelu", "PReLU", {"shared_axes": None}, [("alpha", al)], xa, np.where(xa > 0, xa, al * xa.astype(float)))
xi = normal(2, 4, 5, 3)
al2 = normal(1, 1, 3)
one("prelu-shared", "PReLU", {"shared_axes": [1, 2]}, [("alpha", al2)], xi, np.where(xi > 0, xi, al2 * xi.astype(float)))
one("softmax-layer", "Softmax", {"axis": 1}, [], x3, np.swapaxes(ref.act("softmax", np.swapaxes(x3, 1, 2)), 1, 2))

# --- shapes ----------------------------------------------------------------------------------------------------------------------------------------
one("flatten", "Flatten", {"data_format": "channels_last"}, [], xi, xi.reshape(2, -1))
one("flatten-channels-first", "Flatten", {"data_format": "channels_first"}, [], xi, xi.transpose(0, 2, 3, 1).reshape(2, -1))
one("reshape", "Reshape", {"target_shape": [6, -1]}, [], xi, xi.reshape(2, 6, -1))
one("reshape-open", "Reshape", {"target_shape": [-1, 6]}, [], xi, xi.reshape(2, -1, 6), shape=(None, 5, 3))
one("permute", "Permute", {"dims": [3, 1, 2]}, [], xi, xi.transpose(0, 3, 1, 2))
one("repeat-vector", "RepeatVector", {"n": 3}, [], x, np.repeat(x[:, None], 3, 1))
xc, xv = normal(2, 7, 3), normal(1, 4, 5, 6, 2)
one("cropping1d", "Cropping1D", {"cropping": [1, 2]}, [], xc, xc[:, 1:-2])
one("cropping2d", "Cropping2D", {"cropping": [[1, 0], [1, 2]], "data_format": "channels_last"}, [], xi, xi[:, 1:, 1:-2])
one("cropping3d", "Cropping3D", {"cropping": [[1, 1], [0, 2], [2, 0]], "data_format": "channels_last"}, [], xv, xv[:, 1:-1, :-2, 2:])
one("padding1d", "ZeroPadding1D", {"padding": [1, 2]}, [], xc, np.pad(xc, [(0, 0), (1, 2), (0, 0)]))
one("padding2d", "ZeroPadding2D", {"padding": [[1, 2], [0, 3]], "data_format": "channels_last"}, [], xi, np.pad(xi, [(0, 0), (1, 2), (0, 3), (0, 0)]))
one("padding2d-first", "ZeroPadding2D", {"padding": [[1, 2], [0, 3]], "data_format": "channels_first"}, [], xi, np.pad(xi, [(0, 0), (0, 0), (1, 2), (0, 3)]))
one("padding3d", "ZeroPadding3D", {"padding": [[1, 1], [0, 2], [2, 0]], "data_format": "channels_last"}, [], xv, np.pad(xv, [(0, 0), (1, 1), (0, 2), (2, 0), (0, 0)]))
one("upsampling1d", "UpSampling1D", {"size": 3}, [], xc, np.repeat(xc, 3, 1))
one("upsampling2d", "UpSampling2D", {"size": [2, 3], "data_format": "channels_last", "interpolation": "nearest"}, [], xi, xi.repeat(2, 1).repeat(3, 2))
one("upsampling2d-bilinear", "UpSampling2D", {"size": [2, 3], "data_format": "channels_last", "interpolation": "bilinear"}, [], xi, ref.resize(xi, (8, 15), "bilinear"))
one("upsampling2d-bicubic", "UpSampling2D", {"size": [2, 2], "data_format": "channels_last", "interpolation": "bicubic"}, [], xi, ref.resize(xi, (8, 10), "bicubic"))
one("upsampling3d", "UpSampling3D", {"size": [2, 1, 2], "data_format": "channels_last"}, [], xv, xv.repeat(2, 1).repeat(2, 3))
for kind in ["nearest", "bilinear", "bicubic"]:
    one(f"resizing-{kind}", "Resizing", {"height": 7, "width": 3, "interpolation": kind, "crop_to_aspect_ratio": False}, [], xi, ref.resize(xi, (7, 3), kind))

# --- convolutions ----------------------------------------------------------------------------------------------------------------------------------
def conv_cfg(k, strides, padding, dilation, **more):
    return {"filters": k.shape[-1], "kernel_size": list(k.shape[:-2]), "strides": list(strides), "padding": padding, "dilation_rate": list(dilation), "use_bias": True, "activation": "linear", "data_format": "channels_last", "groups": 1, **more}

s1 = normal(2, 9, 3)
for padding, stride, dil in [("valid", 1, 1), ("same", 1, 1), ("same", 2, 1), ("causal", 1, 2), ("causal", 2, 1), ("same", 1, 3), ("valid", 3, 1)]:
    kk, bb = normal(4, 3, 5), normal(5)
    one(f"conv1d-{padding}-{stride}-{dil}", "Conv1D", conv_cfg(kk, (stride,), padding, (dil,), activation="relu"), [("kernel", kk), ("bias", bb)], s1, np.maximum(ref.conv(s1, kk, bb, (stride,), padding, (dil,)), 0))
i2 = normal(2, 7, 6, 4)
for padding, stride, dil, groups in [("valid", (1, 1), (1, 1), 1), ("same", (2, 2), (1, 1), 1), ("same", (2, 3), (1, 1), 1), ("same", (1, 1), (2, 2), 1), ("valid", (1, 1), (1, 1), 2)]:
    kk, bb = normal(3, 2, 4 // groups, 6), normal(6)
    name = f"conv2d-{padding}-{stride[0]}{stride[1]}-{dil[0]}-{groups}"
    y = ref.conv(i2, kk, bb, stride, padding, dil, groups)
    one(name, "Conv2D", conv_cfg(kk, stride, padding, dil, groups=groups), [("kernel", kk), ("bias", bb)], i2, y)
    one(name + "-open", "Conv2D", conv_cfg(kk, stride, padding, dil, groups=groups), [("kernel", kk), ("bias", bb)], i2, y, shape=(None, None, 4), majors=(3,))
    one(name + "-first", "Conv2D", conv_cfg(kk, stride, padding, dil, groups=groups, data_format="channels_first"), [("kernel", kk), ("bias", bb)], i2.transpose(0, 3, 1, 2), y.transpose(0, 3, 1, 2), majors=(2,))
i3 = normal(1, 5, 4, 6, 2)
kk, bb = normal(3, 2, 3, 2, 3), normal(3)
one("conv3d", "Conv3D", conv_cfg(kk, (2, 1, 2), "same", (1, 1, 1)), [("kernel", kk), ("bias", bb)], i3, ref.conv(i3, kk, bb, (2, 1, 2), "same"))
for padding, stride, op in [("valid", 2, None), ("same", 2, None), ("same", 3, None), ("valid", 1, None), ("same", 2, 1), ("valid", 3, 1)]:
    kk, bb = normal(4, 3, 5, 4), normal(5)
    op2 = None if op is None else [op, op]
    y = ref.conv_transpose(i2, kk, bb, (stride, stride), padding, op2)
    cfg = {"filters": 5, "kernel_size": [4, 3], "strides": [stride, stride], "padding": padding, "dilation_rate": [1, 1], "use_bias": True, "activation": "linear", "data_format": "channels_last", "output_padding": op2}
    one(f"conv2d-transpose-{padding}-{stride}-{op}", "Conv2DTranspose", cfg, [("kernel", kk), ("bias", bb)], i2, y)
kk, bb = normal(2, 5, 3), normal(5)
one("conv1d-transpose", "Conv1DTranspose", {"filters": 5, "kernel_size": [2], "strides": [3], "padding": "same", "dilation_rate": [1], "use_bias": True, "activation": "tanh", "data_format": "channels_last", "output_padding": None}, [("kernel", kk), ("bias", bb)], s1, np.tanh(ref.conv_transpose(s1, kk, bb, (3,), "same")))
kk, bb = normal(2, 3, 2, 3, 2), normal(3)
one("conv3d-transpose", "Conv3DTranspose", {"filters": 3, "kernel_size": [2, 3, 2], "strides": [2, 2, 1], "padding": "valid", "dilation_rate": [1, 1, 1], "use_bias": True, "activation": "linear", "data_format": "channels_last", "output_padding": None}, [("kernel", kk), ("bias", bb)], i3, ref.conv_transpose(i3, kk, bb, (2, 2, 1), "valid"))
for padding, stride in [("same", (1, 1)), ("valid", (2, 2)), ("same", (2, 2))]:
    kk, bb = normal(3, 3, 4, 2), normal(8)
    cfg = {"kernel_size": [3, 3], "strides": list(stride), "padding": padding, "depth_multiplier": 2, "dilation_rate": [1, 1], "use_bias": True, "activation": "linear", "data_format": "channels_last"}
    both(f"depthwise2d-{padding}-{stride[0]}", lambda major, kk=kk, bb=bb, cfg=cfg: [Layer("DepthwiseConv2D", cfg, [("depthwise_kernel" if major < 3 else "kernel", kk), ("bias", bb)])], i2, lambda major, kk=kk, bb=bb, padding=padding, stride=stride: ref.depthwise(i2, kk, bb, stride, padding))
kk, bb = normal(3, 3, 2), normal(6)
both("depthwise1d", lambda major: [Layer("DepthwiseConv1D", {"kernel_size": [3], "strides": [1], "padding": "same", "depth_multiplier": 2, "dilation_rate": [1], "use_bias": True, "activation": "linear", "data_format": "channels_last"}, [("depthwise_kernel" if major < 3 else "kernel", kk), ("bias", bb)])], s1, lambda major: ref.depthwise(s1, kk, bb, (1,), "same"))
dk, pk, bb = normal(3, 3, 4, 2), normal(1, 1, 8, 5), normal(5)
one("separable2d", "SeparableConv2D", {"filters": 5, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "depth_multiplier": 2, "dilation_rate": [1, 1], "use_bias": True, "activation": "relu", "data_format": "channels_last"}, [("depthwise_kernel", dk), ("pointwise_kernel", pk), ("bias", bb)], i2, np.maximum(ref.conv(ref.depthwise(i2, dk, None, (2, 2), "same"), pk, bb), 0))
dk, pk, bb = normal(3, 3, 1), normal(1, 3, 5), normal(5)
for padding in ["valid", "causal"]:
    one(f"separable1d-{padding}", "SeparableConv1D", {"filters": 5, "kernel_size": [3], "strides": [1], "padding": padding, "depth_multiplier": 1, "dilation_rate": [1], "use_bias": True, "activation": "linear", "data_format": "channels_last"}, [("depthwise_kernel", dk), ("pointwise_kernel", pk), ("bias", bb)], s1, ref.conv(ref.depthwise(s1, dk, None, (1,), padding), pk, bb))

# --- pooling ---------------------------------------------------------------------------------------------------------------------------------------
for cls, kind in [("MaxPooling", "max"), ("AveragePooling", "mean")]:
    for padding, size, stride in [("valid", 2, None), ("same", 3, 2), ("same", 2, 1)]:
        st = stride or size
        one(f"{kind}-pool1d-{padding}-{size}-{stride}", cls + "1D", {"pool_size": [size], "strides": [st], "padding": padding, "data_format": "channels_last"}, [], s1, ref.pool(s1, (size,), (st,), padding, kind))
        one(f"{kind}-pool2d-{padding}-{size}-{stride}", cls + "2D", {"pool_size": [size, size], "strides": [st, st], "padding": padding, "data_format": "channels_last"}, [], i2, ref.pool(i2, (size, size), (st, st), padding, kind))
    one(f"{kind}-pool2d-open", cls + "2D", {"pool_size": [3, 3], "strides": [2, 2], "padding": "same", "data_format": "channels_last"}, [], i2, ref.pool(i2, (3, 3), (2, 2), "same", kind), shape=(None, None, 4))
    one(f"{kind}-pool3d", cls + "3D", {"pool_size": [2, 2, 3], "strides": [2, 2, 3], "padding": "same", "data_format": "channels_last"}, [], i3, ref.pool(i3, (2, 2, 3), (2, 2, 3), "same", kind))
for cls, f in [("GlobalMaxPooling", np.max), ("GlobalAveragePooling", np.mean)]:
    for rank, xx in [(1, s1), (2, i2), (3, i3)]:
        axes = tuple(range(1, rank + 1))
        one(f"{cls.lower()}-{rank}d", f"{cls}{rank}D", {"data_format": "channels_last", "keepdims": False}, [], xx, f(xx.astype(float), axes))
    one(f"{cls.lower()}-keep", f"{cls}2D", {"data_format": "channels_last", "keepdims": True}, [], i2, f(i2.astype(float), (1, 2), keepdims=True))
    one(f"{cls.lower()}-first", f"{cls}2D", {"data_format": "channels_first", "keepdims": False}, [], i2, f(i2.astype(float), (2, 3)))

# --- normalisation ---------------------------------------------------------------------------------------------------------------------------------
def bn(c):
    return [("gamma", normal(c)), ("beta", normal(c)), ("moving_mean", normal(c)), ("moving_variance", np.abs(normal(c)) + 0.1)]

w = bn(4)
one("batch-norm", "BatchNormalization", {"axis": [3], "momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}, w, i2, ref.batch_norm(i2, *[v for _, v in w]), majors=(2,))
one("batch-norm-3", "BatchNormalization", {"axis": -1, "momentum": 0.99, "epsilon": 0.002, "center": True, "scale": True}, w, i2, ref.batch_norm(i2, *[v for _, v in w], eps=0.002), majors=(3,))
one("batch-norm-no-scale", "BatchNormalization", {"axis": -1, "epsilon": 0.001, "center": True, "scale": False}, w[1:], i2, ref.batch_norm(i2, 1, *[v for _, v in w[1:]]))
w = bn(7)
one("batch-norm-axis1", "BatchNormalization", {"axis": 1, "epsilon": 0.001, "center": True, "scale": True}, w, i2, ref.batch_norm(i2, *[v for _, v in w], axis=1))
w = bn(5)
one("batch-norm-2d", "BatchNormalization", {"axis": [1], "epsilon": 0.001, "center": True, "scale": True}, w, x, ref.batch_norm(x, *[v for _, v in w]))
g, b = normal(5), normal(5)
one("layer-norm", "LayerNormalization", {"axis": [2], "epsilon": 0.001, "center": True, "scale": True}, [("gamma", g), ("beta", b)], x3, ref.layer_norm(x3, g, b), majors=(2,))
one("layer-norm-3", "LayerNormalization", {"axis": -1, "epsilon": 1e-6, "center": True, "scale": True, "rms_scaling": False}, [("gamma", g), ("beta", b)], x3, ref.layer_norm(x3, g, b, 1e-6), majors=(3,))
g2, b2 = normal(3, 5), normal(3, 5)
one("layer-norm-axes", "LayerNormalization", {"axis": [1, 2], "epsilon": 0.001, "center": True, "scale": True}, [("gamma", g2), ("beta", b2)], x3, ref.layer_norm(x3, g2, b2, axes=(1, 2)))
one("rms-norm", "RMSNormalization", {"axis": -1, "epsilon": 1e-6}, [("scale", g)], x3, x3.astype(float) / np.sqrt((x3.astype(float) ** 2).mean(-1, keepdims=True) + 1e-6) * g, majors=(3,))
g4, b4 = normal(4), normal(4)
one("group-norm", "GroupNormalization", {"groups": 2, "axis": -1, "epsilon": 0.001, "center": True, "scale": True}, [("gamma", g4), ("beta", b4)], i2, ref.group_norm(i2, g4, b4, 2))
one("group-norm-all", "GroupNormalization", {"groups": -1, "axis": -1, "epsilon": 0.001, "center": True, "scale": True}, [("gamma", g4), ("beta", b4)], i2, ref.group_norm(i2, g4, b4, 4))
one("unit-norm", "UnitNormalization", {"axis": -1}, [], x, x / np.linalg.norm(x.astype(float), axis=-1, keepdims=True))
m, v = normal(5), np.abs(normal(5)) + 0.1
one("normalization", "Normalization", {"axis": [-1], "invert": False, "mean": None, "variance": None}, [("mean", m), ("variance", v), ("count", 0)], x, (x - m) / np.sqrt(v.astype(float)))
one("normalization-given", "Normalization", {"axis": [-1], "invert": False, "mean": [[1.0, 2.0, 3.0, 4.0, 5.0]], "variance": [[4.0, 4.0, 1.0, 1.0, 9.0]]}, [], x, (x - np.arange(1.0, 6)) / np.array([2, 2, 1, 1, 3.0]))
for cls, cfg in [("Dropout", {"rate": 0.5}), ("GaussianNoise", {"stddev": 1.0}), ("GaussianDropout", {"rate": 0.5}), ("AlphaDropout", {"rate": 0.1}), ("ActivityRegularization", {"l1": 0.1, "l2": 0.0})]:
    one(cls.lower(), cls, cfg, [], x, x)
one("spatialdropout1d", "SpatialDropout1D", {"rate": 0.5}, [], s1, s1)

# --- embedding -------------------------------------------------------------------------------------------------------------------------------------
table = normal(11, 6)
ids = rng.integers(0, 11, (2, 5)).astype(np.int32)
one("embedding", "Embedding", {"input_dim": 11, "output_dim": 6, "mask_zero": False, "input_length": 5}, [("embeddings", table)], ids, table[ids], dtype="int32")
one("embedding-float", "Embedding", {"input_dim": 11, "output_dim": 6, "mask_zero": False}, [("embeddings", table)], ids.astype(np.float32), table[ids])
ids0 = np.array([[3, 4, 0, 0], [1, 0, 2, 0]], np.int32)
mean = lambda e, m: (e * m[..., None]).sum(1) / m.sum(1, keepdims=True)
both("embedding-masked-mean", lambda major: [Layer("Embedding", {"input_dim": 11, "output_dim": 6, "mask_zero": True}, [("embeddings", table)]), Layer("GlobalAveragePooling1D", {"data_format": "channels_last"})], ids0, lambda major: mean(table[ids0].astype(float), ids0 != 0), dtype="int32")

# --- merging ---------------------------------------------------------------------------------------------------------------------------------------
a, b, c = normal(2, 3, 4), normal(2, 3, 4), normal(2, 3, 4)
for cls, f in [("Add", a + b + c), ("Multiply", a * b * c), ("Average", (a + b + c) / 3), ("Maximum", np.maximum(np.maximum(a, b), c)), ("Minimum", np.minimum(np.minimum(a, b), c))]:
    graph(cls.lower(), lambda major, cls=cls: [(Layer(cls, {}, name="y"), [([("a", 0, 0), ("b", 0, 0), ("c", 0, 0)], {})])], {"a": a, "b": b, "c": c}, [("y", 0, 0)], {"y": f})
graph("subtract", lambda major: [(Layer("Subtract", {}, name="y"), [([("a", 0, 0), ("b", 0, 0)], {})])], {"a": a, "b": b}, [("y", 0, 0)], {"y": a - b})
for axis in [-1, 1, 2]:
    graph(f"concatenate{axis}", lambda major, axis=axis: [(Layer("Concatenate", {"axis": axis}, name="y"), [([("a", 0, 0), ("b", 0, 0)], {})])], {"a": a, "b": b}, [("y", 0, 0)], {"y": np.concatenate([a, b], axis)})
for axes, eq in [([2, 2], "npk,nqk->npq"), ([1, 1], "nkp,nkq->npq"), (2, "npk,nqk->npq")]:
    graph(f"dot-{str(axes).replace(' ', '')}", lambda major, axes=axes: [(Layer("Dot", {"axes": axes, "normalize": False}, name="y"), [([("a", 0, 0), ("b", 0, 0)], {})])], {"a": a, "b": b}, [("y", 0, 0)], {"y": np.einsum(eq, a.astype(float), b)})
u, v = normal(3, 4), normal(3, 4)
graph("dot-cosine", lambda major: [(Layer("Dot", {"axes": 1, "normalize": True}, name="y"), [([("u", 0, 0), ("v", 0, 0)], {})])], {"u": u, "v": v}, [("y", 0, 0)], {"y": ((u.astype(float) * v).sum(1) / np.linalg.norm(u.astype(float), axis=1) / np.linalg.norm(v.astype(float), axis=1))[:, None]})

"""Writes operators.json: TensorFlow operators, inputs, and what NumPy says the outputs are, by the operators' documentation.

Run with python3 and NumPy beside this file: python3 operators.py
"""
import json
import math

import numpy as np

rng = np.random.default_rng(7)
cases = []

NAMES = {np.dtype("float32"): "DT_FLOAT", np.dtype("float64"): "DT_DOUBLE", np.dtype("int32"): "DT_INT32", np.dtype("int64"): "DT_INT64",
         np.dtype("bool"): "DT_BOOL", np.dtype("uint8"): "DT_UINT8"}


def number(v):
    if v.dtype.kind != "f":
        return v.item()
    return float(str(v)) if np.isfinite(v) else str(v)


def tensor(a):
    a = np.asarray(a)
    if a.dtype.kind in "US":
        return {"dtype": "DT_STRING", "shape": list(a.shape), "data": [str(v) for v in a.ravel()]}
    return {"dtype": NAMES[a.dtype], "shape": list(a.shape), "data": [number(v) for v in a.ravel()]}


class Const:
    def __init__(self, value):
        self.value = np.asarray(value)


def case(op, inputs, outputs, name=None, attrs=None, tolerance=None, static_only=False):
    rows = []
    for value in inputs:
        is_const = isinstance(value, Const)
        row = tensor(value.value if is_const else value)
        row["const"] = is_const
        rows.append(row)
    if not isinstance(outputs, list):
        outputs = [outputs]
    item = {"name": name or op, "op": op, "attrs": attrs or {}, "inputs": rows, "outputs": [None if o is None else tensor(o) for o in outputs]}
    if tolerance:
        item["tolerance"] = tolerance
    if static_only:
        item["staticOnly"] = True
    cases.append(item)


def f(*shape, low=-2.0, high=2.0):
    return rng.uniform(low, high, shape).astype(np.float32)


def i32(values):
    return np.array(values, np.int32)


def i64(values):
    return np.array(values, np.int64)


erf = np.vectorize(math.erf, otypes=[np.float32])

# --- elementwise, one input
x = f(2, 3)
p = f(2, 3, low=0.1, high=3)
u = f(2, 3, low=-0.9, high=0.9)
for op, v, fn in [
    ("Neg", x, np.negative), ("Abs", x, np.abs), ("Sign", x, np.sign), ("Exp", x, np.exp), ("Log", p, np.log), ("Sqrt", p, np.sqrt), ("Floor", x, np.floor),
    ("Ceil", x, np.ceil), ("Sin", x, np.sin), ("Cos", x, np.cos), ("Tan", u, np.tan), ("Asin", u, np.arcsin), ("Acos", u, np.arccos), ("Atan", x, np.arctan),
    ("Sinh", x, np.sinh), ("Cosh", x, np.cosh), ("Asinh", x, np.arcsinh), ("Acosh", p + 1, np.arccosh), ("Atanh", u, np.arctanh), ("Erf", x, erf),
    ("Reciprocal", p, np.reciprocal), ("Inv", p, np.reciprocal), ("Square", x, np.square), ("Rsqrt", p, lambda v: 1 / np.sqrt(v)),
    ("Round", np.array([[-2.5, -1.5, -0.5], [0.5, 1.5, 2.4]], np.float32), np.rint), ("Rint", np.array([[-2.5, -1.5, -0.5], [0.5, 1.5, 2.4]], np.float32), np.rint),
    ("Relu", x, lambda v: np.maximum(v, 0)), ("Relu6", x * 5, lambda v: np.clip(v, 0, 6)), ("Sigmoid", x, lambda v: 1 / (1 + np.exp(-v))), ("Tanh", x, np.tanh),
    ("Softplus", x, lambda v: np.log1p(np.exp(v))), ("Softsign", x, lambda v: v / (1 + np.abs(v))), ("Elu", x, lambda v: np.where(v > 0, v, np.expm1(v))),
    ("Selu", x, lambda v: 1.05070098 * np.where(v > 0, v, 1.67326319 * np.expm1(v))),
    ("Identity", x, lambda v: v), ("StopGradient", x, lambda v: v), ("CheckNumerics", x, lambda v: v), ("Snapshot", x, lambda v: v), ("PreventGradient", x, lambda v: v),
    ("ZerosLike", x, np.zeros_like), ("OnesLike", x, np.ones_like),
]:
    case(op, [v], fn(v).astype(np.float32))
small = np.array([[1e-8, -1e-8, 1e-4], [0.5, -0.5, 3], [20, -30, 0]], np.float32)
case("Expm1", [small], np.expm1(small.astype(np.float64)).astype(np.float32), tolerance=2e-6)
small = np.array([[1e-8, -1e-8, 1e-4], [0.5, -0.5, 3], [20, 0, np.inf]], np.float32)
case("Log1p", [small], np.log1p(small.astype(np.float64)).astype(np.float32), tolerance=2e-6)
odd = np.array([[1, np.nan, np.inf], [-np.inf, 0, 2]], np.float32)
case("IsNan", [odd], np.isnan(odd))
case("IsInf", [odd], np.isinf(odd))
case("IsFinite", [odd], np.isfinite(odd))
case("LeakyRelu", [x], np.where(x > 0, x, 0.2 * x).astype(np.float32), name="LeakyRelu default alpha")
case("LeakyRelu", [x], np.where(x > 0, x, 0.05 * x).astype(np.float32), name="LeakyRelu", attrs={"alpha": {"f": 0.05}})
case("LogicalNot", [np.array([True, False])], np.array([False, True]))
for op in ["Softmax", "LogSoftmax"]:
    e = np.exp(x - x.max(-1, keepdims=True))
    s = e / e.sum(-1, keepdims=True)
    case(op, [x], s if op == "Softmax" else np.log(s))

# --- elementwise, two inputs
y = f(3)
q = f(2, 3, low=0.5, high=3)
for op, a, b, fn in [
    ("Add", x, y, np.add), ("AddV2", x, y, np.add), ("Sub", x, y, np.subtract), ("Mul", x, y, np.multiply), ("RealDiv", x, q, np.divide), ("Div", x, q, np.divide),
    ("Maximum", x, y, np.maximum), ("Minimum", x, y, np.minimum), ("Pow", p, y, np.power), ("SquaredDifference", x, y, lambda a, b: (a - b) ** 2),
    ("FloorDiv", x * 5, q, np.floor_divide), ("FloorMod", x * 5, q, np.mod), ("FloorMod", x * 5, -q, np.mod), ("TruncateMod", x * 5, q, np.fmod), ("Mod", x * 5, q, np.fmod),
]:
    case(op, [a, b], fn(a, b).astype(np.float32), name=f"{op} by negative numbers" if (b < 0).all() else None, tolerance=1e-4 if "Mod" in op else None)
n = i32([[7, -7, 8], [-8, 0, 5]])
d = i32([[2, 2, -3], [-3, 4, -5]])
for op, fn in [("FloorDiv", np.floor_divide), ("FloorMod", np.mod), ("TruncateMod", np.fmod), ("TruncateDiv", lambda a, b: np.trunc(a / b)), ("Div", np.floor_divide), ("AddV2", np.add),
               ("Sub", np.subtract), ("Mul", np.multiply), ("Maximum", np.maximum), ("Minimum", np.minimum)]:
    case(op, [n, d], fn(n, d).astype(np.int32), name=op + " of integers")
zeros = np.array([[0, 1, 2], [3, 0, 5]], np.float32)
case("DivNoNan", [x, zeros], np.where(zeros == 0, 0, x / np.where(zeros == 0, 1, zeros)).astype(np.float32))
case("MulNoNan", [odd, zeros], np.where(zeros == 0, 0, odd * zeros).astype(np.float32))
case("Xlogy", [zeros, p], np.where(zeros == 0, 0, zeros * np.log(p)).astype(np.float32))
same = np.array([[1, 2, 3], [3, 2, 1]], np.float32)
other = np.array([[1, 3, 2], [3, 2, 2]], np.float32)
for op, fn in [("Equal", np.equal), ("NotEqual", np.not_equal), ("Less", np.less), ("LessEqual", np.less_equal), ("Greater", np.greater), ("GreaterEqual", np.greater_equal)]:
    case(op, [same, other], fn(same, other))
t = np.array([True, True, False, False])
v = np.array([True, False, True, False])
case("LogicalAnd", [t, v], t & v)
case("LogicalOr", [t, v], t | v)
case("ApproximateEqual", [same, same + np.float32(1e-6)], np.ones((2, 3), bool))
case("AddN", [x, x * 2, x * 3], x * 6, attrs={"N": {"i": 3}})
case("ClipByValue", [x, Const(np.float32(-1)), Const(np.float32(1))], np.clip(x, -1, 1))
case("Select", [np.array([True, False]), x, -x], np.stack([x[0], -x[1]]), name="Select by rows")
case("SelectV2", [same > 2, x, np.float32(0)], np.where(same > 2, x, 0).astype(np.float32))
case("SelectV2", [same > 2, x > 0, np.array(False)], (same > 2) & (x > 0), name="SelectV2 of truth values")
case("Cast", [x * 3], np.trunc(x * 3).astype(np.int32), attrs={"DstT": {"type": "DT_INT32"}})
case("Cast", [i32([0, 1, 2])], np.array([False, True, True]), name="Cast to bool", attrs={"DstT": {"type": "DT_BOOL"}})
case("Cast", [np.array([0, 128, 255], np.uint8)], np.array([0, 128, 255], np.float32), name="Cast of bytes", attrs={"DstT": {"type": "DT_FLOAT"}})

# --- matrices
a, b = f(3, 4), f(4, 2)
case("MatMul", [a, Const(b)], a @ b)
case("MatMul", [a.T.copy(), Const(b.T.copy())], a @ b, name="MatMul transposed", attrs={"transpose_a": {"b": True}, "transpose_b": {"b": True}})
c, e = f(2, 3, 4), f(2, 4, 2)
for op in ["BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"]:
    case(op, [c, e], c @ e)
case("BatchMatMulV2", [c, np.swapaxes(e, 1, 2).copy()], c @ e, name="BatchMatMulV2 adjoint", attrs={"adj_y": {"b": True}})
w = f(4, 2, 5)
case("Einsum", [c, Const(w)], np.einsum("abc,cde->abde", c, w), attrs={"equation": {"s": "abc,cde->abde"}, "N": {"i": 2}})
case("BiasAdd", [f(2, 2, 2, 3), Const(y)], None)
cases[-1]["outputs"] = [tensor(np.array(cases[-1]["inputs"][0]["data"], np.float32).reshape(2, 2, 2, 3) + y)]
img = f(2, 3, 2, 2)
case("BiasAdd", [img, Const(y)], img + y[:, None, None], name="BiasAdd NCHW", attrs={"data_format": {"s": "NCHW"}})
case("L2Loss", [x], np.float32((x ** 2).sum() / 2))


# --- images
def same_pads(size, k, stride, dilation):
    out = -(-size // stride)
    total = max((out - 1) * stride + (k - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def conv(x, w, strides=(1, 1), padding="SAME", dilations=(1, 1), pads=None, groups=1):
    n, h, wd, cin = x.shape
    kh, kw, ci, co = w.shape
    if padding == "SAME":
        pads = [same_pads(h, kh, strides[0], dilations[0]), same_pads(wd, kw, strides[1], dilations[1])]
    elif padding == "VALID":
        pads = [(0, 0), (0, 0)]
    x = np.pad(x, [(0, 0), pads[0], pads[1], (0, 0)]).astype(np.float64)
    oh = (x.shape[1] - (kh - 1) * dilations[0] - 1) // strides[0] + 1
    ow = (x.shape[2] - (kw - 1) * dilations[1] - 1) // strides[1] + 1
    out = np.zeros((n, oh, ow, co))
    per = co // groups
    for g in range(groups):
        for i in range(kh):
            for j in range(kw):
                patch = x[:, i * dilations[0]:i * dilations[0] + (oh - 1) * strides[0] + 1:strides[0], j * dilations[1]:j * dilations[1] + (ow - 1) * strides[1] + 1:strides[1], g * ci:(g + 1) * ci]
                out[..., g * per:(g + 1) * per] += patch @ w[i, j, :, g * per:(g + 1) * per]
    return out.astype(np.float32)


def nhwc(*middle):
    return {"li": [1, *middle, 1]}


x4 = f(2, 5, 6, 3)
w4 = f(3, 2, 3, 4)
for padding in ["SAME", "VALID"]:
    for s in [(1, 1), (2, 2), (1, 2)]:
        case("Conv2D", [x4, Const(w4)], conv(x4, w4, s, padding), name=f"Conv2D {padding} {s}", attrs={"padding": {"s": padding}, "strides": nhwc(*s)})
    case("Conv2D", [x4, Const(w4)], conv(x4, w4, (1, 1), padding, (2, 2)), name=f"Conv2D dilated {padding}", attrs={"padding": {"s": padding}, "strides": nhwc(1, 1), "dilations": nhwc(2, 2)})
case("Conv2D", [x4, Const(w4)], conv(x4, w4, (1, 1), "EXPLICIT", pads=[(1, 2), (0, 1)]), name="Conv2D explicit",
     attrs={"padding": {"s": "EXPLICIT"}, "strides": nhwc(1, 1), "explicit_paddings": {"li": [0, 0, 1, 2, 0, 1, 0, 0]}})
xc = np.ascontiguousarray(np.moveaxis(x4, 3, 1))
case("Conv2D", [xc, Const(w4)], np.moveaxis(conv(x4, w4, (2, 2), "VALID"), 3, 1), name="Conv2D NCHW", attrs={"padding": {"s": "VALID"}, "strides": {"li": [1, 1, 2, 2]}, "data_format": {"s": "NCHW"}})
xg, wg = f(1, 4, 4, 4), f(3, 3, 2, 6)
case("Conv2D", [xg, Const(wg)], conv(xg, wg, groups=2), name="Conv2D grouped", attrs={"padding": {"s": "SAME"}, "strides": nhwc(1, 1)})
wd = f(3, 3, 3, 2)
depth = np.concatenate([conv(x4[..., k:k + 1], wd[:, :, k:k + 1, :], (1, 1), "SAME") for k in range(3)], -1)
case("DepthwiseConv2dNative", [x4, Const(wd)], depth, attrs={"padding": {"s": "SAME"}, "strides": nhwc(1, 1)})
depth2 = np.concatenate([conv(x4[..., k:k + 1], wd[:, :, k:k + 1, :], (2, 2), "VALID") for k in range(3)], -1)
case("DepthwiseConv2dNative", [x4, Const(wd)], depth2, name="DepthwiseConv2dNative strided", attrs={"padding": {"s": "VALID"}, "strides": nhwc(2, 2)})
x5, w5 = f(1, 4, 4, 3, 2), f(2, 2, 2, 2, 3)
out5 = np.zeros((1, 3, 3, 2, 3))
for i in range(2):
    for j in range(2):
        for k in range(2):
            out5 += x5[:, i:i + 3, j:j + 3, k:k + 2].astype(np.float64) @ w5[i, j, k]
case("Conv3D", [x5, Const(w5)], out5.astype(np.float32), attrs={"padding": {"s": "VALID"}, "strides": {"li": [1, 1, 1, 1, 1]}})


def conv_gradient(sizes, w, g, strides, padding):
    """Gradient of conv with respect to its input, from the definition."""
    n, h, wd, co = sizes
    kh, kw = w.shape[:2]
    pads = [same_pads(h, kh, strides[0], 1), same_pads(wd, kw, strides[1], 1)] if padding == "SAME" else [(0, 0), (0, 0)]
    full = np.zeros((n, h + sum(pads[0]), wd + sum(pads[1]), co))
    for i in range(kh):
        for j in range(kw):
            for r in range(g.shape[1]):
                for s in range(g.shape[2]):
                    full[:, r * strides[0] + i, s * strides[1] + j] += g[:, r, s].astype(np.float64) @ w[i, j].T
    return full[:, pads[0][0]:pads[0][0] + h, pads[1][0]:pads[1][0] + wd].astype(np.float32)


wt = f(3, 3, 2, 4)
for padding, sizes, stride in [("SAME", (2, 6, 8, 2), 2), ("VALID", (2, 7, 9, 2), 2), ("SAME", (2, 5, 7, 2), 2), ("SAME", (2, 3, 4, 2), 1), ("VALID", (2, 8, 10, 2), 2)]:
    g = f(2, 3, 4, 4)
    case("Conv2DBackpropInput", [Const(i32(sizes)), Const(wt), g], conv_gradient(sizes, wt, g, (stride, stride), padding), name=f"Conv2DBackpropInput {padding} {sizes} {stride}",
         attrs={"padding": {"s": padding}, "strides": nhwc(stride, stride)}, static_only=True)
    case("Conv2DBackpropInput", [i32(sizes), Const(wt), g], conv_gradient(sizes, wt, g, (stride, stride), padding), name=f"Conv2DBackpropInput computed size {padding} {sizes} {stride}",
         attrs={"padding": {"s": padding}, "strides": nhwc(stride, stride)}, static_only=True)


def pool(x, k, strides, padding, how):
    pads = [same_pads(x.shape[1], k[0], strides[0], 1), same_pads(x.shape[2], k[1], strides[1], 1)] if padding == "SAME" else [(0, 0), (0, 0)]
    padded = np.pad(x.astype(np.float64), [(0, 0), pads[0], pads[1], (0, 0)], constant_values=np.nan)
    oh = (padded.shape[1] - k[0]) // strides[0] + 1
    ow = (padded.shape[2] - k[1]) // strides[1] + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = how(padded[:, i * strides[0]:i * strides[0] + k[0], j * strides[1]:j * strides[1] + k[1]], axis=(1, 2))
    return out.astype(np.float32)


for padding in ["SAME", "VALID"]:
    for op, how in [("MaxPool", np.nanmax), ("AvgPool", np.nanmean)]:
        case(op, [x4], pool(x4, (3, 2), (2, 2), padding, how), name=f"{op} {padding}", attrs={"padding": {"s": padding}, "ksize": nhwc(3, 2), "strides": nhwc(2, 2)})
case("MaxPoolV2", [x4, Const(i32([1, 2, 2, 1])), Const(i32([1, 1, 1, 1]))], pool(x4, (2, 2), (1, 1), "VALID", np.nanmax), attrs={"padding": {"s": "VALID"}})
case("MaxPool3D", [x5], x5.reshape(1, 2, 2, 2, 2, 3, 2).max(axis=(2, 4))[:, :, :, :3], attrs={"padding": {"s": "VALID"}, "ksize": {"li": [1, 2, 2, 1, 1]}, "strides": {"li": [1, 2, 2, 1, 1]}})
case("AvgPool3D", [x5], x5.reshape(1, 2, 2, 2, 2, 3, 2).mean(axis=(2, 4)), attrs={"padding": {"s": "VALID"}, "ksize": {"li": [1, 2, 2, 1, 1]}, "strides": {"li": [1, 2, 2, 1, 1]}})
scale, offset, mean, var = f(3, low=0.5), f(3), f(3), f(3, low=0.2, high=2)
for op in ["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"]:
    case(op, [x4, Const(scale), Const(offset), Const(mean), Const(var)], ((x4 - mean) / np.sqrt(var + 1e-3) * scale + offset).astype(np.float32), attrs={"epsilon": {"f": 1e-3}, "is_training": {"b": False}})
case("FusedBatchNormV3", [x4, scale, offset, mean, var], ((x4 - mean) / np.sqrt(var + 1e-4) * scale + offset).astype(np.float32), name="FusedBatchNormV3 computed statistics", attrs={"is_training": {"b": False}}, static_only=True)
case("FusedBatchNormV3", [xc, Const(scale), Const(offset), Const(mean), Const(var)], np.moveaxis(((x4 - mean) / np.sqrt(var + 1e-3) * scale + offset), 3, 1).astype(np.float32), name="FusedBatchNormV3 NCHW",
     attrs={"epsilon": {"f": 1e-3}, "is_training": {"b": False}, "data_format": {"s": "NCHW"}})
def by_batch(x, axes):
    x = x.astype(np.float64)
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 1e-3)


case("FusedBatchNormV3", [x4, Const(scale), Const(offset), Const(np.zeros(0, np.float32)), Const(np.zeros(0, np.float32))], (by_batch(x4, (0, 1, 2)) * scale + offset).astype(np.float32),
     name="FusedBatchNormV3 by batch", attrs={"epsilon": {"f": 1e-3}, "is_training": {"b": True}})
rows = f(1, 4, 6, 1)
case("FusedBatchNormV3", [rows, np.ones(4, np.float32), np.zeros(4, np.float32), Const(np.zeros(0, np.float32)), Const(np.zeros(0, np.float32))], by_batch(rows, (0, 2, 3)).astype(np.float32),
     name="FusedBatchNormV3 as layer normalisation", attrs={"epsilon": {"f": 1e-3}, "data_format": {"s": "NCHW"}}, static_only=True)
lrn_in = f(1, 2, 2, 7)
sums = np.stack([(lrn_in[..., max(0, k - 2):k + 3] ** 2).sum(-1) for k in range(7)], -1)
case("LRN", [lrn_in], (lrn_in / (1.5 + 0.3 * sums) ** 0.75).astype(np.float32), attrs={"depth_radius": {"i": 2}, "bias": {"f": 1.5}, "alpha": {"f": 0.3}, "beta": {"f": 0.75}})


def sample(x, size, mode, corners, centers):
    n, h, w, c = x.shape
    out = np.zeros((n, *size, c))

    def where(i, inside, outside):
        scale = (inside - 1) / (outside - 1) if corners and outside > 1 else inside / outside
        if mode == "nearest":
            at = (i + 0.5) * scale if centers else i * scale
            return min(int(math.floor(at + 0.5) if corners else math.floor(at)), inside - 1)
        return (i + 0.5) * scale - 0.5 if centers else i * scale

    for i in range(size[0]):
        for j in range(size[1]):
            a, b = where(i, h, size[0]), where(j, w, size[1])
            if mode == "nearest":
                out[:, i, j] = x[:, a, b]
                continue
            a0, b0 = math.floor(a), math.floor(b)
            fa, fb = a - a0, b - b0
            r = [min(max(a0, 0), h - 1), min(max(a0 + 1, 0), h - 1)]
            s = [min(max(b0, 0), w - 1), min(max(b0 + 1, 0), w - 1)]
            out[:, i, j] = (x[:, r[0], s[0]] * (1 - fb) + x[:, r[0], s[1]] * fb) * (1 - fa) + (x[:, r[1], s[0]] * (1 - fb) + x[:, r[1], s[1]] * fb) * fa
    return out.astype(np.float32)


x_img = f(1, 4, 5, 2)
for size in [(8, 10), (3, 3), (7, 6)]:
    for corners, centers in [(False, False), (True, False), (False, True)]:
        attrs = {"align_corners": {"b": corners}, "half_pixel_centers": {"b": centers}}
        case("ResizeBilinear", [x_img, Const(i32(size))], sample(x_img, size, "linear", corners, centers), name=f"ResizeBilinear {size} {corners} {centers}", attrs=attrs)
        case("ResizeNearestNeighbor", [x_img, Const(i32(size))], sample(x_img, size, "nearest", corners, centers), name=f"ResizeNearestNeighbor {size} {corners} {centers}", attrs=attrs)
d2s = f(1, 2, 3, 8)
case("DepthToSpace", [d2s], d2s.reshape(1, 2, 3, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 4, 6, 2), attrs={"block_size": {"i": 2}})
s2d = f(1, 4, 6, 2)
case("SpaceToDepth", [s2d], s2d.reshape(1, 2, 2, 3, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 2, 3, 8), attrs={"block_size": {"i": 2}})
s2b = f(2, 3, 4, 2)
pad = np.pad(s2b, [(0, 0), (1, 0), (0, 0), (0, 0)])
dealt = pad.reshape(2, 2, 2, 2, 2, 2).transpose(2, 4, 0, 1, 3, 5).reshape(8, 2, 2, 2)
case("SpaceToBatchND", [s2b, Const(i32([2, 2])), Const(i32([[1, 0], [0, 0]]))], dealt)
case("BatchToSpaceND", [dealt, Const(i32([2, 2])), Const(i32([[1, 0], [0, 0]]))], s2b, static_only=True)

# --- reductions
r = f(2, 3, 4)
for op, fn in [("Mean", np.mean), ("Sum", np.sum), ("Max", np.max), ("Min", np.min), ("Prod", np.prod), ("EuclideanNorm", lambda v, **k: np.sqrt((v ** 2).sum(**k)))]:
    case(op, [r, Const(i32([1, -1]))], fn(r, axis=(1, 2)).astype(np.float32))
    case(op, [r, Const(i32(1))], fn(r, axis=1, keepdims=True).astype(np.float32), name=op + " keeping dimensions", attrs={"keep_dims": {"b": True}})
    case(op, [r, Const(i32([]))], r, name=op + " of nothing")
rb = r > 0
case("All", [rb, Const(i32([1]))], rb.all(1))
case("Any", [rb, Const(i32([1]))], rb.any(1))
case("ArgMax", [r, Const(i32(1))], r.argmax(1).astype(np.int64))
case("ArgMin", [r, Const(i32(-1))], r.argmin(-1).astype(np.int32), attrs={"output_type": {"type": "DT_INT32"}})
case("Cumsum", [r, Const(i32(1))], r.cumsum(1))
case("Cumsum", [r, Const(i32(1))], np.flip(np.flip(r, 1).cumsum(1), 1) - r, name="Cumsum exclusive reverse", attrs={"exclusive": {"b": True}, "reverse": {"b": True}}, tolerance=1e-5)
order = np.argsort(-r, axis=-1, kind="stable")[..., :2]
case("TopKV2", [r, Const(i32(2))], [np.take_along_axis(r, order, -1), order.astype(np.int32)])

# --- shapes
case("Shape", [r], i32([2, 3, 4]))
case("Shape", [r], i64([2, 3, 4]), name="Shape INT64", attrs={"out_type": {"type": "DT_INT64"}})
case("Size", [r], i32(24))
case("Rank", [r], i32(3))
case("Reshape", [r, Const(i32([-1, 6]))], r.reshape(-1, 6))
case("Reshape", [r, i32([4, 6])], r.reshape(4, 6), name="Reshape to a computed shape", static_only=True)
case("ExpandDims", [r, Const(i32(-1))], r[..., None])
case("ExpandDims", [r, Const(i32(1))], r[:, None], name="ExpandDims inside")
case("Squeeze", [r[:, :1]], r[:, 0], attrs={"squeeze_dims": {"li": [1]}})
case("Squeeze", [r[:, :1]], r[:, 0], name="Squeeze all", static_only=True)
case("Transpose", [r, Const(i32([2, 0, 1]))], r.transpose(2, 0, 1))
case("Fill", [Const(i32([2, 3])), np.float32(1.5)], np.full((2, 3), 1.5, np.float32))
case("BroadcastTo", [y, Const(i32([2, 3]))], np.broadcast_to(y, (2, 3)))
case("Range", [i32(1), i32(9), i32(3)], i32([1, 4, 7]))
case("Range", [Const(i32(1)), Const(i32(9)), Const(i32(3))], i32([1, 4, 7]), name="Range known")
case("LinSpace", [Const(np.float32(0)), Const(np.float32(1)), Const(i32(5))], np.linspace(0, 1, 5, dtype=np.float32))
case("BroadcastArgs", [Const(i32([2, 1])), Const(i32([3]))], i32([2, 3]))
case("InvertPermutation", [Const(i32([2, 0, 1]))], i32([1, 2, 0]))
case("EnsureShape", [r], r, attrs={"shape": {"shape": [-1, 3, 4]}})

# --- slices
case("Slice", [r, Const(i32([0, 1, 1])), Const(i32([-1, 2, -1]))], r[:, 1:3, 1:])
case("Slice", [r, i32([0, 1, 1]), i32([2, -1, 2])], r[:2, 1:, 1:3], name="Slice computed", static_only=True)


def strided(name, begin, end, strides, expected, **masks):
    case("StridedSlice", [r, Const(i32(begin)), Const(i32(end)), Const(i32(strides))], expected, name="StridedSlice " + name, attrs={k: {"i": m} for k, m in masks.items()})


strided("plain", [0, 1, 0], [2, 3, 4], [1, 1, 2], r[0:2, 1:3, 0:4:2])
strided("negative", [0, -1, 0], [0, 0, 0], [1, -1, 1], r[:, ::-1], begin_mask=0b111, end_mask=0b111)
strided("backwards", [0, 2, 0], [0, 0, 0], [1, -1, 1], r[:, 2:0:-1], begin_mask=0b101, end_mask=0b101)
strided("shrink", [0, -1], [0, 0], [1, 1], r[:, -1], begin_mask=1, end_mask=1, shrink_axis_mask=2)
strided("shrink first", [1], [2], [1], r[1], shrink_axis_mask=1)
strided("ellipsis", [0, 1], [0, 2], [1, 1], r[..., 1:2], ellipsis_mask=1)
strided("ellipsis new shrink", [0, 0, 1], [0, 0, 2], [1, 1, 1], r[..., None, 1], ellipsis_mask=1, new_axis_mask=2, shrink_axis_mask=4)
strided("new axes", [0, 0, 0], [0, 0, 0], [1, 1, 1], r[None, :, None], begin_mask=0b010, end_mask=0b010, new_axis_mask=0b101)
case("StridedSlice", [r, i32([0, 1, 0]), i32([2, 3, 2]), Const(i32([1, 1, 1]))], r[0:2, 1:3, 0:2], name="StridedSlice computed", static_only=True)
case("StridedSlice", [r, i32([1, 1]), i32([2, 3]), Const(i32([1, 1]))], r[1, 1:3], name="StridedSlice computed shrink", attrs={"shrink_axis_mask": {"i": 1}}, static_only=True)
case("Split", [Const(i32(1)), f(2, 4)], None, attrs={"num_split": {"i": 2}})
v = np.array(cases[-1]["inputs"][1]["data"], np.float32).reshape(2, 4)
cases[-1]["outputs"] = [tensor(v[:, :2]), tensor(v[:, 2:])]
case("Split", [Const(i32(0)), f(4, 2)], None, name="Split of the batch", attrs={"num_split": {"i": 2}})
v = np.array(cases[-1]["inputs"][1]["data"], np.float32).reshape(4, 2)
cases[-1]["outputs"] = [tensor(v[:2]), tensor(v[2:])]
case("SplitV", [r, Const(i32([1, -1, 1])), Const(i32(2))], [r[..., :1], r[..., 1:3], r[..., 3:]])
case("Pack", [x, x * 2], np.stack([x, x * 2], 1), attrs={"axis": {"i": 1}, "N": {"i": 2}})
case("Unpack", [r], [r[:, 0], r[:, 1], r[:, 2]], attrs={"axis": {"i": 1}, "num": {"i": 3}})
case("ConcatV2", [x, x * 2, Const(i32(-1))], np.concatenate([x, x * 2], -1), attrs={"N": {"i": 2}})
case("Concat", [Const(i32(0)), x, x * 2], np.concatenate([x, x * 2], 0), attrs={"N": {"i": 2}})
case("Tile", [x, Const(i32([2, 3]))], np.tile(x, (2, 3)))
case("ReverseV2", [r, Const(i32([1, 2]))], r[:, ::-1, ::-1])
case("ReverseSequence", [r, i64([2, 3])], np.stack([np.concatenate([r[0, :2][::-1], r[0, 2:]]), r[1, ::-1]]), attrs={"seq_dim": {"i": 1}, "batch_dim": {"i": 0}})
case("Roll", [r, Const(i32([1])), Const(i32([1]))], np.roll(r, 1, 1))
case("Where", [rb], np.argwhere(rb).astype(np.int64))
m = f(3, 4)
case("MatrixBandPart", [m, Const(i64(-1)), Const(i64(0))], np.tril(m))
case("MatrixBandPart", [m, Const(i64(1)), Const(i64(1))], np.triu(np.tril(m, 1), -1), name="MatrixBandPart band")
case("Unique", [i32([4, 2, 4, 1, 2])], [i32([4, 2, 1]), i32([0, 1, 0, 2, 1])])
case("Pad", [x, Const(i32([[1, 0], [2, 1]]))], np.pad(x, [(1, 0), (2, 1)]))
case("Pad", [x, i32([[1, 0], [2, 1]])], np.pad(x, [(1, 0), (2, 1)]), name="Pad computed", static_only=True)
case("PadV2", [x, Const(i32([[1, 0], [2, 1]])), Const(np.float32(9))], np.pad(x, [(1, 0), (2, 1)], constant_values=9))
case("MirrorPad", [x, Const(i32([[1, 0], [2, 1]]))], np.pad(x, [(1, 0), (2, 1)], mode="reflect"), attrs={"mode": {"s": "REFLECT"}}, static_only=True)
case("MirrorPad", [x, Const(i32([[1, 0], [2, 1]]))], np.pad(x, [(1, 0), (2, 1)], mode="symmetric"), name="MirrorPad symmetric", attrs={"mode": {"s": "SYMMETRIC"}})

# --- positions
table = f(5, 3)
case("Gather", [table, i32([4, 0, 2])], table[[4, 0, 2]])
case("GatherV2", [r, i32([[2, 0]]), Const(i32(1))], r[:, [[2, 0]]])
at = i32([[0, 2], [1, 1]])
case("GatherV2", [r, at, Const(i32(1))], np.stack([r[0][at[0]], r[1][at[1]]]), name="GatherV2 by batch", attrs={"batch_dims": {"i": 1}})
case("GatherNd", [r, i32([[1, 2], [0, 0]])], r[[1, 0], [2, 0]])
case("ScatterNd", [i32([[0], [2], [0]]), f(3, 2), Const(i32([4, 2]))], None)
v = np.array(cases[-1]["inputs"][1]["data"], np.float32).reshape(3, 2)
s = np.zeros((4, 2), np.float32)
np.add.at(s, [0, 2, 0], v)
cases[-1]["outputs"] = [tensor(s)]
case("TensorScatterUpdate", [x, i32([[1]]), f(1, 3)], None)
v = np.array(cases[-1]["inputs"][2]["data"], np.float32)
s = x.copy()
s[1] = v
cases[-1]["outputs"] = [tensor(s)]
case("TensorScatterAdd", [x, i32([[1]]), np.ones((1, 3), np.float32)], x + np.array([[0], [1]], np.float32))
case("TensorScatterMax", [x, i32([[1]]), np.zeros((1, 3), np.float32)], np.stack([x[0], np.maximum(x[1], 0)]))
case("Bincount", [i32([0, 1, 1, 3, 9]), Const(i32(4)), Const(np.zeros(0, np.float32))], np.array([1, 2, 0, 1], np.float32))
case("BitwiseAnd", [i32([6, 5]), i32([3, 4])], i32([2, 4]))
case("BitwiseOr", [i32([6, 5]), i32([3, 4])], i32([7, 5]))
case("BitwiseXor", [i32([6, 5]), i32([3, 4])], i32([5, 1]))
case("SegmentSum", [f(5, 2), i32([0, 0, 1, 3, 3])], None, static_only=True)
v = np.array(cases[-1]["inputs"][0]["data"], np.float32).reshape(5, 2)
s = np.zeros((4, 2), np.float32)
np.add.at(s, [0, 0, 1, 3, 3], v)
cases[-1]["outputs"] = [tensor(s)]
case("Atan2", [y, f(3)], None)
v = np.array(cases[-1]["inputs"][1]["data"], np.float32)
cases[-1]["outputs"] = [tensor(np.arctan2(y, v))]
case("SpaceToBatch", [s2b, Const(i32([[1, 0], [0, 0]]))], dealt, attrs={"block_size": {"i": 2}})
case("BatchToSpace", [dealt, Const(i32([[1, 0], [0, 0]]))], s2b, attrs={"block_size": {"i": 2}}, static_only=True)
case("MatrixDiag", [f(2, 3)], None)
v = np.array(cases[-1]["inputs"][0]["data"], np.float32).reshape(2, 3)
cases[-1]["outputs"] = [tensor(np.stack([np.diag(r) for r in v]))]
case("MatrixDiagPart", [f(2, 3, 3)], None, static_only=True)
v = np.array(cases[-1]["inputs"][0]["data"], np.float32).reshape(2, 3, 3)
cases[-1]["outputs"] = [tensor(np.stack([np.diag(r) for r in v]))]
case("TensorScatterMin", [x, i32([[1]]), np.zeros((1, 3), np.float32)], np.stack([x[0], np.minimum(x[1], 0)]))
hot = i32([1, 3, -1, 0, 4])
case("OneHot", [hot, Const(i32(4)), Const(np.float32(2)), Const(np.float32(-1))], np.where(hot[:, None] == np.arange(4), 2, -1).astype(np.float32))
case("OneHot", [hot, Const(i32(4)), Const(np.float32(1)), Const(np.float32(0))], (hot == np.arange(4)[:, None]).astype(np.float32), name="OneHot first", attrs={"axis": {"i": 0}})

case("OneHot", [hot, Const(i32(4)), Const(i32(7)), Const(i32(-7))], np.where(hot[:, None] == np.arange(4), 7, -7).astype(np.int32), name="OneHot of integers")
case("OneHot", [hot, Const(i32(4)), Const(np.array(True)), Const(np.array(False))], hot[:, None] == np.arange(4), name="OneHot of truth values")

# --- categories
bounds = [-1.0, 0.0, 1.5]
b_in = np.array([[-2, -1, -0.5], [0, 1.5, 9]], np.float32)
case("Bucketize", [b_in], np.digitize(b_in, bounds).astype(np.int32), attrs={"boundaries": {"lf": bounds}})
bins = i64([[0, 1, 1], [3, 3, 9]])
case("DenseBincount", [bins, Const(i64(4)), Const(np.zeros(0, np.float32))], np.array([[1, 2, 0, 0], [0, 0, 0, 2]], np.float32))
case("DenseBincount", [bins, Const(i64(4)), Const(np.zeros(0, np.float32))], np.array([[1, 1, 0, 0], [0, 0, 0, 1]], np.float32), name="DenseBincount binary", attrs={"binary_output": {"b": True}})
case("StringToNumber", [np.array(["1.5", "-3", "2e3"])], np.array([1.5, -3, 2000], np.float32))
case("AsString", [i32([1, -20, 300])], np.array(["1", "-20", "300"]))


def fake_quant(x, low, high, bits=8, narrow=False):
    first, last = (1 if narrow else 0), 2 ** bits - 1
    scale = np.float32((high - low) / (last - first))
    zero = first - low / scale
    zero = first if zero < first else last if zero > last else math.floor(zero + 0.5)
    lo, hi = (first - zero) * scale, (last - zero) * scale
    return (np.floor((np.clip(x, lo, hi) - lo) / scale + 0.5) * scale + lo).astype(np.float32)


case("FakeQuantWithMinMaxArgs", [x], fake_quant(x, -1.0, 1.5), attrs={"min": {"f": -1.0}, "max": {"f": 1.5}}, tolerance=1e-4)
case("FakeQuantWithMinMaxVars", [x, Const(np.float32(-1)), Const(np.float32(1.5))], fake_quant(x, -1.0, 1.5), tolerance=1e-4)
case("FakeQuantWithMinMaxVarsPerChannel", [x, Const(np.array([-1, -2, 0], np.float32)), Const(np.array([1, 2, 3], np.float32))],
     np.stack([fake_quant(x[:, 0], -1, 1), fake_quant(x[:, 1], -2, 2), fake_quant(x[:, 2], 0, 3)], 1), tolerance=1e-4)
boxes = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 2, 1, 3]], np.float32)
case("NonMaxSuppressionV3", [boxes, np.array([0.9, 0.95, 0.5], np.float32), Const(i32(3)), Const(np.float32(0.5)), Const(np.float32(0.0))], i32([1, 2]), static_only=True)
case("NonMaxSuppressionV2", [boxes, np.array([0.9, 0.95, 0.5], np.float32), Const(i32(3)), Const(np.float32(0.5))], i32([1, 2]), static_only=True)

# --- text: vectors are those of TensorFlow's and Keras' own documentation where it has them
s1 = np.array([["Hello", "TensorFlow", "2.x"]])
case("StringToHashBucketFast", [s1], i64([[0, 2, 2]]), attrs={"num_buckets": {"i": 3}})
letters = np.array(["A", "B", "C", "D", "E"])
case("StringToHashBucketFast", [letters], i64([1, 0, 1, 1, 2]), name="StringToHashBucketFast of letters", attrs={"num_buckets": {"i": 3}})
case("StringToHashBucketStrong", [letters], i64([1, 2, 1, 0, 2]), attrs={"num_buckets": {"i": 3}, "key": {"li": [133, 137]}})
case("StringToHashBucketStrong", [letters], i64([0, 0, 2, 1, 0]), name="StringToHashBucketStrong with one salt", attrs={"num_buckets": {"i": 3}, "key": {"li": [133, 133]}})
case("StringLower", [np.array(["CamelCase string", "ALL CAPS", "\u00c4RGER"])], np.array(["camelcase string", "all caps", "\u00c4rger"]))
case("StringLower", [np.array(["\u00c4RGER", "\u039f\u0394\u039f\u03a3 \u03a3"])], np.array(["\u00e4rger", "\u03bf\u03b4\u03bf\u03c2 \u03c3"]), name="StringLower of all letters", attrs={"encoding": {"s": "utf-8"}})
case("StringUpper", [np.array(["CamelCase string", "all caps"])], np.array(["CAMELCASE STRING", "ALL CAPS"]))
case("StringStrip", [np.array(["\nTensorFlow", "     The python library    "])], np.array(["TensorFlow", "The python library"]))
case("StringLength", [np.array(["Hello", "TensorFlow", "\U0001F642"])], i32([5, 10, 4]))
case("StringLength", [np.array(["Hello", "TensorFlow", "\U0001F642"])], i32([5, 10, 1]), name="StringLength in characters", attrs={"unit": {"s": "UTF8_CHAR"}})
case("Substr", [np.array(["Hello", "World"]), Const(i32(1)), Const(i32(3))], np.array(["ell", "orl"]))
case("Substr", [np.array([["ten", "eleven", "twelve"], ["thirteen", "fourteen", "fifteen"]]), Const(i32([[1, 2, 3], [1, 2, 3]])), Const(i32([[2, 3, 4], [4, 3, 2]]))],
     np.array([["en", "eve", "lve"], ["hirt", "urt", "te"]]), name="Substr by element", static_only=True)
case("Substr", [np.array(["a\u00e4\U0001F642z"]), Const(i32(-2)), Const(i32(5))], np.array(["\U0001F642z"]), name="Substr from the end in characters", attrs={"unit": {"s": "UTF8_CHAR"}})
case("StringJoin", [np.array(["abc", "def"]), np.array("!"), np.array(["ghi", "jkl"])], np.array(["abc !|ghi".replace(" ", "|"), "def|!|jkl"]), attrs={"separator": {"s": "|"}})
ab = np.array([["a", "b"], ["c", "d"]])
case("ReduceJoin", [ab, Const(i32([0]))], np.array(["ac", "bd"]))
case("ReduceJoin", [ab, Const(i32([-1]))], np.array(["a.b", "c.d"]), name="ReduceJoin with a separator", attrs={"separator": {"s": "."}})
case("ReduceJoin", [ab, Const(i32([0, 1]))], np.array("abcd"), name="ReduceJoin of two")
case("ReduceJoin", [ab, Const(i32([1, 0]))], np.array("acbd"), name="ReduceJoin of two the other way round")
case("ReduceJoin", [ab, Const(i32([1]))], np.array([["ab"], ["cd"]]), name="ReduceJoin keeping dimensions", attrs={"keep_dims": {"b": True}})
case("StringSplitV2", [np.array(["hello world", "  a b c ", ""]), Const(np.array(""))],
     [i64([[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]]), np.array(["hello", "world", "a", "b", "c"]), i64([3, 3])])
case("StringSplitV2", [np.array(["1<>2<>3", "4<>5<><>6<>", ""]), Const(np.array("<>"))],
     [i64([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [1, 3], [1, 4], [2, 0]]), np.array(["1", "2", "3", "4", "5", "", "6", "", ""]), i64([3, 5])], name="StringSplitV2 at a separator")
case("StringSplitV2", [np.array([" 1  2  3 "]), Const(np.array(""))], [i64([[0, 0], [0, 1]]), np.array(["1", "2  3 "]), i64([1, 2])], name="StringSplitV2 once", attrs={"maxsplit": {"i": 1}})
case("StringSplit", [np.array(["hello world", "a b c"]), Const(np.array(" "))],
     [i64([[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]]), np.array(["hello", "world", "a", "b", "c"]), i64([2, 3])])
case("StringSplit", [np.array(["a,b;,c"]), Const(np.array(",;"))], [i64([[0, 0], [0, 1], [0, 2], [0, 3]]), np.array(["a", "b", "", "c"]), i64([1, 4])], name="StringSplit keeping what is empty", attrs={"skip_empty": {"b": False}})
case("StringSplit", [np.array(["hello"]), Const(np.array(""))], [i64([[0, i] for i in range(5)]), np.array(list("hello")), i64([1, 5])], name="StringSplit into bytes")
case("StaticRegexReplace", [np.array(["Text with tags.<br /><b>contains html</b>"])], np.array(["Text with tags.  contains html "]), attrs={"pattern": {"s": "<[^>]+>"}, "rewrite": {"s": " "}})
case("StaticRegexReplace", [np.array(["The Quick, brown! (fox) 'jumps'"])], np.array(["The Quick brown fox jumps"]), name="StaticRegexReplace as Keras strips punctuation",
     attrs={"pattern": {"s": "[!\"#$%&()\\*\\+,-\\./:;<=>?@\\[\\\\\\]^_`{|}~\\']"}, "rewrite": {"s": ""}})
case("StaticRegexReplace", [np.array(["baaac", "a b", "x\U0001F642y"])], np.array(["-b-c-", "-  -b-".replace("  ", " "), "-x-\U0001F642-y-"]), name="StaticRegexReplace of nothing", attrs={"pattern": {"s": "a*"}, "rewrite": {"s": "-"}})
case("StaticRegexReplace", [np.array(["x\U0001F642y\u00e9"])], np.array(["x.y."]), name="StaticRegexReplace of characters beyond ASCII", attrs={"pattern": {"s": "[^a-z]"}, "rewrite": {"s": "."}})
case("StaticRegexReplace", [np.array(["John Smith", "\u00c9 \u00c8"])], np.array(["Smith, John", "\u00c9 \u00c8"]), name="StaticRegexReplace with groups", attrs={"pattern": {"s": "(?P<first>\\w+) (\\w+)"}, "rewrite": {"s": "\\2, \\1"}})
case("StaticRegexReplace", [np.array(["aaa"])], np.array(["baa"]), name="StaticRegexReplace of the first", attrs={"pattern": {"s": "a"}, "rewrite": {"s": "b"}, "replace_global": {"b": False}})
case("RegexReplace", [np.array(["a1b22"]), Const(np.array("[[:digit:]]+")), Const(np.array("<\\0>"))], np.array(["a<1>b<22>"]))
case("RegexFullMatch", [np.array(["TF lib", "lib TF", "TF\n"]), Const(np.array(".*lib$"))], np.array([True, False, False]))
case("StaticRegexFullMatch", [np.array(["AbC", "abd", "ab"])], np.array([True, False, False]), attrs={"pattern": {"s": "(?i)abc"}})
case("AsString", [i32([[3, -2]])], np.array([["3", "-2"]]), name="AsString of integers")
case("AsString", [np.array([3.1415926, 2.72], np.float32)], np.array(["3.14", "2.72"]), name="AsString with a precision", attrs={"precision": {"i": 2}})
case("AsString", [np.array([3.25, -1e10, np.inf], np.float64)], np.array(["3.250000", "-10000000000.000000", "inf"]), name="AsString of floats")
case("AsString", [np.array([12345.678], np.float64)], np.array(["1.23e+04"]), name="AsString with an exponent", attrs={"precision": {"i": 2}, "scientific": {"b": True}})
case("AsString", [np.array([True, False])], np.array(["true", "false"]), name="AsString of truth values")
case("AsString", [i32([7, -42, 12345])], np.array(["0007", "-042", "12345"]), name="AsString padded", attrs={"width": {"i": 4}, "fill": {"s": "0"}})

# --- ragged rows
values = np.array([1, 2, 3, 4, 5, 6], np.float32)
kinds = {"row_partition_types": {"ls": ["FIRST_DIM_SIZE", "VALUE_ROWIDS"]}}
case("RaggedTensorToTensor", [Const(i64([-1, -1])), values, Const(np.float32(0)), Const(i64(4)), Const(i64([0, 0, 0, 2, 2, 3]))],
     np.array([[1, 2, 3], [0, 0, 0], [4, 5, 0], [6, 0, 0]], np.float32), attrs=kinds, static_only=True)
case("RaggedTensorToTensor", [Const(i64([5, 2])), values, Const(np.float32(-1)), Const(i64(4)), Const(i64([0, 0, 0, 2, 2, 3]))],
     np.array([[1, 2], [-1, -1], [4, 5], [6, -1], [-1, -1]], np.float32), name="RaggedTensorToTensor cut and filled", attrs=kinds, static_only=True)
case("RaggedTensorToTensor", [Const(i64(-1)), values, Const(np.float32(0)), Const(i64([0, 3, 3, 5, 6]))],
     np.array([[1, 2, 3], [0, 0, 0], [4, 5, 0], [6, 0, 0]], np.float32), name="RaggedTensorToTensor by splits", attrs={"row_partition_types": {"ls": ["ROW_SPLITS"]}}, static_only=True)

# --- segments
rows = f(6, 3)
ids = i32([0, 0, 1, 3, 3, 3])
groups = [rows[:2], rows[2:3], None, rows[3:]]
for kind, fn, empty in [("Sum", lambda g: g.sum(0), 0), ("Prod", lambda g: g.prod(0), 1), ("Max", lambda g: g.max(0), 0), ("Min", lambda g: g.min(0), 0), ("Mean", lambda g: g.mean(0), 0)]:
    want = np.stack([np.full(3, empty, np.float32) if g is None else fn(g) for g in groups]).astype(np.float32)
    if kind != "Sum":
        case("Segment" + kind, [rows, Const(ids)], want, static_only=True)
    case(f"Segment{kind}V2", [rows, Const(ids), Const(i32(5))], np.concatenate([want, np.full((1, 3), empty, np.float32)]), static_only=True)
ids = i32([2, 0, -1, 2, 0, 0])
for kind, fn, empty in [("Sum", lambda g: g.sum(0), 0), ("Prod", lambda g: g.prod(0), 1), ("Max", lambda g: g.max(0), np.finfo(np.float32).min), ("Min", lambda g: g.min(0), np.finfo(np.float32).max)]:
    want = np.stack([fn(rows[ids == i]) if (ids == i).any() else np.full(3, empty, np.float32) for i in range(4)]).astype(np.float32)
    case("UnsortedSegment" + kind, [rows, Const(ids), Const(i32(4))], want, static_only=True)
flat = i32([[3, 1, 2], [4, 1, 0]])
case("UnsortedSegmentSum", [flat, Const(i32([[0, 1, 1], [0, 2, -1]])), Const(i32(3))], i32([7, 3, 1]), name="UnsortedSegmentSum by numbers of two dimensions", static_only=True)
table = f(5, 2)
picks = i32([4, 1, 1, 0])
owners = i32([0, 0, 2, 2])
sums = np.stack([table[4] + table[1], np.zeros(2, np.float32), table[1] + table[0]])
for kind, want in [("Sum", sums), ("Mean", sums / 2), ("SqrtN", sums / np.sqrt(np.float32(2)))]:
    case("SparseSegment" + kind, [table, Const(picks), Const(owners)], want.astype(np.float32), static_only=True)
    case(f"SparseSegment{kind}WithNumSegments", [table, Const(picks), Const(owners), Const(i32(4))], np.concatenate([want, np.zeros((1, 2))]).astype(np.float32), static_only=True)

# --- sparse matrices
where = i64([[0, 2], [1, 0], [2, 1]])
weights = np.array([3, -1, 2], np.float32)
dense = np.zeros((3, 4), np.float32)
dense[tuple(where.T)] = weights
case("SparseToDense", [Const(where), Const(i64([3, 4])), weights, Const(np.float32(0))], dense, static_only=True)
case("SparseToDense", [Const(i64([1, 3])), Const(i64([5])), Const(np.float32(7)), Const(np.float32(-1))], np.array([-1, 7, -1, 7, -1], np.float32), name="SparseToDense of one number")
b = f(4, 2)
case("SparseTensorDenseMatMul", [Const(where), Const(weights), Const(i64([3, 4])), b], dense @ b, static_only=True)
b = f(2, 3)
case("SparseTensorDenseMatMul", [Const(where), Const(weights), Const(i64([3, 4])), b], dense.T @ b.T, name="SparseTensorDenseMatMul turned", attrs={"adjoint_a": {"b": True}, "adjoint_b": {"b": True}}, static_only=True)

# --- diagonals
square = f(2, 3, 3)
line = f(2, 3)
main = [Const(i32(0))]
open_size = [Const(i32(-1)), Const(i32(-1)), Const(np.float32(0))]
for version in ["V2", "V3"]:
    case("MatrixDiag" + version, [line] + main + open_size, np.stack([np.diag(r) for r in line]))
    case("MatrixDiagPart" + version, [square] + main + [Const(np.float32(0))], np.stack([np.diag(m) for m in square]))
    want = square.copy()
    for m, r in zip(want, line):
        np.fill_diagonal(m, r)
    case("MatrixSetDiag" + version, [square, line] + main, want)
case("MatrixSetDiag", [square, line], want)
case("Diag", [line[0]], np.diag(line[0]), static_only=True)
case("DiagPart", [square[0]], np.diag(square[0]).copy(), static_only=True)

# --- sets
v = i32([1, 1, 2, 4, 4, 4, 7, 8, 8])
case("UniqueWithCounts", [v], [i32([1, 2, 4, 7, 8]), i32([0, 0, 1, 2, 2, 2, 3, 4, 4]), i32([2, 1, 3, 1, 2])])
case("UniqueV2", [v, Const(i64([]))], [i32([1, 2, 4, 7, 8]), i32([0, 0, 1, 2, 2, 2, 3, 4, 4])])
part = i32([0, 0, 1, 1, 0])
tens = np.array([10, 20, 30, 40, 50], np.float32)
case("DynamicPartition", [tens, Const(part)], [np.array([10, 20, 50], np.float32), np.array([30, 40], np.float32)], attrs={"num_partitions": {"i": 2}}, static_only=True)
m0, m1, m2 = f(2), f(2, 2), f(2, 2, 2)
want = np.zeros((7, 2), np.float32)
want[6], want[[4, 1]], want[[5, 2, 0, 3][:4]] = m0, m1, m2.reshape(4, 2)
for op in ["DynamicStitch", "ParallelDynamicStitch"]:
    case(op, [Const(i32(6)), Const(i32([4, 1])), Const(i32([[5, 2], [0, 3]])), m0, m1, m2], want, static_only=True)
ordered = i32([[0, 3, 9, 9, 10], [1, 2, 3, 4, 5]])
asked = i32([[2, 4, 9], [0, 2, 6]])
case("LowerBound", [Const(ordered), asked], i32([[1, 2, 2], [0, 1, 5]]))
case("UpperBound", [Const(ordered), asked], i32([[1, 2, 4], [0, 2, 5]]))

# --- special functions
x = np.array([[-3, -1.5, -0.5, 0], [0.25, 1, 2, 4]], np.float32)
case("Erfc", [x], np.vectorize(math.erfc)(x.astype(np.float64)).astype(np.float32), tolerance=3e-6)
case("Xdivy", [zeros, p], np.where(zeros == 0, 0, zeros / p).astype(np.float32))
case("Xlog1py", [zeros, p], np.where(zeros == 0, 0, zeros * np.log1p(p)).astype(np.float32))
case("Invert", [i32([0, 5, -7])], np.invert(i32([0, 5, -7])))
case("Print", [x], x)
r = f(3, 5)
case("Cumprod", [r, Const(i32(1))], np.cumprod(r, 1))
case("Cumprod", [r, Const(i32(-1))], np.cumprod(r[:, ::-1], 1)[:, ::-1].copy(), name="Cumprod from the end", attrs={"reverse": {"b": True}})
case("Cumprod", [r, Const(i32(1))], np.concatenate([np.ones((3, 1), np.float32), np.cumprod(r, 1)[:, :-1]], 1), name="Cumprod without itself", attrs={"exclusive": {"b": True}})

# --- losses
logits = f(4, 5)
soft = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
labels = f(4, 5, low=0, high=1)
case("SoftmaxCrossEntropyWithLogits", [logits, labels], [-(labels * np.log(soft)).sum(1)], static_only=True)
case("SparseSoftmaxCrossEntropyWithLogits", [logits, Const(i32([0, 4, 2, 2]))], [-np.log(soft[np.arange(4), [0, 4, 2, 2]])], static_only=True)
top = np.argsort(-logits, 1)
for op, extra, attrs in [("InTopK", [], {"k": {"i": 2}}), ("InTopKV2", [Const(i32(2))], {})]:
    case(op, [logits, Const(i32([top[0, 0], top[1, 1], top[2, 2], top[3, 4]]))] + extra, np.array([True, True, False, False]), attrs=attrs, static_only=True)

# --- steps of quantised types
q8 = np.array([[-2, -1.003, -0.3], [0, 0.7, 1.5]], np.float32)
step = np.float32(1 / 127)
given = {"range_given": {"b": True}}
want = (np.rint(np.clip(q8, np.float32(-128 / 127), 1) * np.float32(127)) * step).astype(np.float32)
for version in ["V2", "V4"]:
    case("QuantizeAndDequantize" + version, [q8, Const(np.float32(-1)), Const(np.float32(1))], want, attrs=given)
case("QuantizeAndDequantizeV3", [q8, Const(np.float32(-1)), Const(np.float32(1)), Const(i32(8))], want, attrs=given)
case("QuantizeAndDequantize", [q8], want, attrs={**given, "input_min": {"f": -1.0}, "input_max": {"f": 1.0}})
case("QuantizeAndDequantizeV2", [q8, Const(np.float32(0)), Const(np.float32(1))], (np.rint(np.clip(q8, 0, 1) * np.float32(15)) / np.float32(15)).astype(np.float32),
     name="QuantizeAndDequantizeV2 of four bits without a sign", attrs={**given, "signed_input": {"b": False}, "num_bits": {"i": 4}})

# --- parts of images
image = f(2, 5, 6, 3)
kh, kw = 2, 3
want = np.stack([np.stack([image[:, i:i + kh, j:j + kw].reshape(2, -1) for j in range(0, 6 - kw + 1, 2)], 1) for i in range(0, 5 - kh + 1, 1)], 1)
case("ExtractImagePatches", [image], want, attrs={"ksizes": {"li": [1, kh, kw, 1]}, "strides": {"li": [1, 1, 2, 1]}, "rates": {"li": [1, 1, 1, 1]}, "padding": {"s": "VALID"}})


def crop(img, box, size, outside, nearest=False):
    h, w, c = img.shape
    out = np.full((*size, c), outside, np.float32)
    for i in range(size[0]):
        y = box[0] * (h - 1) + i * (box[2] - box[0]) * (h - 1) / (size[0] - 1) if size[0] > 1 else 0.5 * (box[0] + box[2]) * (h - 1)
        for j in range(size[1]):
            x = box[1] * (w - 1) + j * (box[3] - box[1]) * (w - 1) / (size[1] - 1) if size[1] > 1 else 0.5 * (box[1] + box[3]) * (w - 1)
            if not (0 <= y <= h - 1 and 0 <= x <= w - 1):
                continue
            if nearest:
                out[i, j] = img[int(np.floor(y + 0.5)), int(np.floor(x + 0.5))]
                continue
            t, b, l, r = int(np.floor(y)), int(np.ceil(y)), int(np.floor(x)), int(np.ceil(x))
            above = img[t, l] + (img[t, r] - img[t, l]) * (x - l)
            below = img[b, l] + (img[b, r] - img[b, l]) * (x - l)
            out[i, j] = above + (below - above) * (y - t)
    return out


boxes = np.array([[0.1, 0.2, 0.83, 0.93], [0.7, 0.1, 0.15, 0.6], [-0.3, 0.05, 0.55, 1.4]], np.float32)
owner = i32([0, 1, 0])
for name, size, nearest in [("CropAndResize", (4, 3), False), ("CropAndResize to one pixel", (1, 1), False), ("CropAndResize to the nearest", (4, 3), True)]:
    attrs = {"extrapolation_value": {"f": -7.0}}
    if nearest:
        attrs["method"] = {"s": "nearest"}
    case("CropAndResize", [image, Const(boxes), Const(owner), Const(i32(size))], np.stack([crop(image[o], bx.astype(np.float64), size, -7, nearest) for bx, o in zip(boxes, owner)]), name=name, attrs=attrs, static_only=True, tolerance=1e-4)


def cubic(n, m, centres, corners=False):
    a = -0.5 if centres else -0.75
    out = np.zeros((m, n))
    scale = (n - 1) / (m - 1) if corners else n / m
    for i in range(m):
        at = (i + 0.5) * scale - 0.5 if centres else i * scale
        first = math.floor(at)
        part = round((at - first) * 1024) / 1024
        near = []
        for k in range(-1, 3):
            d = abs(k - part)
            near.append((a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 if d <= 1 else a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a)
        if centres:
            near = [wgt if 0 <= first + k - 1 < n else 0 for k, wgt in enumerate(near)]
            near = [wgt / sum(near) for wgt in near]
        for k, wgt in enumerate(near):
            out[i, min(max(first + k - 1, 0), n - 1)] += wgt
    return out


for name, attrs, kw in [("ResizeBicubic", {}, {"centres": False}), ("ResizeBicubic with centres", {"half_pixel_centers": {"b": True}}, {"centres": True}), ("ResizeBicubic with corners", {"align_corners": {"b": True}}, {"centres": False, "corners": True})]:
    case("ResizeBicubic", [image, Const(i32([3, 11]))], np.einsum("ih,nhwc,jw->nijc", cubic(5, 3, **kw), image, cubic(6, 11, **kw)).astype(np.float32), name=name, attrs=attrs)


def area(n, m):
    out = np.zeros((m, n))
    for i in range(m):
        lo, hi = i * n / m, (i + 1) * n / m
        for j in range(n):
            out[i, j] = max(0, min(hi, j + 1) - max(lo, j)) / (n / m)
    return out


case("ResizeArea", [image, Const(i32([2, 4]))], np.einsum("ih,nhwc,jw->nijc", area(5, 2), image, area(6, 4)).astype(np.float32))
g = f(2, 3, 4)
at = i32([[3, 0], [1, 1]])
case("GatherV2", [g, Const(at), Const(i32(2))], np.stack([g[i][:, at[i]] for i in range(2)]), name="GatherV2 with a batch and a later dimension", attrs={"batch_dims": {"i": 1}}, static_only=True)
case("TensorScatterSub", [tens, Const(i64([[1], [3]])), np.array([5, 6], np.float32)], np.array([10, 15, 30, 34, 50], np.float32), static_only=True)
bn = [f(3), f(3, low=0.5, high=2), f(3), f(3)]
want = (image - bn[0]) / np.sqrt(bn[1] + np.float32(1e-3)) * bn[3] + bn[2]
case("BatchNormWithGlobalNormalization", [image] + [Const(v) for v in bn], want, attrs={"variance_epsilon": {"f": 1e-3}, "scale_after_normalization": {"b": True}})
boxes = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [0, 10.1, 1, 11.1], [0, 100, 1, 101]], np.float32)
scores = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], np.float32)
nms = [Const(boxes), scores, Const(i32(5)), Const(np.float32(0.5)), Const(np.float32(0))]
case("NonMaxSuppressionV4", nms, [i32([3, 0, 5, 0, 0]), i32(3)], attrs={"pad_to_max_output_size": {"b": True}}, static_only=True)
case("NonMaxSuppressionV4", nms, [i32([3, 0, 5]), i32(3)], name="NonMaxSuppressionV4 as many as there are", static_only=True)
case("NonMaxSuppressionV5", nms + [Const(np.float32(0))], [i32([3, 0, 5]), np.array([0.95, 0.9, 0.3], np.float32), i32(3)], static_only=True)

# --- sparse tensors: positions, values, sizes
spot = i64([[0, 1], [0, 3], [2, 0], [3, 2], [3, 3]])
held = np.array([1, 2, 3, 4, 5], np.float32)
extent = Const(i64([4, 4]))
case("SparseFillEmptyRows", [Const(spot), held, extent, Const(np.float32(-7))],
     [i64([[0, 1], [0, 3], [1, 0], [2, 0], [3, 2], [3, 3]]), np.array([1, 2, -7, 3, 4, 5], np.float32), np.array([False, True, False, False]), i64([0, 1, 3, 4, 5])], static_only=True)
case("SparseFillEmptyRows", [i64([[2, 0], [0, 1], [2, 1]]), np.array(["c", "a", "d"]), Const(i64([4, 2])), Const(np.array("?"))],
     [i64([[0, 1], [1, 0], [2, 0], [2, 1], [3, 0]]), np.array(["a", "?", "c", "d", "?"]), np.array([False, True, False, True]), i64([2, 0, 3])], name="SparseFillEmptyRows out of order", static_only=True)
case("SparseFillEmptyRows", [np.zeros((0, 2), np.int64), np.zeros(0, np.int64), i64([2, 0]), Const(np.int64(9))],
     [i64([[0, 0], [1, 0]]), i64([9, 9]), np.array([True, True]), np.zeros(0, np.int64)], name="SparseFillEmptyRows of nothing", static_only=True)
case("SparseReshape", [Const(spot), extent, Const(i64([2, -1, 4]))], [i64([[0, 0, 1], [0, 0, 3], [1, 0, 0], [1, 1, 2], [1, 1, 3]]), i64([2, 2, 4])], static_only=True)
case("SparseReshape", [spot, i64([4, 4]), Const(i64([-1]))], [i64([[1], [3], [8], [14], [15]]), i64([16])], name="SparseReshape to a vector", static_only=True)
case("SparseReshape", [np.zeros((0, 2), np.int64), i64([3, 0]), i64([3, 0])], [np.zeros((0, 2), np.int64), i64([3, 0])], name="SparseReshape of nothing", static_only=True)
mixed = [3, 0, 4, 1, 2]
case("SparseReorder", [spot[mixed], held[mixed], extent], [spot, held], static_only=True)
case("SparseConcat", [Const(spot[:2]), Const(i64([[1, 0], [3, 1]])), held[:2], np.array([8, 9], np.float32), Const(i64([4, 4])), Const(i64([4, 2]))],
     [i64([[0, 1], [0, 3], [1, 4], [3, 5]]), np.array([1, 2, 8, 9], np.float32), i64([4, 6])], attrs={"concat_dim": {"i": -1}, "N": {"i": 2}}, static_only=True)
filled = np.zeros((4, 4), np.float32)
filled[spot[:, 0], spot[:, 1]] = held
case("SparseReduceSum", [Const(spot), held, extent, Const(i32([1]))], filled.sum(1), static_only=True)
case("SparseReduceSum", [Const(spot), held, extent, Const(i32([-2]))], filled.sum(0, keepdims=True), name="SparseReduceSum kept", attrs={"keep_dims": {"b": True}}, static_only=True)
partner = f(4, 4)
case("SparseTensorDenseAdd", [Const(spot), held, extent, partner], partner + filled, static_only=True)
column = f(4, 1, low=0.5, high=2)
for op, fn in [("SparseDenseCwiseMul", np.multiply), ("SparseDenseCwiseDiv", np.divide), ("SparseDenseCwiseAdd", np.add)]:
    case(op, [Const(spot), held, extent, column], fn(held, np.broadcast_to(column, (4, 4))[spot[:, 0], spot[:, 1]]), static_only=True)


def fingerprint(first, second):
    """Two fingerprints as one (FarmHash), on 64 bits."""
    times, bits = 0xC6A4A7935BD1E995, (1 << 64) - 1
    mix = lambda v: v ^ (v >> 47)
    v = (first ^ times) ^ (mix(second * times & bits) * times & bits)
    v = v * times & bits
    return mix(mix(v) * times & bits)


def crossed(rows, key, buckets):
    where, out = [], []
    for n, features in enumerate(rows):
        combinations = [[]]
        for feature in features:
            combinations = [c + [v] for c in combinations for v in feature]
        for j, c in enumerate(combinations):
            h = key
            for v in c:
                h = fingerprint(h, v & ((1 << 64) - 1))
            where.append([n, j])
            out.append(h % buckets)
    return [i64(where), i64(out), i64([len(rows), max([w[1] + 1 for w in where], default=0)])]


KEY = 0xDECAFCAFFE
hashed = lambda n, buckets, key=KEY: {"N": {"i": n}, "hashed_output": {"b": True}, "num_buckets": {"i": buckets}, "hash_key": {"i": key}}
left, right = [[3, -4], [], [7]], [[11], [12], [13, 14]]
flat = lambda rows: [i64([[i, j] for i, r in enumerate(rows) for j in range(len(r))]), i64([v for r in rows for v in r]), i64([len(rows), max(map(len, rows))])]
(li, lv, ls), (ri, rv, rs) = flat(left), flat(right)
case("SparseCross", [Const(li), Const(ri), lv, rv, Const(ls), Const(rs)], crossed(list(zip(left, right)), KEY, 1000), attrs=hashed(2, 1000), static_only=True)
wide = i64([[5, 6], [7, 8], [9, 10]])
case("SparseCross", [Const(li), lv, Const(ls), wide], crossed(list(zip(left, wide.tolist())), KEY, (1 << 63) - 1), name="SparseCross with a whole matrix", attrs=hashed(1, 0), static_only=True)
words = lambda *texts: [np.array([[t]]) for t in texts]
published = words("batch1-FC1-F1", "batch1-FC2-F1", "batch1-FC3-F1")
for buckets, key, want in [(0, KEY, 1971693436396284976), (100, KEY, 83), (0, KEY + 1, 4847552627144134031)]:
    case("SparseCross", published, [i64([[0, 0]]), i64([want]), i64([1, 1])], name=f"SparseCross of text as published {want}", attrs=hashed(0, buckets, key), static_only=True)

case("RaggedTensorToSparse", [Const(i64([0, 2, 2, 5])), held], [i64([[0, 0], [0, 1], [2, 0], [2, 1], [2, 2]]), held, i64([3, 3])], static_only=True)
case("StringNGrams", [np.array(["aa", "bb", "cc", "dd"]), Const(i64([0, 3, 3, 4]))],
     [np.array(["aa", "bb", "cc", "aa_bb", "bb_cc", "dd"]), i64([0, 5, 5, 6])], attrs={"separator": {"s": "_"}, "ngram_widths": {"li": [1, 2]}}, static_only=True)
case("StringNGrams", [np.array(["aa", "bb", "cc", "dd"]), Const(i32([0, 3, 4]))],
     [np.array(["< aa", "aa bb", "bb cc", "cc >", "< dd", "dd >"]), i32([0, 4, 6])], name="StringNGrams padded",
     attrs={"separator": {"s": " "}, "ngram_widths": {"li": [2]}, "left_pad": {"s": "<"}, "right_pad": {"s": ">"}, "pad_width": {"i": -1}}, static_only=True)

# --- boxes that detectors keep
def kept(boxes, scores, per_class, most, overlap, least, pad, clip):
    def union(a, b):
        h = min(a[2], b[2]) - max(a[0], b[0])
        w = min(a[3], b[3]) - max(a[1], b[1])
        both = max(h, 0) * max(w, 0)
        area = lambda c: (c[2] - c[0]) * (c[3] - c[1])
        return both / (area(a) + area(b) - both)

    out = []
    classes = scores.shape[2]
    size = min(most, per_class * classes) if pad else most
    for n in range(len(boxes)):
        found = []
        for c in range(classes):
            own = boxes[n, :, 0 if boxes.shape[2] == 1 else c]
            good = []
            for i in np.argsort(-scores[n, :, c], kind="stable"):
                if scores[n, i, c] > least and len(good) < per_class and all(union(own[i], own[j]) <= overlap for j in good):
                    good.append(i)
            found += [(scores[n, i, c], c, own[i]) for i in good]
        found = sorted(found, key=lambda v: -v[0])[:size]
        rows = [np.clip(v[2], 0, 1) if clip else v[2] for v in found] + [np.zeros(4)] * (size - len(found))
        out.append((np.array(rows), [v[0] for v in found] + [0] * (size - len(found)), [v[1] for v in found] + [0] * (size - len(found)), len(found)))
    return [np.array([o[0] for o in out], np.float32), np.array([o[1] for o in out], np.float32), np.array([o[2] for o in out], np.float32), i32([o[3] for o in out])]


corner = rng.uniform(-0.1, 0.8, (2, 9, 3, 2)).astype(np.float32)
many = np.concatenate([corner, corner + rng.uniform(0.1, 0.5, (2, 9, 3, 2)).astype(np.float32)], -1)
marks = rng.uniform(0, 1, (2, 9, 3)).astype(np.float32)
for label, given, per_class, most, pad, clip in [("", many[:, :, :1], 3, 6, False, True), (" of each class", many, 4, 20, False, False), (" padded by class", many[:, :, :1], 2, 50, True, True)]:
    case("CombinedNonMaxSuppression", [given, marks, Const(i32(per_class)), Const(i32(most)), Const(np.float32(0.3)), Const(np.float32(0.2))], kept(given, marks, per_class, most, 0.3, 0.2, pad, clip),
         name="CombinedNonMaxSuppression" + label, attrs={"pad_per_class": {"b": pad}, "clip_boxes": {"b": clip}})

unknown = np.array([np.nan, -np.inf, np.inf, 1], np.float32)
case("Bucketize", [unknown], i32([2, 0, 2, 1]), name="Bucketize of what is no number", attrs={"boundaries": {"lf": [0.5, 3]}})

with open("operators.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases,", len({c["op"] for c in cases}), "operators")

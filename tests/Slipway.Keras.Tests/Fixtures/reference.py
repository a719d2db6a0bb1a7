"""What Keras' layers compute, written out in NumPy and float64, independently of any converter."""
import numpy as np
from math import erf

f64 = np.float64


def act(name, x, major=2):
    x = np.asarray(x, f64)
    sig = lambda v: 1 / (1 + np.exp(-v))
    table = {
        "linear": lambda: x,
        "relu": lambda: np.maximum(x, 0),
        "relu6": lambda: np.clip(x, 0, 6),
        "sigmoid": lambda: sig(x),
        "tanh": lambda: np.tanh(x),
        "softplus": lambda: np.log1p(np.exp(x)),
        "softsign": lambda: x / (1 + np.abs(x)),
        "elu": lambda: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        "celu": lambda: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        "selu": lambda: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0))),
        "exponential": lambda: np.exp(x),
        "gelu": lambda: 0.5 * x * (1 + np.vectorize(erf)(x / np.sqrt(2))),
        "swish": lambda: x * sig(x),
        "silu": lambda: x * sig(x),
        "mish": lambda: x * np.tanh(np.log1p(np.exp(x))),
        "leaky_relu": lambda: np.where(x >= 0, x, 0.2 * x),
        "log_sigmoid": lambda: np.log(sig(x)),
        "hard_tanh": lambda: np.clip(x, -1, 1),
        "hard_silu": lambda: x * np.clip(x + 3, 0, 6) / 6,
        "hard_swish": lambda: x * np.clip(x + 3, 0, 6) / 6,
        "tanh_shrink": lambda: x - np.tanh(x),
        "soft_shrink": lambda: np.where(x > 0.5, x - 0.5, np.where(x < -0.5, x + 0.5, 0)),
        "hard_shrink": lambda: np.where(np.abs(x) > 0.5, x, 0),
        "squareplus": lambda: (x + np.sqrt(x * x + 4)) / 2,
        "sparse_plus": lambda: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
        "sparse_sigmoid": lambda: np.clip((x + 1) / 2, 0, 1),
        "hard_sigmoid": lambda: np.clip(x / 6 + 0.5, 0, 1) if major >= 3 else np.clip(0.2 * x + 0.5, 0, 1),
        "softmax": lambda: np.exp(x - x.max(-1, keepdims=True)) / np.exp(x - x.max(-1, keepdims=True)).sum(-1, keepdims=True),
        "log_softmax": lambda: x - x.max(-1, keepdims=True) - np.log(np.exp(x - x.max(-1, keepdims=True)).sum(-1, keepdims=True)),
        "glu": lambda: x[..., : x.shape[-1] // 2] * sig(x[..., x.shape[-1] // 2:]),
    }
    return table[name]()


def dense(x, kernel, bias=None, activation="linear", major=2):
    y = np.asarray(x, f64) @ np.asarray(kernel, f64)
    return act(activation, y if bias is None else y + bias, major)


def windows(size, k, stride, dilation, padding):
    """Output size and the padding before."""
    span = (k - 1) * dilation + 1
    if padding == "same":
        out = -(-size // stride)
        return out, max((out - 1) * stride + span - size, 0) // 2
    if padding == "causal":
        return (size + span - 1 - span) // stride + 1, span - 1
    return (size - span) // stride + 1, 0


def conv(x, kernel, bias=None, strides=None, padding="valid", dilation=None, groups=1):
    """x [N, spatial..., C], kernel [spatial..., C / groups, O]; any rank, plain loops over outputs."""
    x, kernel = np.asarray(x, f64), np.asarray(kernel, f64)
    rank = x.ndim - 2
    strides, dilation = strides or (1,) * rank, dilation or (1,) * rank
    geometry = [windows(x.shape[i + 1], kernel.shape[i], strides[i], dilation[i], padding) for i in range(rank)]
    outs = [g[0] for g in geometry]
    in_group, out_group = kernel.shape[-2], kernel.shape[-1] // groups
    y = np.zeros((x.shape[0], *outs, kernel.shape[-1]))
    for pos in np.ndindex(*outs):
        for off in np.ndindex(*kernel.shape[:rank]):
            at = [pos[i] * strides[i] + off[i] * dilation[i] - geometry[i][1] for i in range(rank)]
            if all(0 <= at[i] < x.shape[i + 1] for i in range(rank)):
                row = x[(slice(None), *at)]
                for g in range(groups):
                    y[(slice(None), *pos, slice(g * out_group, (g + 1) * out_group))] += row[:, g * in_group:(g + 1) * in_group] @ kernel[off][:, g * out_group:(g + 1) * out_group]
    return y if bias is None else y + bias


def depthwise(x, kernel, bias=None, strides=None, padding="valid", dilation=None):
    """kernel [spatial..., C, M]; output channel c * M + m."""
    parts = []
    for c in range(x.shape[-1]):
        parts.append(conv(x[..., c:c + 1], kernel[..., c:c + 1, :], None, strides, padding, dilation))
    y = np.concatenate(parts, -1)
    return y if bias is None else y + bias


def conv_transpose(x, kernel, bias=None, strides=None, padding="valid", output_padding=None, dilation=None):
    """kernel [spatial..., O, C]. Scatters every input into the output of Keras' size; SAME cuts the beginning by half of what is too much."""
    x, kernel = np.asarray(x, f64), np.asarray(kernel, f64)
    rank = x.ndim - 2
    strides, dilation = strides or (1,) * rank, dilation or (1,) * rank
    outs, begins = [], []
    for i in range(rank):
        span = (kernel.shape[i] - 1) * dilation[i] + 1
        size = x.shape[i + 1]
        if output_padding is None:
            out = size * strides[i] + (max(span - strides[i], 0) if padding == "valid" else 0)
        else:
            out = (size - 1) * strides[i] + span - (2 * (span // 2) if padding == "same" else 0) + output_padding[i]
        outs.append(out)
        begins.append(max((size - 1) * strides[i] + span - out, 0) // 2 if padding == "same" else 0)
    y = np.zeros((x.shape[0], *outs, kernel.shape[-2]))
    for pos in np.ndindex(*x.shape[1:-1]):
        for off in np.ndindex(*kernel.shape[:rank]):
            at = [pos[i] * strides[i] + off[i] * dilation[i] - begins[i] for i in range(rank)]
            if all(0 <= at[i] < outs[i] for i in range(rank)):
                y[(slice(None), *at)] += x[(slice(None), *pos)] @ kernel[off].T
    return y if bias is None else y + bias


def pool(x, size, strides, padding, kind):
    x = np.asarray(x, f64)
    rank = x.ndim - 2
    geometry = [windows(x.shape[i + 1], size[i], strides[i], 1, padding) for i in range(rank)]
    y = np.zeros((x.shape[0], *[g[0] for g in geometry], x.shape[-1]))
    for pos in np.ndindex(*[g[0] for g in geometry]):
        seen = []
        for off in np.ndindex(*size):
            at = [pos[i] * strides[i] + off[i] - geometry[i][1] for i in range(rank)]
            if all(0 <= at[i] < x.shape[i + 1] for i in range(rank)):
                seen.append(x[(slice(None), *at)])
        y[(slice(None), *pos)] = np.max(seen, 0) if kind == "max" else np.mean(seen, 0)
    return y


def resize(x, out, kind):
    """x [N, H, W, C]; half-pixel centres."""
    x = np.asarray(x, f64)

    def axis_weights(size, target):
        w = np.zeros((target, size))
        for i in range(target):
            c = (i + 0.5) * size / target - 0.5
            if kind == "nearest":
                w[i, min(int(np.floor((i + 0.5) * size / target)), size - 1)] = 1
            elif kind == "bilinear":
                lo = int(np.floor(c))
                for j, v in ((lo, 1 - (c - lo)), (lo + 1, c - lo)):
                    w[i, min(max(j, 0), size - 1)] += v
            else:
                lo = int(np.floor(c))
                total = 0
                for j in range(lo - 1, lo + 3):
                    d = abs(c - j)
                    v = 1.5 * d ** 3 - 2.5 * d ** 2 + 1 if d <= 1 else -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 if d < 2 else 0
                    if 0 <= j < size:
                        w[i, j] += v
                        total += v
                w[i] /= total
        return w

    return np.einsum("ah,bw,nhwc->nabc", axis_weights(x.shape[1], out[0]), axis_weights(x.shape[2], out[1]), x)


def batch_norm(x, gamma, beta, mean, variance, eps=1e-3, axis=-1):
    shape = [1] * x.ndim
    shape[axis] = -1
    r = lambda v: np.reshape(np.asarray(v, f64), shape)
    return r(gamma) * (np.asarray(x, f64) - r(mean)) / np.sqrt(r(variance) + eps) + r(beta)


def layer_norm(x, gamma, beta, eps=1e-3, axes=(-1,)):
    x = np.asarray(x, f64)
    m, v = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return (x - m) / np.sqrt(v + eps) * gamma + beta


def group_norm(x, gamma, beta, groups, eps=1e-3):
    x = np.asarray(x, f64)
    n, c = x.shape[0], x.shape[-1]
    g = x.reshape(n, -1, groups, c // groups)
    m, v = g.mean((1, 3), keepdims=True), g.var((1, 3), keepdims=True)
    return ((g - m) / np.sqrt(v + eps)).reshape(x.shape) * gamma + beta


class Cell:
    """One step of a recurrent layer: (output, states) from (x, states)."""

    def __init__(self, kind, kernel, recurrent, bias=None, activation="tanh", inner="sigmoid", reset_after=True, major=2):
        self.kind, self.k, self.r = kind, np.asarray(kernel, f64), np.asarray(recurrent, f64)
        self.b = None if bias is None else np.asarray(bias, f64)
        self.a, self.s = (lambda v: act(activation, v, major)), (lambda v: act(inner, v, major))
        self.reset_after, self.units = reset_after, self.r.shape[0]
        self.states = 2 if kind == "lstm" else 1

    def step(self, x, states):
        h, u = states[0], self.units
        if self.kind == "simple":
            z = x @ self.k + h @ self.r
            h = self.a(z if self.b is None else z + self.b)
            return h, [h]
        if self.kind == "lstm":
            z = x @ self.k + h @ self.r
            z = z if self.b is None else z + self.b
            i, f, g, o = self.s(z[:, :u]), self.s(z[:, u:2 * u]), self.a(z[:, 2 * u:3 * u]), self.s(z[:, 3 * u:])
            c = f * states[1] + i * g
            h = o * self.a(c)
            return h, [h, c]
        bi = 0 if self.b is None else (self.b[0] if self.b.ndim == 2 else self.b)
        br = 0 if self.b is None or self.b.ndim < 2 else self.b[1]
        zx = x @ self.k + bi
        if self.reset_after:
            zh = h @ self.r + br
            z, r = self.s(zx[:, :u] + zh[:, :u]), self.s(zx[:, u:2 * u] + zh[:, u:2 * u])
            hh = self.a(zx[:, 2 * u:] + r * zh[:, 2 * u:])
        else:
            z, r = self.s(zx[:, :u] + h @ self.r[:, :u]), self.s(zx[:, u:2 * u] + h @ self.r[:, u:2 * u])
            hh = self.a(zx[:, 2 * u:] + (r * h) @ self.r[:, 2 * u:])
        h = z * h + (1 - z) * hh
        return h, [h]


def rnn(cell, x, mask=None, backwards=False, zero_masked=False, initial=None):
    """All outputs, and the last states."""
    x = np.asarray(x, f64)
    n, t = x.shape[:2]
    states = [np.asarray(s, f64) for s in initial] if initial is not None else [np.zeros((n, cell.units)) for _ in range(cell.states)]
    previous = np.zeros((n, cell.units))
    outs = []
    for i in reversed(range(t)) if backwards else range(t):
        y, new = cell.step(x[:, i], states)
        if mask is not None:
            m = np.asarray(mask)[:, i:i + 1].astype(bool)
            y = np.where(m, y, np.zeros_like(y) if zero_masked else previous)
            new = [np.where(m, a, b) for a, b in zip(new, states)]
        outs.append(y)
        previous, states = y, new
    return np.stack(outs, 1), states


def attention_scores(scores, value, mask=None):
    if mask is not None:
        scores = scores - 1e9 * (1 - mask.astype(f64))
    return act("softmax", scores) @ np.asarray(value, f64)


def multi_head(query, value, key, wq, bq, wk, bk, wv, bv, wo, bo, mask=None):
    q = np.einsum("abc,cde->abde", np.asarray(query, f64), wq) + bq
    k = np.einsum("abc,cde->abde", np.asarray(key, f64), wk) + bk
    v = np.einsum("abc,cde->abde", np.asarray(value, f64), wv) + bv
    heads = []
    for h in range(q.shape[2]):
        s = np.einsum("ntd,nsd->nts", q[:, :, h], k[:, :, h]) / np.sqrt(q.shape[3])
        heads.append(attention_scores(s, v[:, :, h], mask))
    return np.einsum("nthd,hdo->nto", np.stack(heads, 2), wo) + bo

"""Compares reference.py with torch, which shares no code with it. Run: /usr/bin/python3 check_reference.py (needs numpy and torch)."""
import numpy as np
import torch

import reference as ref

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(3)
n = lambda *s: rng.standard_normal(s)
t = lambda a: torch.tensor(np.asarray(a, np.float64))


def same(name, a, b):
    d = np.abs(np.asarray(a) - np.asarray(b)).max()
    assert d < 1e-9, (name, d)
    print(f"{name}: {d:.1e}")


x = n(2, 7, 6, 4)
chw = t(x).permute(0, 3, 1, 2)
k, b = n(3, 2, 2, 6), n(6)
same("conv groups", ref.conv(x, k, b, (2, 1), "valid", (1, 1), 2), torch.nn.functional.conv2d(chw, t(k).permute(3, 2, 0, 1), t(b), (2, 1), groups=2).permute(0, 2, 3, 1))
k = n(3, 3, 4, 5)
same("conv same", ref.conv(x, k, None, None, "same", (2, 2)), torch.nn.functional.conv2d(chw, t(k).permute(3, 2, 0, 1), padding="same", dilation=2).permute(0, 2, 3, 1))
k = n(4, 3, 5, 4)
same("conv transpose", ref.conv_transpose(x, k, None, (2, 2), "valid"), torch.nn.functional.conv_transpose2d(chw, t(k).permute(3, 2, 0, 1), stride=2).permute(0, 2, 3, 1))
same("bilinear", ref.resize(x, (14, 12), "bilinear"), torch.nn.functional.interpolate(chw, (14, 12), mode="bilinear", align_corners=False).permute(0, 2, 3, 1))
same("average pool", ref.pool(x, (2, 2), (2, 2), "valid", "mean"), torch.nn.functional.avg_pool2d(chw, 2).permute(0, 2, 3, 1))
g, be = n(4), n(4)
same("group norm", ref.group_norm(x, g, be, 2), torch.nn.functional.group_norm(chw, 2, t(g), t(be), 1e-3).permute(0, 2, 3, 1))
for a in ["relu6", "softplus", "softsign", "elu", "selu", "gelu", "silu", "mish", "log_sigmoid", "hard_tanh", "celu", "glu"]:
    f = {"log_sigmoid": "logsigmoid", "hard_tanh": "hardtanh"}.get(a, a)
    same(a, ref.act(a, x, 3), getattr(torch.nn.functional, f)(t(x)))
same("hard_sigmoid", ref.act("hard_sigmoid", x, 3), torch.nn.functional.hardsigmoid(t(x)))

s, u = n(2, 5, 3), 4
for kind, module, gates in [("lstm", torch.nn.LSTM, [0, 1, 2, 3]), ("gru", torch.nn.GRU, [1, 0, 2])]:
    w, r, b1, b2 = n(3, u * len(gates)), n(u, u * len(gates)), n(u * len(gates)), n(u * len(gates))
    order = lambda a: np.concatenate([a[..., g * u:(g + 1) * u] for g in gates], -1)
    net = module(3, u, batch_first=True)
    with torch.no_grad():
        for p, v in zip(net.parameters(), [order(w).T, order(r).T, order(b1), order(b2)]):
            p.copy_(t(v))
    bias = b1 + b2 if kind == "lstm" else np.stack([b1, b2])
    same(kind, ref.rnn(ref.Cell(kind, w, r, bias), s)[0], net(t(s))[0].detach())
q, v = n(2, 4, 6), n(2, 5, 6)
net = torch.nn.MultiheadAttention(6, 2, batch_first=True)
ws = [n(6, 2, 3) for _ in range(3)]
bs = [n(2, 3) for _ in range(3)]
wo, bo = n(2, 3, 6), n(6)
with torch.no_grad():
    net.in_proj_weight.copy_(t(np.concatenate([w.reshape(6, 6).T for w in ws])))
    net.in_proj_bias.copy_(t(np.concatenate([b.reshape(6) for b in bs])))
    net.out_proj.weight.copy_(t(wo.reshape(6, 6).T))
    net.out_proj.bias.copy_(t(bo))
same("multi-head", ref.multi_head(q, v, v, ws[0], bs[0], ws[1], bs[1], ws[2], bs[2], wo, bo), net(t(q), t(v), t(v))[0].detach())

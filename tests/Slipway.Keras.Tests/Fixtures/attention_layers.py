"""Attention and layers that prepare data."""
import numpy as np

import reference as ref
from cases import CASES, add, both, graph, normal, one
from keras_files import Layer, input_layer, keras_bytes, sequential

f64 = np.float64
q, v, k = normal(2, 4, 3), normal(2, 5, 3), normal(2, 5, 3)
scale = normal(1)


def refs(*names):
    return [(n, 0, 0) for n in names]


def attention(scores, value, mask=None):
    return ref.attention_scores(scores, value, mask)


dots = lambda a, b: np.einsum("nte,nse->nts", a.astype(f64), b)
graph("attention", lambda major: [(Layer("Attention", {"use_scale": False, "dropout": 0.0, "score_mode": "dot"}, name="y"), [(refs("q", "v"), {})])], {"q": q, "v": v}, [("y", 0, 0)], {"y": attention(dots(q, v), v)})
graph("attention-key-scale", lambda major: [(Layer("Attention", {"use_scale": True, "score_mode": "dot"}, [("scale", scale[0])], name="y"), [(refs("q", "v", "k"), {})])], {"q": q, "v": v, "k": k}, [("y", 0, 0)], {"y": attention(dots(q, k) * scale[0], v)})
graph("attention-concat", lambda major: [(Layer("Attention", {"use_scale": True, "score_mode": "concat"}, [("scale", scale[0]), ("concat_score_weight", 0.7)], name="y"), [(refs("q", "v"), {})])], {"q": q, "v": v}, [("y", 0, 0)],
      {"y": attention(np.float32(0.7) * np.tanh(scale[0] * (q[:, :, None].astype(f64) + v[:, None])).sum(-1), v)})
causal = np.tril(np.ones((4, 5)))[None]
graph("attention-causal", lambda major: [(Layer("Attention", {"use_scale": False, "score_mode": "dot"}, name="y"), [(refs("q", "v"), {"use_causal_mask": True})])], {"q": q, "v": v}, [("y", 0, 0)], {"y": attention(dots(q, v), v, causal)})
sc = normal(3)
graph("additive-attention", lambda major: [(Layer("AdditiveAttention", {"use_scale": True}, [("scale", sc)], name="y"), [(refs("q", "v"), {"return_attention_scores": True})])], {"q": q, "v": v}, [("y", 0, 0), ("y", 0, 1)],
      {"y": attention((sc * np.tanh(q[:, :, None].astype(f64) + v[:, None])).sum(-1), v), "y_1": ref.act("softmax", (sc * np.tanh(q[:, :, None].astype(f64) + v[:, None])).sum(-1))})

# Masks from embeddings.
table = normal(7, 3)
qi, vi = np.array([[1, 2, 0, 3], [4, 0, 0, 0]], np.int32), np.array([[1, 0, 2, 3, 0], [5, 6, 0, 0, 0]], np.int32)
emb = Layer("Embedding", {"input_dim": 7, "output_dim": 3, "mask_zero": True}, [("embeddings", table)], name="embedding")
masked = attention(dots(table[qi], table[vi]), table[vi], (vi != 0)[:, None]) * (qi != 0)[..., None]
graph("attention-masked", lambda major: [(emb, [(refs("a"), {}), (refs("b"), {})]), (Layer("Attention", {"use_scale": False, "score_mode": "dot"}, name="y"), [([("embedding", 0, 0), ("embedding", 1, 0)], {})])], {"a": qi, "b": vi}, [("y", 0, 0)], {"y": masked})


def mha(heads, size, features, out, value_size=None, bias=True):
    value_size = value_size or size
    parts = [("query", normal(features, heads, size, scale=0.5), normal(heads, size)), ("key", normal(features, heads, size, scale=0.5), normal(heads, size)),
             ("value", normal(features, heads, value_size, scale=0.5), normal(heads, value_size)), ("attention_output", normal(heads, value_size, out, scale=0.5), normal(out))]
    if not bias:
        parts = [(n, a, np.zeros_like(b)) for n, a, b in parts]
    attrs = ["query_dense", "key_dense", "value_dense", "output_dense"]
    cfg = {"num_heads": heads, "key_dim": size, "value_dim": value_size, "dropout": 0.0, "use_bias": bias, "output_shape": None, "attention_axes": None}
    children = {a: Layer("EinsumDense", {}, [("kernel", w)] + ([("bias", b)] if bias else []), name=n) for a, (n, w, b) in zip(attrs, parts)}
    return (lambda name: Layer("MultiHeadAttention", cfg, [], name=name, children=children)), [x for _, w, b in parts for x in (w, b)]


layer, w = mha(2, 4, 3, 3)
call = lambda major, *names, **kw: ([("q", 0, 0)], {"value": ("v", 0, 0), **kw}) if major < 3 else ([("q", 0, 0), ("v", 0, 0)], {"__spread__": True, **kw})
graph("mha", lambda major: [(layer("y"), [call(major)])], {"q": q, "v": v}, [("y", 0, 0)], {"y": ref.multi_head(q, v, v, *w)})
graph("mha-causal", lambda major: [(layer("y"), [call(major, use_causal_mask=True)])], {"q": q, "v": v}, [("y", 0, 0)], {"y": ref.multi_head(q, v, v, *w, mask=causal)})
graph("mha-key", lambda major: [(layer("y"), [call(major, key=("k", 0, 0))])], {"q": q, "v": v, "k": k}, [("y", 0, 0)], {"y": ref.multi_head(q, v, k, *w)})
am = (np.arange(40).reshape(2, 4, 5) % 3 != 0).astype(np.int32)
graph("mha-attention-mask", lambda major: [(layer("y"), [call(major, attention_mask=("m", 0, 0))])], {"q": q, "v": v, "m": am}, [("y", 0, 0)], {"y": ref.multi_head(q, v, v, *w, mask=am)})
layer2, w2 = mha(3, 2, 3, 3, value_size=5, bias=False)
graph("mha-value-size", lambda major: [(layer2("y"), [call(major)])], {"q": q, "v": v}, [("y", 0, 0)], {"y": ref.multi_head(q, v, v, *w2)})
both_masks = ((qi != 0)[:, :, None] & (qi != 0)[:, None, :])
e = table[qi]
selfcall = lambda major: ([("embedding", 0, 0)], {"value": ("embedding", 0, 0)}) if major < 3 else ([("embedding", 0, 0), ("embedding", 0, 0)], {"__spread__": True})
rows = ref.multi_head(e, e, e, *w, mask=both_masks)
g1, b1 = normal(3), normal(3)
graph("transformer-block", lambda major: [(emb, [(refs("a"), {})]), (layer("attend"), [selfcall(major)]), (Layer("Add", {}, name="add"), [([("embedding", 0, 0), ("attend", 0, 0)], {})]), (Layer("LayerNormalization", {"axis": [2] if major < 3 else -1, "epsilon": 1e-6, "center": True, "scale": True}, [("gamma", g1), ("beta", b1)], name="norm"), [(refs("add"), {})]), (Layer("GlobalAveragePooling1D", {"data_format": "channels_last"}, name="y"), [(refs("norm"), {})])],
      {"a": qi}, [("y", 0, 0)], {"y": (ref.layer_norm(e + rows, g1, b1, 1e-6) * (qi != 0)[..., None]).sum(1) / (qi != 0).sum(1, keepdims=True)})

one("center-crop", "CenterCrop", {"height": 3, "width": 2, "data_format": "channels_last"}, [], (crop := normal(2, 6, 5, 3)), crop[:, 1:4, 1:3])

# --- preparing data --------------------------------------------------------------------------------------------------------------------------------
img = np.arange(48, dtype=np.float32).reshape(1, 4, 4, 3)
one("rescaling", "Rescaling", {"scale": 1 / 127.5, "offset": -1.0}, [], img, img.astype(f64) / 127.5 - 1)
one("rescaling-lists", "Rescaling", {"scale": [1.0, 2.0, 0.5], "offset": [0.0, -1.0, 1.0]}, [], img, img.astype(f64) * [1, 2, .5] + [0, -1, 1])
ids = np.array([[3, 1, 1], [0, 2, 3]], np.int32)
onehot = np.eye(5)[ids]
one("category-multi-hot", "CategoryEncoding", {"num_tokens": 5, "output_mode": "multi_hot"}, [], ids, onehot.max(1), dtype="int32")
one("category-count", "CategoryEncoding", {"num_tokens": 5, "output_mode": "count"}, [], ids, onehot.sum(1), dtype="int32")
one("category-one-hot", "CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, [], ids[:, :1], np.eye(5)[ids[:, 0]], dtype="int32")
xs = np.array([[-1.0, 0.0, 0.5], [1.0, 2.5, 9.0]], np.float32)


def whole(name, layers, x, dtype, outputs, major=3, assets=None):
    """A .keras file whose output is no float."""
    for i, l in enumerate(layers):
        l.name = l.name or f"{l.cls.lower()}_{i}"
    config = sequential([input_layer("x", np.shape(x)[1:], dtype, major)] + layers, major)
    add(name, keras_bytes(config, layers, assets=assets), "keras", {"x": x}, {layers[-1].name: outputs})
    for spec in CASES[name][2]["outputs"].values():
        if np.asarray(outputs).dtype.kind == "i":
            spec["type"] = "int64"


whole("discretization", [Layer("Discretization", {"bin_boundaries": [0.0, 1.0, 2.0], "output_mode": "int", "num_bins": None})], xs, "float32", np.digitize(xs, [0, 1, 2]))
one("discretization-one-hot", "Discretization", {"bin_boundaries": [0.0, 1.0, 2.0], "output_mode": "one_hot"}, [], xs[:, :1], np.eye(4)[np.digitize(xs[:, 0], [0, 1, 2])], majors=(3,))
words = np.array([["cat", "dog"], ["bird", "cat"], ["", "eel"]], dtype=object)
vocabulary = ["dog", "cat", "eel"]
position = lambda w, start, mask=None: 0 if mask is not None and w == mask else vocabulary.index(w) + start + 1 if w in vocabulary else start
whole("string-lookup", [Layer("StringLookup", {"vocabulary": vocabulary, "num_oov_indices": 1, "mask_token": None, "oov_token": "[UNK]", "invert": False, "output_mode": "int"})], words, "string", np.vectorize(lambda w: position(w, 0))(words))
whole("string-lookup-mask", [Layer("StringLookup", {"vocabulary": vocabulary, "num_oov_indices": 1, "mask_token": "", "oov_token": "[UNK]", "invert": False, "output_mode": "int"})], words, "string", np.vectorize(lambda w: position(w, 1, ""))(words))
whole("string-lookup-asset", [Layer("StringLookup", {"vocabulary": None, "num_oov_indices": 1, "mask_token": None, "oov_token": "[UNK]", "invert": False, "output_mode": "int"})], words, "string", np.vectorize(lambda w: position(w, 0))(words), assets={"assets/layers/string_lookup/vocabulary.txt": "\n".join(["[UNK]"] + vocabulary)})
whole("string-lookup-multi-hot", [Layer("StringLookup", {"vocabulary": vocabulary, "num_oov_indices": 1, "mask_token": None, "oov_token": "[UNK]", "invert": False, "output_mode": "multi_hot"})], words, "string", np.eye(4)[np.vectorize(lambda w: position(w, 0))(words)].max(1))
whole("string-lookup-invert", [Layer("StringLookup", {"vocabulary": vocabulary, "num_oov_indices": 1, "mask_token": None, "oov_token": "[UNK]", "invert": True, "output_mode": "int"})], np.array([[0, 1], [3, 2]], np.int32), "int32", np.array([["[UNK]", "dog"], ["eel", "cat"]], dtype=object))
whole("integer-lookup", [Layer("IntegerLookup", {"vocabulary": [12, 36, 1138], "num_oov_indices": 1, "mask_token": None, "oov_token": -1, "invert": False, "output_mode": "int", "vocabulary_dtype": "int64"})], np.array([[12, 7], [1138, 36]], np.int32), "int32", np.array([[1, 0], [3, 2]]))
whole("integer-lookup-one-hot", [Layer("IntegerLookup", {"vocabulary": [12, 36, 1138], "num_oov_indices": 1, "mask_token": None, "oov_token": -1, "invert": False, "output_mode": "one_hot", "vocabulary_dtype": "int64"})], np.array([[12], [7], [1138]], np.int32), "int32", np.eye(4)[[1, 0, 3]])

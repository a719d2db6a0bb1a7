"""Writes model files in the layouts of Keras 2 (.h5) and Keras 3 (.h5, .keras), with h5py, without Keras."""
import io
import json
import re
import zipfile

import h5py
import numpy as np


class Layer:
    """A layer: class, name, arguments, own variables in Keras' order, and layers inside it by attribute."""

    def __init__(self, cls, cfg=None, variables=(), name=None, children=None, legacy=None, module="keras.layers"):
        self.cls, self.cfg, self.variables = cls, dict(cfg or {}), [(n, np.asarray(a, np.int8 if np.asarray(a).dtype == np.int8 else np.float32)) for n, a in variables]
        self.name = name
        self.children = children or {}
        self.legacy_names = legacy
        self.module = module

    def legacy(self, prefix):
        """Names and arrays as weight_names has them: trainable first."""
        if self.legacy_names is not None:
            return [(n, np.asarray(a, np.float32)) for n, a in self.legacy_names]
        out = [(f"{prefix}/{n}", a) for n, a in self.variables]
        for attr, child in self.children.items():
            for item in child if isinstance(child, list) else [child]:
                out += item.legacy(f"{prefix}/{item.name or attr}" if attr != "layers" else item.name)
        fixed = ("moving_mean", "moving_variance", "mean", "variance", "count")
        return [w for w in out if not w[0].endswith(fixed)] + [w for w in out if w[0].endswith(fixed)]


def snake(name):
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def policy(major):
    if major < 3:
        return "float32"
    return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def layer_json(layer, major):
    cfg = {"name": layer.name, "trainable": True}
    if layer.cls != "InputLayer":
        cfg["dtype"] = policy(major)
    cfg.update(layer.cfg)
    out = {"class_name": layer.cls, "config": cfg}
    if major >= 3:
        out = {"module": layer.module, **out, "registered_name": None, "build_config": {}}
    return out


def input_layer(name, shape, dtype="float32", major=2):
    key = "batch_input_shape" if major < 3 else "batch_shape"
    return Layer("InputLayer", {key: [None] + list(shape), "dtype": dtype, "sparse": False}, name=name)


def tensor(ref, major):
    if major < 3:
        return [ref[0], ref[1], ref[2], {}]
    return {"class_name": "__keras_tensor__", "config": {"shape": [None], "dtype": "float32", "keras_history": list(ref)}}


def node_json(args, kwargs, major):
    """args: references (name, node, tensor); kwargs: references, lists of them, or constants."""
    def value(v):
        if isinstance(v, tuple):
            return list(v) if major < 3 else tensor(v, major)
        if isinstance(v, list) and v and isinstance(v[0], tuple):
            return [value(x) for x in v]
        return v

    named = {k: value(v) for k, v in kwargs.items()}
    if major < 3:
        nodes = [list(a) + [dict(named)] for a in args]
        return nodes
    if len(args) == 1:
        return {"args": [tensor(args[0], 3)], "kwargs": named}
    return {"args": [[tensor(a, 3) for a in args]], "kwargs": named}


def sequential(layers, major, name="sequential"):
    cfg = {"name": name, "layers": [layer_json(l, major) for l in layers]}
    return {"class_name": "Sequential", "config": cfg}


def functional(entries, inputs, outputs, major, name="model"):
    """entries: (layer, [(args, kwargs), ...])."""
    layers = []
    for layer, calls in entries:
        item = layer_json(layer, major)
        item["name"] = layer.name
        nodes = []
        for args, kwargs in calls:
            spread = kwargs.pop("__spread__", False) if isinstance(kwargs, dict) else False
            node = node_json(args, kwargs, major)
            if spread and major >= 3:
                node["args"] = node["args"][0]
            nodes.append(node)
        item["inbound_nodes"] = nodes
        layers.append(item)
    cfg = {"name": name, "trainable": True, "layers": layers, "input_layers": [list(i) for i in inputs], "output_layers": [list(o) for o in outputs]}
    return {"class_name": "Functional", "config": cfg}


def fill_h5(f, config, layers, version, backend="tensorflow", suffix=":0"):
    f.attrs["keras_version"] = version.encode()
    f.attrs["backend"] = backend.encode()
    f.attrs["model_config"] = json.dumps(config).encode()
    g = f.create_group("model_weights")
    g.attrs["backend"] = backend.encode()
    g.attrs["keras_version"] = version.encode()
    g.attrs["layer_names"] = [l.name.encode() for l in layers]
    for layer in layers:
        lg = g.create_group(layer.name)
        weights = [(n + suffix, a) for n, a in layer.legacy(layer.name)]
        lg.attrs["weight_names"] = [n.encode() for n, _ in weights]
        for n, a in weights:
            lg.create_dataset(n, data=a)
    g.create_group("top_level_model_weights").attrs["weight_names"] = []


def h5_bytes(config, layers, version="2.13.1"):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        fill_h5(f, config, layers, version, suffix=":0" if version.startswith("2") else "")
    return buffer.getvalue()


def store(group, layer, name):
    g = group.create_group(name)
    v = g.create_group("vars")
    for i, (_, a) in enumerate(layer.variables):
        v[str(i)] = a
    for attr, child in layer.children.items():
        if isinstance(child, list):
            store_list(g.create_group(attr), child)
        else:
            store(g, child, attr)


def store_list(group, layers, step=1):
    used = {}
    for layer in layers:
        name = snake(layer.cls)
        if name in used:
            used[name] += step
            name = f"{name}_{used[name]}"
        else:
            used[name] = 0
        store(group, layer, name)


def keras_bytes(config, layers, version="3.8.0", assets=None, numbers=1):
    is_sequential = config["class_name"] == "Sequential"
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        f.create_group("vars")
        store_list(f.create_group("layers" if numbers == 1 else "_layer_checkpoint_dependencies"), [l for l in layers if not (is_sequential and l.cls == "InputLayer") and not l.module.startswith("keras.src.ops")], numbers)
    config = {"module": "keras" if is_sequential else "keras.src.models.functional", **config, "registered_name": None, "build_config": {}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("metadata.json", json.dumps({"keras_version": version, "date_saved": "2025-01-01@00:00:00"}))
        z.writestr("config.json", json.dumps(config))
        z.writestr("model.weights.h5", buffer.getvalue())
        for path, text in (assets or {}).items():
            z.writestr(path, text)
    return out.getvalue()

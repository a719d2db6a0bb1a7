"""Cases: a model file with inputs and expected outputs each."""
import numpy as np

from keras_files import functional, h5_bytes, input_layer, keras_bytes, Layer, sequential

rng = np.random.default_rng(20251101)
CASES = {}


def normal(*shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def add(name, data, extension, inputs, outputs, tolerance=2e-5):
    assert name not in CASES, name
    pack = lambda a: {"shape": list(np.shape(a)), "type": "int32" if np.asarray(a).dtype.kind == "i" else "string" if np.asarray(a).dtype.kind in "UO" else "float32", "data": [float(f"{v:.9g}") if isinstance(v, float) else v for v in np.asarray(a).reshape(-1).tolist()]}
    CASES[name] = (extension, data, {"inputs": {k: pack(v) for k, v in inputs.items()}, "outputs": {k: pack(v) for k, v in outputs.items()}, "tolerance": tolerance})


def both(name, layers_of, x, expected_of, majors=(2, 3), dtype="float32", shape=None, tolerance=2e-5):
    """A Sequential model in the layouts of Keras 2 (.h5) and Keras 3 (.keras). layers_of and expected_of take the major version."""
    for major in majors:
        layers = layers_of(major)
        for i, l in enumerate(layers):
            l.name = l.name or f"{l.cls.lower()}_{i}"
        first = input_layer("x", shape or np.shape(x)[1:], dtype, major)
        config = sequential([first] + layers, major)
        data = h5_bytes(config, [first] + layers) if major < 3 else keras_bytes(config, layers)
        add(f"{name}.{major}", data, "h5" if major < 3 else "keras", {"x": x}, {layers[-1].name: expected_of(major)}, tolerance)


def one(name, cls, cfg, variables, x, y, **options):
    both(name, lambda major: [Layer(cls, cfg, variables)], x, (lambda major: y) if not callable(y) else y, **options)


def graph(name, entries_of, inputs, outputs, expected, majors=(2, 3), inputs_of=None, tolerance=2e-5):
    """A functional model. entries_of(major) gives (layer, calls) after the inputs; inputs: name -> array."""
    for major in majors:
        ins = [(input_layer(k, np.shape(v)[1:], "int32" if np.asarray(v).dtype.kind == "i" else "string" if np.asarray(v).dtype.kind in "UO" else "float32", major), []) for k, v in inputs.items()]
        entries = ins + entries_of(major)
        config = functional(entries, [(k, 0, 0) for k in inputs], outputs, major)
        layers = [e[0] for e in entries]
        data = h5_bytes(config, layers) if major < 3 else keras_bytes(config, layers)
        add(f"{name}.{major}", data, "h5" if major < 3 else "keras", inputs, expected, tolerance)

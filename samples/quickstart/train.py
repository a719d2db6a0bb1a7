#!/usr/bin/env python3
"""Trains the three models of `slipway quickstart` and writes them as ONNX, with rows that they have not seen.

Needs scikit-learn and onnx (Debian: python3-sklearn, python3-onnx). The graphs are written node by node with onnx.helper, so that a reader can see
what is in them. Run it in this folder; it is not part of the build: its results are kept in models/ and rows/.
"""

import csv
import json
import pathlib

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save_model
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).parent
SEED = 20
ROWS_KEPT = 12


def constant(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype=dtype), name)


def save(name, nodes, constants, input_name, width, classes, text_labels, features, folder=None):
    label_type = TensorProto.STRING if text_labels else TensorProto.INT64
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(input_name, TensorProto.FLOAT, ["batch", width])],
        [
            helper.make_tensor_value_info("label", label_type, ["batch"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", len(classes)]),
        ],
        constants,
    )
    model = helper.make_model(
        graph,
        producer_name="slipway-samples",
        opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 3)],
    )
    model.ir_version = 8
    for key, value in {"classes": classes, "slipway.features": features}.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, json.dumps(value)
    checker.check_model(model)
    folder = folder or HERE / "models" / name / "1"
    folder.mkdir(parents=True, exist_ok=True)
    save_model(model, str(folder / "model.onnx"))


def keep_rows(name, features, rows, truth):
    folder = HERE / "rows"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{name}.csv", "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(features)
        writer.writerows([[f"{value:g}" for value in row] for row in rows])
    with open(folder / f"{name}.truth.csv", "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["truth"])
        writer.writerows([[label] for label in truth])


def plain(names):
    return [name.replace(" (cm)", "_cm").replace(" ", "_") for name in names]


def split(data):
    return train_test_split(data.data.astype(np.float32), data.target, test_size=0.2, random_state=SEED, stratify=data.target)


def report(name, model, test, truth):
    print(f"{name}: {model.score(test, truth):.4f} of {len(truth)} held-out rows right")


def iris():
    """Scaling and multinomial logistic regression: (x - mean) / scale, one matrix product, softmax."""
    data = load_iris()
    train, test, train_truth, truth = split(data)
    scaler = StandardScaler().fit(train)
    model = LogisticRegression(max_iter=1000).fit(scaler.transform(train), train_truth)
    report("iris", model, scaler.transform(test), truth)
    classes = [str(name) for name in data.target_names]
    nodes = [
        helper.make_node("Sub", ["features", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "scale"], ["scaled"]),
        helper.make_node("Gemm", ["scaled", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        helper.make_node("ArgMax", ["logits"], ["index"], axis=1, keepdims=0),
        helper.make_node("LabelEncoder", ["index"], ["label"], domain="ai.onnx.ml",
                         keys_int64s=range(len(classes)), values_strings=classes),
    ]
    constants = [
        constant("mean", scaler.mean_),
        constant("scale", scaler.scale_),
        constant("weights", model.coef_.T),
        constant("bias", model.intercept_),
    ]
    names = plain(data.feature_names)
    save("iris", nodes, constants, "features", 4, classes, True, names)
    keep_rows("iris", names, test[:ROWS_KEPT], [classes[i] for i in truth[:ROWS_KEPT]])


def breast_cancer():
    """A random forest: one operator that holds all trees."""
    data = load_breast_cancer()
    train, test, train_truth, truth = split(data)
    model = RandomForestClassifier(n_estimators=40, max_depth=6, random_state=SEED).fit(train, train_truth)
    report("breast_cancer", model, test, truth)
    classes = [str(name) for name in data.target_names]
    node = {key: [] for key in ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    leaf = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for number, estimator in enumerate(model.estimators_):
        tree = estimator.tree_
        for at in range(tree.node_count):
            is_leaf = tree.children_left[at] == tree.children_right[at]
            # scikit-learn compares float32 features with float64 thresholds: rounding the threshold towards the left keeps every decision.
            threshold = np.float32(tree.threshold[at])
            if threshold > tree.threshold[at]:
                threshold = np.nextafter(threshold, np.float32(-np.inf))
            node["treeids"].append(number)
            node["nodeids"].append(at)
            node["featureids"].append(0 if is_leaf else int(tree.feature[at]))
            node["modes"].append("LEAF" if is_leaf else "BRANCH_LEQ")
            node["values"].append(0.0 if is_leaf else float(threshold))
            node["truenodeids"].append(0 if is_leaf else int(tree.children_left[at]))
            node["falsenodeids"].append(0 if is_leaf else int(tree.children_right[at]))
            node["missing_value_tracks_true"].append(0)
            if is_leaf:
                shares = tree.value[at][0] / tree.value[at][0].sum()
                # Of two classes only the second is counted, under one id: the operator then answers [1 - p, p] and labels by p > 0.5.
                leaf["treeids"].append(number)
                leaf["nodeids"].append(at)
                leaf["ids"].append(0)
                leaf["weights"].append(float(shares[1]) / len(model.estimators_))
    nodes = [
        helper.make_node(
            "TreeEnsembleClassifier", ["features"], ["label", "probabilities"], domain="ai.onnx.ml",
            classlabels_strings=classes, post_transform="NONE",
            **{f"nodes_{key}": value for key, value in node.items()},
            **{f"class_{key}": value for key, value in leaf.items()},
        )
    ]
    names = plain(data.feature_names)
    save("breast_cancer", nodes, [], "features", len(names), classes, True, names)
    keep_rows("breast_cancer", names, test[:ROWS_KEPT], [classes[i] for i in truth[:ROWS_KEPT]])


def digits():
    """A small neural network over 8 × 8 pixels of ink from 0 to 16."""
    data = load_digits()
    train, test, train_truth, truth = split(data)
    model = MLPClassifier(hidden_layer_sizes=(64,), max_iter=400, random_state=SEED).fit(train / 16, train_truth)
    report("digits", model, test / 16, truth)
    save_digits(model)
    keep_rows("digits", [f"pixel_{row}_{column}" for row in range(8) for column in range(8)], test[:ROWS_KEPT], truth[:ROWS_KEPT].tolist())


def mixed_up_digits():
    """The same network, trained after somebody mixed up the labels: quick, sure of itself, and wrong. The rollout of the quickstart finds out."""
    data = load_digits()
    train, test, train_truth, truth = split(data)
    mixed_up = np.array([3, 7, 0, 5, 9, 1, 8, 2, 4, 6])
    model = MLPClassifier(hidden_layer_sizes=(64,), max_iter=400, random_state=SEED).fit(train / 16, mixed_up[train_truth])
    report("digits, labels mixed up", model, test / 16, truth)
    save_digits(model, HERE / "next" / "digits" / "2")


def save_digits(model, folder=None):
    nodes = [
        helper.make_node("Div", ["pixels", "most_ink"], ["scaled"]),
        helper.make_node("Gemm", ["scaled", "weights_0", "bias_0"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "weights_1", "bias_1"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        helper.make_node("ArgMax", ["logits"], ["label"], axis=1, keepdims=0),
    ]
    constants = [constant("most_ink", [16.0])]
    for layer, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
        constants += [constant(f"weights_{layer}", weights), constant(f"bias_{layer}", bias)]
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    save("digits", nodes, constants, "pixels", 64, [str(digit) for digit in range(10)], False, names, folder)


if __name__ == "__main__":
    iris()
    breast_cancer()
    digits()
    mixed_up_digits()

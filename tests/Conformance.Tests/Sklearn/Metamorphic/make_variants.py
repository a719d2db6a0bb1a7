#!/usr/bin/env python3
"""Fits classifiers and regressors and writes, for each, variants that must answer the same: one that takes its features in another order, one whose classes are called otherwise.

    make_variants.py FOLDER

FOLDER/cases.jsonl has one JSON object a line: name, base, ordered, renamed (files; absent where there is none), rows and ordered_rows (raw little-endian binary64, with their shape), names (label: other label).
"""
import copy, json, os, sys, warnings
import numpy as np

warnings.filterwarnings("ignore")
import joblib
from sklearn import compose, discriminant_analysis, ensemble, linear_model, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

CLASSIFIERS = [
    linear_model.LogisticRegression(max_iter=500), linear_model.SGDClassifier(loss="log_loss", random_state=0), tree.DecisionTreeClassifier(random_state=0), ensemble.RandomForestClassifier(20, random_state=0),
    ensemble.ExtraTreesClassifier(20, random_state=0), ensemble.GradientBoostingClassifier(n_estimators=20, random_state=0), ensemble.HistGradientBoostingClassifier(max_iter=20, random_state=0),
    svm.SVC(probability=True, random_state=0), svm.LinearSVC(random_state=0), neighbors.KNeighborsClassifier(5), naive_bayes.GaussianNB(), discriminant_analysis.LinearDiscriminantAnalysis(),
    discriminant_analysis.QuadraticDiscriminantAnalysis(), pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()),
]
REGRESSORS = [
    linear_model.Ridge(), ensemble.RandomForestRegressor(20, random_state=0), ensemble.GradientBoostingRegressor(n_estimators=20, random_state=0), ensemble.HistGradientBoostingRegressor(max_iter=20),
    svm.SVR(), neighbors.KNeighborsRegressor(4, weights="distance"), neural_network.MLPRegressor((8,), max_iter=200, random_state=0), pipeline.make_pipeline(preprocessing.PolynomialFeatures(2), linear_model.Ridge()),
]
NAMES = ["walnut", "almond", "pecan", "hazel"]


def numbers(folder, name, array):
    array = np.ascontiguousarray(array, dtype="<f8")
    array.tofile(os.path.join(folder, name))
    return {"file": name, "shape": list(array.shape)}


def main():
    folder = sys.argv[1]
    r = np.random.default_rng(11)
    with open(os.path.join(folder, "cases.jsonl"), "w", encoding="utf-8") as out:
        for number, prototype in enumerate(CLASSIFIERS * 2 + REGRESSORS):
            f, k = int(r.integers(3, 7)), int(r.integers(2, 5))
            x = r.normal(size=(160, f)) * 10 ** r.uniform(-1, 1, size=f)
            is_classifier = number < 2 * len(CLASSIFIERS)
            y = (x / x.std(axis=0) @ r.normal(size=(f, k)) + 0.5 * r.normal(size=(len(x), k))).argmax(1) if is_classifier else x @ r.normal(size=f) + r.normal(size=len(x))
            if is_classifier:
                y[:k] = np.arange(k)
            estimator = copy.deepcopy(prototype).fit(x, y)
            rows = np.vstack([x[:100], r.normal(size=(150, f)) * x.std(axis=0) * 3])
            order = r.permutation(f)
            back = [int(i) for i in np.argsort(order)]
            first = compose.ColumnTransformer([("back", "passthrough", back)]).fit(x[:, order])
            line = {"name": f"{number} {type(prototype).__name__}", "base": f"{number}.joblib", "ordered": f"{number}o.joblib", "rows": numbers(folder, f"{number}.f64", rows), "ordered_rows": numbers(folder, f"{number}o.f64", rows[:, order])}
            joblib.dump(estimator, os.path.join(folder, line["base"]))
            joblib.dump(pipeline.Pipeline([("order", first), ("model", estimator)]), os.path.join(folder, line["ordered"]))
            if is_classifier:
                renamed = copy.deepcopy(estimator)
                last = renamed.steps[-1][1] if isinstance(renamed, pipeline.Pipeline) else renamed
                line["names"] = {str(label): NAMES[i] for i, label in enumerate(last.classes_)}
                last.classes_ = np.array(NAMES[:k])
                line["renamed"] = f"{number}n.joblib"
                joblib.dump(renamed, os.path.join(folder, line["renamed"]))
            out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()

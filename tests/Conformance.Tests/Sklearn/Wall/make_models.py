#!/usr/bin/env python3
"""Fits scikit-learn and XGBoost estimators with random parameters and writes, for each, the pickled model, rows and the original's answers.

    make_models.py FOLDER [--seed N] [--repeats N] [--only TEXT]

FOLDER/cases.jsonl has one JSON object a line: name, model (file), columns, rows, expected. Numbers are raw little-endian binary64 files ("file", "shape");
text is in the JSON itself. What an estimator cannot do (predict_proba …) is left out. Families are the functions below, one draw each time they are called.
"""
import argparse, json, os, pickle, sys, warnings
import numpy as np

warnings.filterwarnings("ignore")
import joblib
import sklearn
from sklearn import (calibration, cluster, compose, covariance, cross_decomposition, decomposition, discriminant_analysis, dummy, ensemble, feature_extraction,
                     feature_selection, gaussian_process, impute, isotonic, kernel_approximation, kernel_ridge, linear_model, mixture, model_selection, multiclass,
                     multioutput, naive_bayes, neighbors, neural_network, pipeline, preprocessing, random_projection, semi_supervised, svm, tree)
from sklearn.experimental import enable_iterative_imputer, enable_halving_search_cv  # noqa: F401
from sklearn.feature_extraction import text as text_features
from sklearn.gaussian_process import kernels as gk

FAMILIES = {}


def family(function):
    FAMILIES[function.__name__] = function
    return function


class Case:
    """An estimator with what it is fitted on; rows are what it is asked about (features again, and unseen, extreme and missing values)."""

    def __init__(self, estimator, x, y=None, rows=None, tolerance=1e-6, compress=0, dump="joblib", protocol=None, text=False, given=lambda rows: rows, fitted=False, refused="", alone=False):
        self.estimator, self.x, self.y, self.rows = estimator, x, y, rows
        self.tolerance, self.compress, self.dump, self.protocol, self.text, self.given, self.fitted, self.refused, self.alone = tolerance, compress, dump, protocol, text, given, fitted, refused, alone


# Data -----------------------------------------------------------------------------------------------------------------------------------------------

def features(r, n=120, f=None, positive=False, integers=False, missing=0.0, zeros=0.0):
    f = f or int(r.integers(2, 7))
    x = r.normal(size=(n, f)) * 10 ** r.uniform(-1, 1, size=f) + r.normal(size=f)
    if positive:
        x = np.abs(x) + 0.05
    if integers:
        x = np.round(x)
    if zeros:
        x[r.random(x.shape) < zeros] = 0.0
    if missing:
        x[r.random(x.shape) < missing] = np.nan
    return x


def labels(r, x, k=2, kind="int"):
    z = np.nan_to_num(x) @ r.normal(size=(x.shape[1], k)) / (np.abs(np.nan_to_num(x)).mean() + 1e-9) + 0.6 * r.normal(size=(len(x), k))
    y = z.argmax(1)
    y[:k] = np.arange(k)
    if kind == "text":
        return np.array(["ash", "birch", "cédre", "dogwood", "elm"])[:k][y]
    if kind == "shifted":
        return y * 3 - 4
    if kind == "bool":
        return y == 1
    if kind == "float":
        return y.astype(float)
    return y


def any_labels(r, x, k=None):
    k = k or int(r.choice([2, 3, 4]))
    kind = str(r.choice(["int", "text", "shifted", "float"] + (["bool"] if k == 2 else [])))
    return labels(r, x, k, kind)


def target(r, x, outputs=1, positive=False):
    z = np.nan_to_num(x)
    y = z @ r.normal(size=(x.shape[1], outputs)) / (np.abs(z).mean() + 1e-9) + np.sin(z[:, :1]) + 0.1 * r.normal(size=(len(x), outputs))
    if positive:
        y = np.exp(y / (np.abs(y).max() + 1e-9))
    return y[:, 0] if outputs == 1 else y


def asked(r, x, n=400, extreme=True):
    """Rows to ask about: the training rows, noise around and far from them, zeros, huge and tiny numbers."""
    finite = np.nan_to_num(x)
    scale = finite.std(axis=0) + 1e-3
    blocks = [x, finite[r.integers(0, len(x), n)] + r.normal(size=(n, x.shape[1])) * scale * r.choice([0.01, 1, 5], size=(n, 1)), np.zeros((1, x.shape[1]))]
    if extreme:
        blocks += [np.sign(r.normal(size=(6, x.shape[1]))) * 10 ** r.uniform(-12, 6, size=(6, x.shape[1]))]
    return np.vstack(blocks)


def at_thresholds(estimator, x, r):
    """Rows on, just below and just above the thresholds of trees, as binary64 and as binary32, with infinities left out."""
    trees = []

    def collect(e):
        if hasattr(e, "tree_"):
            trees.append(e.tree_)
        for inner in np.ravel(np.array(getattr(e, "estimators_", []), dtype=object)):
            collect(inner)
    collect(estimator)
    rows = []
    base = np.nan_to_num(x)
    for t in trees[:20]:
        inside = np.flatnonzero(t.children_left >= 0)
        for node in r.permutation(inside)[:12]:
            v = t.threshold[node]
            for value in (v, np.nextafter(v, np.inf), np.nextafter(v, -np.inf), float(np.float32(v)), float(np.nextafter(np.float32(v), np.float32(np.inf))),
                          float(np.nextafter(np.float32(v), np.float32(-np.inf)))):
                row = base[r.integers(0, len(base))].copy()
                row[t.feature[node]] = value
                rows.append(row)
    return np.array(rows) if rows else base[:1]


def maybe(r, *choices):
    return choices[int(r.integers(0, len(choices)))]


def scaled(r, estimator):
    return pipeline.make_pipeline(preprocessing.StandardScaler(), estimator) if r.random() < 0.5 else estimator


# Linear models --------------------------------------------------------------------------------------------------------------------------------------

@family
def linear_regressors(r):
    x = features(r)
    estimator = maybe(
        r, linear_model.LinearRegression(fit_intercept=bool(r.integers(2))), linear_model.Ridge(alpha=r.uniform(0.1, 5)), linear_model.RidgeCV(),
        linear_model.Lasso(alpha=0.05), linear_model.LassoCV(cv=3), linear_model.ElasticNet(alpha=0.05), linear_model.ElasticNetCV(cv=3), linear_model.Lars(),
        linear_model.LarsCV(cv=3), linear_model.LassoLars(alpha=0.01), linear_model.LassoLarsCV(cv=3), linear_model.LassoLarsIC(),
        linear_model.OrthogonalMatchingPursuit(), linear_model.OrthogonalMatchingPursuitCV(cv=3), linear_model.BayesianRidge(), linear_model.ARDRegression(),
        linear_model.HuberRegressor(max_iter=500), linear_model.SGDRegressor(random_state=0), linear_model.PassiveAggressiveRegressor(random_state=0),
        svm.LinearSVR(random_state=0, max_iter=5000), linear_model.TheilSenRegressor(random_state=0, max_subpopulation=200), linear_model.QuantileRegressor(alpha=0.01, solver="highs"),
        linear_model.RANSACRegressor(random_state=0), cross_decomposition.PLSRegression(n_components=2), kernel_ridge.KernelRidge(alpha=1.0))
    if isinstance(estimator, (linear_model.SGDRegressor, linear_model.PassiveAggressiveRegressor)):
        estimator = pipeline.make_pipeline(preprocessing.StandardScaler(), estimator)
    return Case(estimator, x, target(r, x), asked(r, x))


@family
def linear_many_targets(r):
    x = features(r)
    estimator = maybe(
        r, linear_model.LinearRegression(), linear_model.Ridge(), linear_model.RidgeCV(), linear_model.MultiTaskLasso(alpha=0.05), linear_model.MultiTaskLassoCV(cv=3),
        linear_model.MultiTaskElasticNet(alpha=0.05), linear_model.MultiTaskElasticNetCV(cv=3), linear_model.Lars(), linear_model.OrthogonalMatchingPursuit(),
        linear_model.RANSACRegressor(random_state=0), kernel_ridge.KernelRidge(), cross_decomposition.PLSRegression(n_components=2), cross_decomposition.PLSCanonical(n_components=2),
        cross_decomposition.CCA(n_components=1), dummy.DummyRegressor(strategy=maybe(r, "mean", "median")))
    return Case(estimator, x, target(r, x, 3), asked(r, x, extreme=False))


@family
def generalized_linear(r):
    x = features(r)
    estimator = maybe(r, linear_model.PoissonRegressor(max_iter=500), linear_model.GammaRegressor(max_iter=500), linear_model.TweedieRegressor(power=maybe(r, 0, 1, 1.5, 2, 3), max_iter=500),
                      linear_model.TweedieRegressor(power=1.5, link=maybe(r, "log", "identity", "auto"), max_iter=50))
    return Case(pipeline.make_pipeline(preprocessing.StandardScaler(), estimator), x, target(r, x, positive=True), asked(r, x, extreme=False))


@family
def kernel_ridges(r):
    x = features(r, f=3)
    kernel = maybe(r, "linear", "rbf", "laplacian", "polynomial", "sigmoid", "chi2", "cosine")
    if kernel == "chi2":
        x = np.abs(x)
    if kernel == "sigmoid":
        x = x / 30
    return Case(kernel_ridge.KernelRidge(kernel=kernel, gamma=0.1 if kernel == "chi2" else maybe(r, None, 0.1), degree=2, alpha=0.5), x, target(r, x), asked(r, x, extreme=False) if kernel != "chi2" else np.abs(asked(r, x, extreme=False)), tolerance=1e-5)


@family
def logistic_regressions(r):
    x = features(r)
    estimator = maybe(
        r, linear_model.LogisticRegression(C=r.uniform(0.1, 3), max_iter=500), linear_model.LogisticRegression(solver="liblinear", penalty=maybe(r, "l1", "l2")),
        linear_model.LogisticRegression(multi_class="multinomial", max_iter=500), linear_model.LogisticRegression(multi_class="ovr", max_iter=500, fit_intercept=False),
        linear_model.LogisticRegressionCV(cv=3, max_iter=300), linear_model.LogisticRegressionCV(cv=3, max_iter=300, multi_class="ovr"),
        linear_model.LogisticRegression(penalty="elasticnet", solver="saga", l1_ratio=0.5, max_iter=500), linear_model.LogisticRegression(class_weight="balanced", max_iter=500))
    return Case(scaled(r, estimator), x, any_labels(r, x), asked(r, x), dump=maybe(r, "joblib", "pickle"), protocol=int(r.integers(0, 6)))


@family
def linear_classifiers(r):
    x = features(r)
    estimator = maybe(
        r, linear_model.RidgeClassifier(), linear_model.RidgeClassifierCV(), svm.LinearSVC(random_state=0, max_iter=5000), linear_model.Perceptron(random_state=0),
        linear_model.PassiveAggressiveClassifier(random_state=0), linear_model.SGDClassifier(loss=maybe(r, "hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron"), random_state=0),
        linear_model.SGDClassifier(loss="modified_huber", random_state=0), svm.LinearSVC(multi_class="crammer_singer", random_state=0, max_iter=5000))
    return Case(pipeline.make_pipeline(preprocessing.StandardScaler(), estimator), x, any_labels(r, x), asked(r, x))


@family
def discriminants(r):
    x = features(r)
    estimator = maybe(
        r, discriminant_analysis.LinearDiscriminantAnalysis(), discriminant_analysis.LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"),
        discriminant_analysis.LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.2), discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=r.uniform(0, 0.2)))
    return Case(estimator, x, any_labels(r, x), asked(r, x, extreme=False), tolerance=2e-6)


# Trees ----------------------------------------------------------------------------------------------------------------------------------------------

@family
def trees(r):
    x = features(r, n=200, integers=r.random() < 0.2)
    y = any_labels(r, x)
    kind = maybe(r, tree.DecisionTreeClassifier, tree.ExtraTreeClassifier)
    estimator = kind(max_depth=maybe(r, None, 3, 6), criterion=maybe(r, "gini", "entropy", "log_loss"), min_samples_leaf=int(r.integers(1, 5)), class_weight=maybe(r, None, "balanced"), random_state=1)
    fitted = estimator.fit(x, y)
    return Case(fitted, x, y, np.vstack([asked(r, x), at_thresholds(fitted, x, r)]))


@family
def tree_regressors(r):
    x = features(r, n=200)
    outputs = int(r.choice([1, 1, 3]))
    y = target(r, x, outputs)
    kind = maybe(r, tree.DecisionTreeRegressor, tree.ExtraTreeRegressor)
    fitted = kind(max_depth=maybe(r, None, 4), random_state=1, criterion=maybe(r, "squared_error", "friedman_mse")).fit(x, y)
    return Case(fitted, x, y, np.vstack([asked(r, x), at_thresholds(fitted, x, r)]))


@family
def forests(r):
    x = features(r, n=200)
    y = any_labels(r, x)
    kind = maybe(r, ensemble.RandomForestClassifier, ensemble.ExtraTreesClassifier)
    fitted = kind(n_estimators=int(r.integers(1, 30)), max_depth=maybe(r, None, 5), max_features=maybe(r, "sqrt", None, 0.5), bootstrap=bool(r.integers(2)),
                  class_weight=maybe(r, None, "balanced"), random_state=1).fit(x, y)
    return Case(fitted, x, y, np.vstack([asked(r, x), at_thresholds(fitted, x, r)]), compress=maybe(r, 0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)))


@family
def forest_regressors(r):
    x = features(r, n=200)
    y = target(r, x, int(r.choice([1, 1, 2])))
    kind = maybe(r, ensemble.RandomForestRegressor, ensemble.ExtraTreesRegressor)
    fitted = kind(n_estimators=int(r.integers(1, 30)), max_depth=maybe(r, None, 5), random_state=1).fit(x, y)
    return Case(fitted, x, y, np.vstack([asked(r, x), at_thresholds(fitted, x, r)]))


@family
def many_output_trees(r):
    x = features(r, n=200)
    y = np.column_stack([labels(r, x, 2), labels(r, x, 3)])
    if r.random() < 0.4:
        y = np.column_stack([labels(r, x, 2), labels(r, x, 2), labels(r, x, 2)])
    elif r.random() < 0.4:
        y = np.column_stack([labels(r, x, 2, "text"), labels(r, x, 3, "text")]).astype(object)
    estimator = maybe(r, tree.DecisionTreeClassifier(max_depth=4, random_state=1), ensemble.RandomForestClassifier(8, random_state=1), ensemble.ExtraTreesClassifier(8, random_state=1),
                      tree.ExtraTreeClassifier(random_state=1))
    return Case(estimator, x, y, asked(r, x))


@family
def forest_embeddings(r):
    x = features(r, n=100, f=3)
    return Case(ensemble.RandomTreesEmbedding(n_estimators=4, max_depth=3, sparse_output=bool(r.integers(2)), random_state=1), x, None, asked(r, x))


@family
def gradient_boosting(r):
    x = features(r, n=200)
    k = int(r.choice([2, 2, 3]))
    y = any_labels(r, x, k)
    loss = "log_loss" if k > 2 else maybe(r, "log_loss", "exponential")
    init = maybe(r, None, None, "zero", linear_model.LogisticRegression(max_iter=200))
    if loss == "exponential" and init is not None:
        init = None
    fitted = ensemble.GradientBoostingClassifier(n_estimators=int(r.integers(1, 40)), learning_rate=r.uniform(0.02, 0.6), loss=loss, init=init, max_depth=int(r.integers(1, 5)),
                                                 subsample=maybe(r, 1.0, 0.7), random_state=1).fit(x, y)
    return Case(fitted, x, y, np.vstack([asked(r, x), at_thresholds(fitted, x, r)]), tolerance=3e-6)


@family
def gradient_boosting_regressors(r):
    x = features(r, n=200)
    y = target(r, x)
    init = maybe(r, None, None, "zero", linear_model.LinearRegression(), dummy.DummyRegressor(strategy="median"))
    fitted = ensemble.GradientBoostingRegressor(n_estimators=int(r.integers(1, 40)), loss=maybe(r, "squared_error", "absolute_error", "huber", "quantile"), init=init, max_depth=3, random_state=1).fit(x, y)
    return Case(fitted, x, y, np.vstack([asked(r, x), at_thresholds(fitted, x, r)]), tolerance=3e-6)


@family
def histogram_boosting(r):
    x = features(r, n=300, missing=maybe(r, 0, 0.1))
    y = any_labels(r, x)
    estimator = ensemble.HistGradientBoostingClassifier(max_iter=int(r.integers(1, 40)), max_leaf_nodes=maybe(r, 5, 31), learning_rate=0.2, min_samples_leaf=5, random_state=1)
    rows = asked(r, x)
    rows[r.random(rows.shape) < 0.05] = np.nan
    return Case(estimator, x, y, rows, tolerance=3e-6)


@family
def histogram_boosting_regressors(r):
    x = features(r, n=300, missing=maybe(r, 0, 0.1))
    loss = maybe(r, "squared_error", "absolute_error", "poisson", "quantile")
    y = target(r, x, positive=loss == "poisson")
    estimator = ensemble.HistGradientBoostingRegressor(loss=loss, quantile=0.3 if loss == "quantile" else None, max_iter=20, min_samples_leaf=5, random_state=1)
    rows = asked(r, x)
    rows[r.random(rows.shape) < 0.05] = np.nan
    return Case(estimator, x, y, rows, tolerance=3e-6)


@family
def histogram_boosting_categories(r):
    x = features(r, n=400, f=4)
    x[:, 1] = r.integers(0, 12, len(x))
    x[:, 3] = r.integers(0, 4, len(x)) * 7
    y = (np.isin(x[:, 1], [1, 4, 5, 9]).astype(int) + (x[:, 3] == 14) + (x[:, 0] > 0.5)) % maybe(r, 2, 3)
    x[r.random(len(x)) < 0.05, 1] = np.nan
    kind = maybe(r, ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor)
    rows = asked(r, x, extreme=False)
    rows[:, 1] = np.where(r.random(len(rows)) < 0.1, np.nan, r.integers(0, 16, len(rows)))
    rows[:, 3] = np.where(r.random(len(rows)) < 0.1, np.nan, r.integers(0, 30, len(rows)))
    rows[:5, 1] = [-1, -3, 200, 11, 12]
    return Case(kind(categorical_features=[1, 3], max_iter=15, min_samples_leaf=3, random_state=1), x, y, rows, tolerance=3e-6)


@family
def isolation_forests(r):
    x = features(r, n=200)
    return Case(ensemble.IsolationForest(n_estimators=20, max_samples=maybe(r, "auto", 0.5, 64), max_features=maybe(r, 1.0, 0.6), contamination=maybe(r, "auto", 0.1), random_state=1), x, None, asked(r, x), tolerance=3e-6)


@family
def boosting_of_trees(r):
    x = features(r, n=150)
    y = any_labels(r, x)
    algorithm = maybe(r, "SAMME", "SAMME.R")
    base = maybe(r, None, tree.DecisionTreeClassifier(max_depth=3, random_state=1))
    if algorithm == "SAMME" and r.random() < 0.4:
        base = linear_model.LogisticRegression()
    return Case(ensemble.AdaBoostClassifier(estimator=base, n_estimators=int(r.integers(2, 20)), algorithm=algorithm, random_state=1), x, y, asked(r, x), tolerance=1e-5)


@family
def boosting_of_regressors(r):
    x = features(r, n=150)
    return Case(ensemble.AdaBoostRegressor(estimator=maybe(r, None, tree.DecisionTreeRegressor(max_depth=5), linear_model.Ridge()), n_estimators=int(r.integers(1, 20)), loss=maybe(r, "linear", "square", "exponential"), random_state=1),
                x, target(r, x), asked(r, x))


@family
def boosters(r):
    import xgboost
    x = features(r, n=300, missing=maybe(r, 0, 0.1)).astype(np.float32).astype(np.float64)
    rows = asked(r, x).astype(np.float32).astype(np.float64)
    kind = int(r.integers(5))
    common = dict(n_estimators=int(r.integers(1, 30)), max_depth=int(r.integers(1, 6)), random_state=1, booster=maybe(r, "gbtree", "gbtree", "dart", "gblinear"))
    if kind < 2:
        k = int(r.choice([2, 3]))
        return Case(xgboost.XGBClassifier(**common), x, labels(r, x, k), rows, tolerance=1e-5)
    if kind == 2:
        return Case(xgboost.XGBRegressor(objective=maybe(r, "reg:squarederror", "count:poisson", "reg:gamma", "reg:tweedie"), **common), x, target(r, x, positive=True), rows, tolerance=1e-5)
    if kind == 3:
        return Case(xgboost.XGBRFClassifier(n_estimators=12, random_state=1), x, labels(r, x, 3), rows, tolerance=1e-5)
    return Case(pipeline.make_pipeline(impute.SimpleImputer(), xgboost.XGBRegressor(**{**common, "booster": "gbtree"})), x, target(r, x), rows, tolerance=1e-5)


# Support vectors, neighbours, kernels ---------------------------------------------------------------------------------------------------------------

@family
def support_vector_classifiers(r):
    x = features(r, n=100) / 5
    y = any_labels(r, x)
    kind = maybe(r, svm.SVC, svm.NuSVC)
    kernel = maybe(r, "linear", "rbf", "poly", "sigmoid")
    options = dict(kernel=kernel, gamma=maybe(r, "scale", "auto", 0.1), degree=int(r.integers(2, 4)), coef0=r.uniform(0, 1), probability=bool(r.integers(2)), random_state=1,
                   decision_function_shape=maybe(r, "ovr", "ovo"))
    options.update(dict(nu=0.15) if kind is svm.NuSVC else dict(C=r.uniform(0.3, 3)))
    return Case(pipeline.make_pipeline(preprocessing.StandardScaler(), kind(**options)), x, y, asked(r, x, extreme=False), tolerance=1e-5)


@family
def support_vector_regressors(r):
    x = features(r, n=100) / 5
    estimator = maybe(r, svm.SVR(kernel=maybe(r, "linear", "rbf", "poly", "sigmoid"), C=2), svm.NuSVR(kernel=maybe(r, "linear", "rbf")))
    return Case(pipeline.make_pipeline(preprocessing.StandardScaler(), estimator), x, target(r, x), asked(r, x, extreme=False), tolerance=1e-5)


@family
def neighbours(r):
    x = features(r, n=120, f=3)
    metric = maybe(r, "minkowski", "manhattan", "chebyshev", "euclidean", "cosine", "canberra")
    algorithm = "brute" if metric in ("cosine",) else maybe(r, "auto", "brute", "kd_tree") if metric != "canberra" else "auto"
    options = dict(n_neighbors=int(r.integers(1, 8)), weights=maybe(r, "uniform", "distance"), metric=metric, p=maybe(r, 1, 2, 3), algorithm=algorithm)
    rows = asked(r, x, extreme=False)[:-1]  # the row of zeros is as far from all others by some of the metrics
    if r.random() < 0.5:
        return Case(neighbors.KNeighborsClassifier(**options), x, any_labels(r, x), rows, tolerance=1e-5)
    return Case(neighbors.KNeighborsRegressor(**options), x, target(r, x, int(r.choice([1, 2]))), rows, tolerance=1e-5)


@family
def many_neighbours(r):
    """So many training rows that one row after the other is compared with them."""
    x = features(r, n=int(r.integers(2500, 4000)), f=4)
    rows = asked(r, x[:60], n=60, extreme=False)[:-1]
    if r.random() < 0.3:
        return Case(neighbors.KernelDensity(bandwidth=float(np.std(x))), x, None, rows, tolerance=1e-5)
    if r.random() < 0.5:
        return Case(neighbors.KNeighborsClassifier(n_neighbors=5, weights=maybe(r, "uniform", "distance")), x, any_labels(r, x), rows, tolerance=1e-5)
    return Case(neighbors.KNeighborsRegressor(n_neighbors=4, metric=maybe(r, "minkowski", "manhattan")), x, target(r, x), rows, tolerance=1e-5)


@family
def neighbours_with_many_outputs(r):
    x = features(r, n=120, f=3)
    return Case(neighbors.KNeighborsClassifier(n_neighbors=3), x, np.column_stack([labels(r, x, 2), labels(r, x, 3)]), asked(r, x, extreme=False))


@family
def neighbours_in_a_radius(r):
    x = features(r, n=120, f=2)
    x = x / x.std(axis=0)
    rows = x + 0.1 * r.normal(size=x.shape)
    if r.random() < 0.5:
        y = labels(r, x, 3, maybe(r, "int", "text"))
        return Case(neighbors.RadiusNeighborsClassifier(radius=1.0, weights=maybe(r, "uniform", "distance"), outlier_label="most_frequent"), x, y, np.vstack([rows, rows * 20]))
    return Case(neighbors.RadiusNeighborsRegressor(radius=1.2, weights=maybe(r, "uniform", "distance")), x, target(r, x), rows)


@family
def nearest_centroids(r):
    x = features(r)
    return Case(neighbors.NearestCentroid(metric=maybe(r, "euclidean", "manhattan"), shrink_threshold=maybe(r, None, 0.2)), x, any_labels(r, x), asked(r, x))


@family
def neighbourhood_components(r):
    x = features(r, f=4)
    return Case(neighbors.NeighborhoodComponentsAnalysis(n_components=2, max_iter=20, random_state=1), x, labels(r, x, 3), asked(r, x, extreme=False))


@family
def gaussian_processes(r):
    x = features(r, n=60, f=2)
    x = x / x.std(axis=0)
    kernel = maybe(r, None, gk.RBF(1.5), gk.ConstantKernel(2.0) * gk.RBF([1.0, 2.0]) + gk.WhiteKernel(0.1), gk.Matern(1.2, nu=maybe(r, 0.5, 1.5, 2.5)) + gk.WhiteKernel(0.1), gk.RationalQuadratic(1.0, 0.7),
                   gk.DotProduct(1.0) + gk.WhiteKernel(0.5), gk.ExpSineSquared(1.0, 3.0) + gk.WhiteKernel(0.3), gk.RBF(1.0) ** 2, gk.RBF(1.0) + gk.ConstantKernel(0.5))
    if r.random() < 0.5:
        return Case(gaussian_process.GaussianProcessRegressor(kernel=kernel, alpha=0.1, normalize_y=bool(r.integers(2)), optimizer=None), x, target(r, x, int(r.choice([1, 2]))), asked(r, x, extreme=False), tolerance=1e-5)
    kernel = kernel if kernel is None or "White" not in repr(kernel) else gk.RBF(1.0)
    y = any_labels(r, x)
    return Case(gaussian_process.GaussianProcessClassifier(kernel=kernel, optimizer=None, multi_class=maybe(r, "one_vs_rest", "one_vs_one") if len(set(y)) == 2 else "one_vs_rest"), x, y, asked(r, x, extreme=False), tolerance=1e-5)


@family
def kernel_approximations(r):
    x = features(r, f=3) / 5
    estimator = maybe(r, kernel_approximation.RBFSampler(gamma=0.5, n_components=10, random_state=1), kernel_approximation.Nystroem(kernel=maybe(r, "rbf", "laplacian", "polynomial"), n_components=12, random_state=1),
                      kernel_approximation.PolynomialCountSketch(n_components=16, random_state=1), kernel_approximation.AdditiveChi2Sampler(sample_steps=2), kernel_approximation.SkewedChi2Sampler(n_components=8, random_state=1))
    rows = asked(r, x, extreme=False)
    if "Chi2" in type(estimator).__name__:
        x, rows = np.abs(x), np.abs(rows)
    return Case(pipeline.make_pipeline(estimator, linear_model.Ridge()) if r.random() < 0.3 else estimator, x, target(r, x), rows, tolerance=1e-5)


# Bayes, networks ------------------------------------------------------------------------------------------------------------------------------------

@family
def naive_bayes_models(r):
    x = features(r)
    counts = r.poisson(2.0, size=x.shape).astype(float)
    y = any_labels(r, x)
    which = int(r.integers(5))
    if which == 0:
        return Case(naive_bayes.GaussianNB(), x, y, asked(r, x, extreme=False))
    if which == 4:
        small = np.minimum(counts, 3)
        small[:4] = [[v] * x.shape[1] for v in range(4)]
        return Case(naive_bayes.CategoricalNB(), small, y, r.integers(0, 4, size=(300, x.shape[1])).astype(float))
    estimator = [None, naive_bayes.MultinomialNB(alpha=0.5), naive_bayes.ComplementNB(norm=bool(r.integers(2))), naive_bayes.BernoulliNB(binarize=1.0)][which]
    return Case(estimator, counts, y, r.poisson(3.0, size=(300, x.shape[1])).astype(float))


@family
def networks(r):
    x = features(r)
    layers = tuple(int(v) for v in r.integers(2, 10, size=int(r.integers(1, 3))))
    options = dict(hidden_layer_sizes=layers, activation=maybe(r, "relu", "tanh", "logistic", "identity"), max_iter=60, random_state=1)
    which = int(r.integers(4))
    estimator, y = [(neural_network.MLPClassifier(**options), any_labels(r, x)), (neural_network.MLPRegressor(**options), target(r, x)), (neural_network.MLPRegressor(**options), target(r, x, 2)),
                    (neural_network.MLPClassifier(**options), np.column_stack([labels(r, x, 2), labels(r, x, 2)]))][which]
    return Case(pipeline.make_pipeline(preprocessing.StandardScaler(), estimator), x, y, asked(r, x, extreme=False))


@family
def restricted_boltzmann(r):
    x = (features(r, f=5) > 0).astype(float)
    return Case(neural_network.BernoulliRBM(n_components=3, n_iter=3, random_state=1), x, None, x)


# Composition ----------------------------------------------------------------------------------------------------------------------------------------

def small_classifier(r):
    return maybe(r, linear_model.LogisticRegression(max_iter=300), tree.DecisionTreeClassifier(max_depth=3, random_state=1), naive_bayes.GaussianNB(),
                 pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()), ensemble.RandomForestClassifier(5, random_state=1))


def small_regressor(r):
    return maybe(r, linear_model.Ridge(), tree.DecisionTreeRegressor(max_depth=3, random_state=1), neighbors.KNeighborsRegressor(3), ensemble.RandomForestRegressor(5, random_state=1))


def scoring_classifier(r):
    return maybe(r, linear_model.LogisticRegression(max_iter=300), svm.LinearSVC(random_state=1), tree.DecisionTreeClassifier(max_depth=3, random_state=1), naive_bayes.GaussianNB(), svm.SVC(random_state=1))


@family
def voting(r):
    x = features(r)
    how = maybe(r, "soft", "hard")
    return Case(ensemble.VotingClassifier([(f"m{i}", small_classifier(r)) for i in range(3)], voting=how, weights=maybe(r, None, [1, 2, 0.5]), flatten_transform=True), x, any_labels(r, x), asked(r, x))


@family
def voting_regressors(r):
    x = features(r)
    return Case(ensemble.VotingRegressor([(f"m{i}", small_regressor(r)) for i in range(3)], weights=maybe(r, None, [1, 2, 0.5])), x, target(r, x), asked(r, x))


@family
def stacking(r):
    x = features(r)
    if r.random() < 0.3:
        return Case(ensemble.StackingRegressor([(f"m{i}", small_regressor(r)) for i in range(2)], passthrough=bool(r.integers(2)), cv=3), x, target(r, x), asked(r, x))
    return Case(ensemble.StackingClassifier([(f"m{i}", scoring_classifier(r)) for i in range(2)], passthrough=bool(r.integers(2)), cv=3, stack_method=maybe(r, "auto", "predict")), x, any_labels(r, x), asked(r, x, extreme=False))


@family
def bagging(r):
    x = features(r, f=5)
    if r.random() < 0.4:
        return Case(ensemble.BaggingRegressor(small_regressor(r), n_estimators=4, max_features=maybe(r, 1.0, 0.6), random_state=1), x, target(r, x), asked(r, x))
    return Case(ensemble.BaggingClassifier(maybe(r, small_classifier(r), svm.SVC(random_state=1), linear_model.Perceptron(random_state=1)), n_estimators=4, max_samples=maybe(r, 1.0, 0.1), max_features=maybe(r, 1.0, 0.6), random_state=1),
                x, any_labels(r, x), asked(r, x))


@family
def calibrated(r):
    x = features(r)
    inner = maybe(r, svm.LinearSVC(random_state=1), naive_bayes.GaussianNB(), tree.DecisionTreeClassifier(max_depth=4, random_state=1), ensemble.RandomForestClassifier(5, random_state=1), svm.SVC(random_state=1))
    return Case(calibration.CalibratedClassifierCV(inner, method=maybe(r, "sigmoid", "isotonic"), cv=3, ensemble=bool(r.integers(2))), x, any_labels(r, x), asked(r, x, extreme=False))


@family
def one_against_others(r):
    x = features(r)
    kind = maybe(r, multiclass.OneVsRestClassifier, multiclass.OneVsOneClassifier, multiclass.OutputCodeClassifier)
    inner = scoring_classifier(r)
    options = {}
    if kind is multiclass.OutputCodeClassifier:  # members that saturate are as far from several codes, and rounding decides
        inner, options = linear_model.LogisticRegression(max_iter=300), dict(random_state=1, code_size=2.0)
    return Case(kind(inner, **options), x, any_labels(r, x, int(r.choice([2, 3, 4]))), asked(r, x, extreme=False))


@family
def several_labels(r):
    x = features(r)
    y = np.column_stack([labels(r, x, 2) for _ in range(3)])
    which = int(r.integers(5))
    if which == 4:
        return Case(maybe(r, linear_model.RidgeClassifier(), linear_model.RidgeClassifierCV()), x, y, asked(r, x, extreme=False))
    if which == 0:
        return Case(multiclass.OneVsRestClassifier(scoring_classifier(r)), x, y, asked(r, x, extreme=False))
    if which == 1:
        return Case(multioutput.ClassifierChain(maybe(r, linear_model.LogisticRegression(max_iter=300), tree.DecisionTreeClassifier(max_depth=3, random_state=1)), order=maybe(r, None, [2, 0, 1])), x, y, asked(r, x, extreme=False))
    y = np.column_stack([labels(r, x, 2), labels(r, x, 3)])
    return Case(multioutput.MultiOutputClassifier(small_classifier(r)), x, y, asked(r, x, extreme=False))


@family
def several_targets(r):
    x = features(r)
    kind = maybe(r, multioutput.MultiOutputRegressor(small_regressor(r)), multioutput.RegressorChain(small_regressor(r), order=maybe(r, None, [1, 0])))
    return Case(kind, x, target(r, x, 2), asked(r, x, extreme=False))


@family
def searches(r):
    x = features(r)
    if r.random() < 0.5:
        return Case(model_selection.GridSearchCV(pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=3), x, any_labels(r, x), asked(r, x))
    kind = maybe(r, model_selection.GridSearchCV(tree.DecisionTreeRegressor(random_state=1), {"max_depth": [2, 4]}, cv=3), model_selection.RandomizedSearchCV(linear_model.Ridge(), {"alpha": [0.1, 1, 5]}, n_iter=2, cv=3, random_state=1),
                 model_selection.HalvingGridSearchCV(linear_model.Ridge(), {"alpha": [0.1, 1, 5]}, cv=3))
    return Case(kind, x, target(r, x), asked(r, x))


@family
def self_training(r):
    x = features(r)
    y = labels(r, x, 3)
    y[r.random(len(y)) < 0.4] = -1
    return Case(maybe(r, semi_supervised.SelfTrainingClassifier(linear_model.LogisticRegression(max_iter=300)), semi_supervised.LabelPropagation(gamma=0.5), semi_supervised.LabelSpreading(kernel="knn", n_neighbors=5),
                      semi_supervised.LabelSpreading(gamma=0.5)), x, y, asked(r, x, extreme=False))


@family
def transformed_targets(r):
    x = features(r)
    y = target(r, x, positive=True)
    kind = maybe(r, dict(func=np.log1p, inverse_func=np.expm1), dict(func=np.log, inverse_func=np.exp), dict(func=np.sqrt, inverse_func=np.square), dict(transformer=preprocessing.StandardScaler()),
                 dict(transformer=preprocessing.MinMaxScaler()), dict(transformer=preprocessing.PowerTransformer()), dict(transformer=preprocessing.QuantileTransformer(n_quantiles=40, output_distribution=maybe(r, "normal", "uniform"))),
                 dict(transformer=preprocessing.RobustScaler()), dict(transformer=preprocessing.PowerTransformer(method="box-cox")), dict(transformer=preprocessing.MaxAbsScaler()))
    return Case(compose.TransformedTargetRegressor(small_regressor(r), **kind), x, y, asked(r, x, extreme=False), tolerance=3e-6)


@family
def dummies(r):
    x = features(r)
    y = any_labels(r, x)
    return Case(maybe(r, dummy.DummyClassifier(strategy=maybe(r, "prior", "most_frequent")), dummy.DummyClassifier(strategy="constant", constant=y[0] if y.dtype.kind in "iU" else [y[0]])), x, y, asked(r, x))


# Clusters, densities, outliers ----------------------------------------------------------------------------------------------------------------------

@family
def clusters(r):
    x = features(r)
    return Case(maybe(r, cluster.KMeans(3, n_init=2, random_state=1), cluster.MiniBatchKMeans(3, n_init=2, random_state=1), cluster.MeanShift(), cluster.Birch(n_clusters=maybe(r, 3, None), threshold=1.0), cluster.AffinityPropagation(random_state=1),
                      cluster.BisectingKMeans(4, random_state=1)), x, None, asked(r, x, extreme=False))


@family
def mixtures(r):
    x = features(r, n=200, f=3)
    return Case(maybe(r, mixture.GaussianMixture(3, covariance_type=maybe(r, "full", "tied", "diag", "spherical"), random_state=1), mixture.BayesianGaussianMixture(n_components=3, covariance_type=maybe(r, "full", "tied", "diag", "spherical"), random_state=1)),
                x, None, asked(r, x, extreme=False), tolerance=1e-5)


@family
def densities(r):
    x = features(r, n=80, f=int(r.integers(1, 5)))
    kernel = maybe(r, "gaussian", "exponential", "tophat", "epanechnikov", "linear", "cosine")
    estimator = neighbors.KernelDensity(bandwidth=float(np.std(x)) * 2, kernel=kernel, algorithm=maybe(r, "auto", "kd_tree", "ball_tree"))
    rows = asked(r, x, extreme=False)
    if kernel in ("tophat", "linear", "epanechnikov", "cosine"):  # where nothing is near the tree's answer is minus infinity, as ours
        rows = x + 0.1 * r.normal(size=x.shape)
    return Case(estimator, x, None, rows, tolerance=1e-5)


@family
def dictionaries(r):
    import pandas
    n = 150
    frame = pandas.DataFrame({"city": r.choice(["Köln", "Oslo", "Rome", "a=b"], n).astype(object), "temp": r.normal(size=n), "rain": r.integers(0, 2, n).astype(float), "sky": r.choice(["blue", "grey"], n).astype(object)})
    y = (frame["temp"] + (frame["city"] == "Oslo") + 0.3 * r.normal(size=n) > 0).astype(int).to_numpy()
    asked_about = frame.copy()
    asked_about.loc[::7, "city"] = "Paris"
    last = maybe(r, linear_model.LogisticRegression(max_iter=300), tree.DecisionTreeClassifier(max_depth=4), None)
    first = feature_extraction.DictVectorizer(sparse=bool(r.integers(2)), sort=bool(r.integers(2)))
    steps = [first] if last is None else [first, last]
    return Case(pipeline.make_pipeline(*steps) if r.random() < 0.7 or last is not None else first, frame, y, asked_about, given=lambda rows: rows.to_dict("records"))


@family
def topics(r):
    x = r.poisson(r.uniform(0.2, 3), size=(60, int(r.integers(4, 12)))).astype(float)
    estimator = decomposition.LatentDirichletAllocation(int(r.integers(2, 5)), random_state=1, learning_method=maybe(r, "batch", "online"), max_iter=5, doc_topic_prior=maybe(r, None, 0.3))
    return Case(maybe(r, estimator, pipeline.make_pipeline(estimator, linear_model.LogisticRegression(max_iter=300))), x, labels(r, x, 2), np.vstack([x, np.zeros((1, x.shape[1])), r.poisson(20, size=(30, x.shape[1]))]), tolerance=1e-6)


@family
def imbalanced(r):
    """A pipeline as imbalanced-learn pickles it; the library itself need not be there."""
    import types
    package, module, samplers = types.ModuleType("imblearn"), types.ModuleType("imblearn.pipeline"), types.ModuleType("imblearn.over_sampling")

    class Pipeline(pipeline.Pipeline):
        pass

    class RandomOverSampler:
        def fit(self, x, y=None):
            return self

        def transform(self, x):
            return x
    for holder, made in ((module, Pipeline), (samplers, RandomOverSampler)):
        made.__module__, made.__qualname__ = holder.__name__, made.__name__
        setattr(holder, made.__name__, made)
        sys.modules[holder.__name__] = holder
    sys.modules["imblearn"] = package
    x = features(r)
    return Case(Pipeline([("scale", preprocessing.StandardScaler()), ("over", RandomOverSampler()), ("model", maybe(r, linear_model.LogisticRegression(), tree.DecisionTreeClassifier(max_depth=3)))]), x, any_labels(r, x), asked(r, x))


@family
def outliers(r):
    x = features(r, n=150, f=3)
    return Case(maybe(r, svm.OneClassSVM(kernel=maybe(r, "rbf", "linear", "poly"), nu=0.2), linear_model.SGDOneClassSVM(random_state=1), covariance.EllipticEnvelope(random_state=1, contamination=0.1),
                      neighbors.LocalOutlierFactor(n_neighbors=maybe(r, 5, 20), novelty=True, contamination=maybe(r, "auto", 0.1))), x, None, asked(r, x, extreme=False), tolerance=1e-5)


@family
def covariances(r):
    x = features(r, n=150, f=3)
    return Case(maybe(r, linear_model.LogisticRegression(), discriminant_analysis.LinearDiscriminantAnalysis()), x, labels(r, x), asked(r, x))


# Transformers ---------------------------------------------------------------------------------------------------------------------------------------

@family
def scalers(r):
    x = features(r, missing=maybe(r, 0, 0.1))
    x[:, 0] = 3.25
    estimator = maybe(r, preprocessing.StandardScaler(with_mean=bool(r.integers(2)), with_std=bool(r.integers(2))), preprocessing.MinMaxScaler(feature_range=maybe(r, (0, 1), (-2, 3)), clip=bool(r.integers(2))), preprocessing.MaxAbsScaler(),
                      preprocessing.RobustScaler(with_centering=bool(r.integers(2)), with_scaling=bool(r.integers(2)), unit_variance=bool(r.integers(2))))
    return Case(estimator, x, None, asked(r, x))


@family
def row_transformers(r):
    x = features(r)
    return Case(maybe(r, preprocessing.Normalizer(norm=maybe(r, "l1", "l2", "max")), preprocessing.Binarizer(threshold=0.3)), x, None, asked(r, x))


@family
def power_transformers(r):
    x = features(r, positive=r.random() < 0.5)
    method = "box-cox" if (x > 0).all() else "yeo-johnson"
    rows = asked(r, x, extreme=False)
    rows = np.abs(rows) + 1e-6 if method == "box-cox" else rows
    return Case(preprocessing.PowerTransformer(method=method, standardize=bool(r.integers(2))), x, None, rows, tolerance=1e-5)


@family
def quantile_transformers(r):
    x = features(r, n=200, integers=r.random() < 0.4)
    rows = asked(r, x)
    rows[r.random(rows.shape) < 0.03] = np.nan
    return Case(preprocessing.QuantileTransformer(n_quantiles=int(r.integers(5, 120)), output_distribution=maybe(r, "uniform", "normal"), random_state=1), x, None, rows, tolerance=2e-6)


@family
def discretizers(r):
    x = features(r, n=200)
    rows = asked(r, x)
    return Case(preprocessing.KBinsDiscretizer(n_bins=int(r.integers(2, 8)), encode=maybe(r, "ordinal", "onehot-dense", "onehot"), strategy=maybe(r, "uniform", "quantile", "kmeans")), x, None, rows)


@family
def splines(r):
    x = features(r, n=100, f=2)
    return Case(preprocessing.SplineTransformer(n_knots=int(r.integers(3, 7)), degree=int(r.integers(1, 5)), knots=maybe(r, "uniform", "quantile"), extrapolation=maybe(r, "constant", "linear", "continue", "periodic"), include_bias=bool(r.integers(2))),
                x, None, asked(r, x, extreme=False), tolerance=1e-5)


@family
def polynomials(r):
    x = features(r, f=3)
    return Case(preprocessing.PolynomialFeatures(degree=maybe(r, 2, 3, (2, 3), (0, 2)), interaction_only=bool(r.integers(2)), include_bias=bool(r.integers(2))), x, None, asked(r, x))


@family
def functions(r):
    x = features(r, positive=True)
    func = maybe(r, None, np.log1p, np.log, np.sqrt, np.square, np.exp, np.abs, np.log2, np.log10, np.expm1, np.tanh, np.sin, np.cos, np.floor, np.ceil, np.cbrt, np.sign, np.reciprocal, np.arctan, np.rint)
    rows = np.abs(asked(r, x, extreme=False)) + 1e-9
    if func in (np.exp, np.expm1):
        rows = np.minimum(rows, 20)
    return Case(preprocessing.FunctionTransformer(func), x, None, rows)


@family
def imputers(r):
    x = features(r, missing=0.15)
    rows = asked(r, x)
    rows[r.random(rows.shape) < 0.2] = np.nan
    which = int(r.integers(4))
    if which == 0:
        x[:, 0] = np.nan
        return Case(impute.SimpleImputer(strategy=maybe(r, "mean", "median", "most_frequent", "constant"), add_indicator=bool(r.integers(2)), keep_empty_features=bool(r.integers(2))), x, None, rows)
    if which == 1:
        return Case(impute.MissingIndicator(features=maybe(r, "missing-only", "all"), error_on_new=False), x, None, rows)
    if which == 2:
        # scikit-learn expands squared distances, which costs digits where they are small
        return Case(impute.KNNImputer(n_neighbors=int(r.integers(1, 6)), weights=maybe(r, "uniform", "distance"), add_indicator=bool(r.integers(2))), x, None, rows, tolerance=1e-4)
    return Case(impute.IterativeImputer(max_iter=int(r.integers(1, 5)), random_state=1, initial_strategy=maybe(r, "mean", "median"), tol=maybe(r, 1e-3, 1e-9), imputation_order=maybe(r, "ascending", "roman")), x, None, rows, tolerance=1e-5)


@family
def projections(r):
    x = features(r, f=5)
    which = int(r.integers(12))
    positive = np.abs(x)
    estimator = [lambda: decomposition.PCA(3, whiten=bool(r.integers(2))), lambda: decomposition.IncrementalPCA(2, whiten=bool(r.integers(2))), lambda: decomposition.TruncatedSVD(2, random_state=1), lambda: decomposition.FastICA(2, random_state=1, whiten=maybe(r, "unit-variance", "arbitrary-variance", False)),
                 lambda: decomposition.FactorAnalysis(2), lambda: decomposition.KernelPCA(3, kernel=maybe(r, "linear", "rbf", "poly", "sigmoid", "cosine"), gamma=0.02), lambda: random_projection.GaussianRandomProjection(3, random_state=1),
                 lambda: random_projection.SparseRandomProjection(3, random_state=1, dense_output=True), lambda: decomposition.SparsePCA(2, random_state=1), lambda: decomposition.MiniBatchSparsePCA(2, random_state=1),
                 lambda: decomposition.PCA(0.9), lambda: discriminant_analysis.LinearDiscriminantAnalysis()][which]()
    if isinstance(estimator, discriminant_analysis.LinearDiscriminantAnalysis):
        return Case(estimator, x, labels(r, x, 4), asked(r, x, extreme=False))
    return Case(estimator, positive if r.random() < 0.3 else x, None, asked(r, x, extreme=False), tolerance=1e-5)


@family
def factorizations(r):
    x = np.abs(features(r, f=5))
    options = dict(max_iter=int(r.integers(20, 500)), tol=maybe(r, 1e-4, 1e-7), alpha_W=maybe(r, 0, 0.01), l1_ratio=maybe(r, 0, 0.5))
    return Case(decomposition.NMF(int(r.integers(2, 5)), random_state=1, **options), x, None, np.vstack([np.abs(asked(r, x, 60)), 0 * x[:1]]), alone=True)


@family
def selections(r):
    x = features(r, f=6)
    y = labels(r, x, 2)
    sf = feature_selection
    return Case(maybe(r, sf.SelectKBest(k=3), sf.SelectPercentile(percentile=40), sf.SelectFpr(alpha=0.3), sf.SelectFdr(alpha=0.5), sf.SelectFwe(alpha=0.5), sf.VarianceThreshold(0.5), sf.RFE(linear_model.LogisticRegression(), n_features_to_select=2),
                      sf.RFECV(tree.DecisionTreeClassifier(max_depth=2, random_state=1), cv=3), sf.SelectFromModel(ensemble.RandomForestClassifier(5, random_state=1), threshold=maybe(r, None, "median", "1.25*mean", 0.1), max_features=maybe(r, None, 2)),
                      sf.SelectFromModel(linear_model.LogisticRegression(penalty="l1", solver="liblinear", C=0.3)), sf.SequentialFeatureSelector(tree.DecisionTreeClassifier(max_depth=2, random_state=1), n_features_to_select=2, cv=3),
                      sf.GenericUnivariateSelect(mode=maybe(r, "k_best", "percentile", "fpr", "fdr", "fwe"), param=0.4 if False else maybe(r, 1e-1, 0.5)) if r.random() < 0.0 else sf.GenericUnivariateSelect(mode="k_best", param=3),
                      sf.SelectFromModel(linear_model.Lasso(alpha=0.01))), x, y, asked(r, x))


@family
def isotonic_regressions(r):
    x = features(r, f=1)
    return Case(isotonic.IsotonicRegression(out_of_bounds=maybe(r, "clip", "nan"), increasing=maybe(r, True, "auto")), x, target(r, x), asked(r, x))


@family
def unions(r):
    x = features(r, f=4)
    union = pipeline.FeatureUnion([("a", preprocessing.StandardScaler()), ("b", pipeline.make_pipeline(preprocessing.MinMaxScaler(), decomposition.PCA(2))), ("c", "passthrough"), ("d", "drop")], transformer_weights=maybe(r, None, {"a": 2.0, "c": 0.5}))
    return Case(pipeline.make_pipeline(union, linear_model.Ridge()), x, target(r, x), asked(r, x, extreme=False))


# Mixed columns and text -----------------------------------------------------------------------------------------------------------------------------

def mixed(r, n=150, missing=False):
    import pandas
    colour = r.choice(["red", "green", "blue", "ivory"], n, p=[0.5, 0.3, 0.17, 0.03])
    size = r.choice(["S", "M", "L"], n)
    frame = pandas.DataFrame({"age": r.normal(40, 12, n), "colour": colour.astype(object), "income": np.exp(r.normal(9, 1, n)), "size": size.astype(object), "visits": r.integers(0, 9, n).astype(float)})
    if missing:
        frame.loc[r.random(n) < 0.1, "age"] = np.nan
    return frame


@family
def column_transformers(r):
    frame = mixed(r, missing=True)
    y = (frame["income"] > 9000).astype(int) + (frame["colour"] == "red").astype(int)
    numbers = pipeline.make_pipeline(impute.SimpleImputer(strategy="median", add_indicator=bool(r.integers(2))), preprocessing.StandardScaler())
    encoder = maybe(r, preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.OneHotEncoder(drop="first"), preprocessing.OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=0.1),
                    preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), preprocessing.OneHotEncoder(max_categories=3, handle_unknown="infrequent_if_exist"), preprocessing.OneHotEncoder(drop="if_binary"))
    columns = maybe(r, (["age", "income"], ["colour", "size"]), ([0, 2], [1, 3]), (slice(0, 3, 2) if False else ["age", "visits"], [False, True, False, True, False]), (compose.make_column_selector(dtype_include=float), compose.make_column_selector(dtype_include=object)))
    transformer = compose.ColumnTransformer([("n", numbers, columns[0]), ("c", encoder, columns[1])], remainder=maybe(r, "drop", "passthrough"), sparse_threshold=maybe(r, 0, 0.3))
    rows = mixed(r, 200, missing=True)
    if r.random() < 0.3:
        transformer.transformer_weights = {"n": r.uniform(0.2, 3), "c": 2.0}
    if transformer.remainder == "drop" and r.random() < 0.5:
        frame, rows = frame.assign(note="text that nothing looks at"), rows.assign(note="more of it")
    if "ignore" in repr(encoder) or "infrequent" in repr(encoder) or "use_encoded" in repr(encoder):
        rows.loc[:9, "colour"] = "violet"
    return Case(pipeline.make_pipeline(transformer, maybe(r, linear_model.LogisticRegression(max_iter=300), ensemble.RandomForestClassifier(8, random_state=1), ensemble.GradientBoostingClassifier(n_estimators=5))), frame, y, rows)


@family
def sparse_features_of_boosters(r):
    """What a sparse matrix does not store is missing to XGBoost, not zero."""
    import xgboost
    booster = xgboost.XGBClassifier(n_estimators=6, max_depth=3, random_state=1)
    if r.random() < 0.3:
        texts = documents(r)
        return Case(pipeline.make_pipeline(maybe(r, text_features.TfidfVectorizer(), text_features.CountVectorizer()), booster), texts, np.array([("fox" in t.lower()) for t in texts]).astype(int), documents(r),
                    tolerance=1e-5, text=True)
    frame = mixed(r)
    y = (frame["income"] > 9000).astype(int) + (frame["colour"] == "red").astype(int)
    first = maybe(r, compose.ColumnTransformer([("c", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["colour", "size"]), ("n", maybe(r, preprocessing.StandardScaler(), "passthrough"), ["age", "visits"])], sparse_threshold=maybe(r, 0.0, 1.0)),
                  pipeline.FeatureUnion([("a", compose.make_column_transformer((preprocessing.OneHotEncoder(), ["colour"]), sparse_threshold=1)), ("b", compose.make_column_transformer(("passthrough", ["visits"]), sparse_threshold=maybe(r, 0, 1)))]),
                  pipeline.make_pipeline(compose.make_column_transformer((preprocessing.OneHotEncoder(), ["colour", "size"]), sparse_threshold=1), preprocessing.MaxAbsScaler(), feature_selection.SelectKBest(k=4)),
                  compose.make_column_transformer((preprocessing.KBinsDiscretizer(4), ["age", "income"]), (preprocessing.OneHotEncoder(), ["visits"]), sparse_threshold=1))
    return Case(pipeline.make_pipeline(first, booster), frame, y, mixed(r, 200).assign(visits=frame["visits"].to_numpy()[r.integers(0, len(frame), 200)]), tolerance=1e-5)


@family
def selections_by_boosters(r):
    import xgboost
    x = features(r, f=6)
    kind, y = maybe(r, (xgboost.XGBClassifier, labels(r, x, 3)), (xgboost.XGBRegressor, target(r, x)))
    selector = feature_selection.SelectFromModel(kind(n_estimators=5, random_state=1, importance_type=maybe(r, None, "gain", "total_gain", "weight")), threshold=maybe(r, None, "median"))
    return Case(selector, x, y, asked(r, x))


@family
def truth_values(r):
    frame = mixed(r)
    frame["member"] = r.random(len(frame)) < 0.4
    y = (frame["income"] > 9000).astype(int)
    transformer = compose.ColumnTransformer([("m", maybe(r, preprocessing.OneHotEncoder(), preprocessing.OrdinalEncoder(), "passthrough"), ["member"]), ("c", preprocessing.OneHotEncoder(), ["colour"])])
    return Case(pipeline.make_pipeline(transformer, linear_model.LogisticRegression()), frame, y, frame)


@family
def encoders(r):
    n = 120
    table = np.column_stack([r.choice(["a", "b", "c d", "é"], n), r.choice(["x", "y"], n)]).astype(object)
    numeric = np.column_stack([r.integers(0, 4, n), r.integers(0, 3, n)]).astype(float)
    if r.random() < 0.5:
        estimator = maybe(r, preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.OneHotEncoder(drop="first"), preprocessing.OrdinalEncoder(), preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan))
        return Case(estimator, table, None, table)
    if r.random() < 0.4:
        numeric[r.random(n) < 0.1, 0] = np.nan
    estimator = maybe(r, preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.OneHotEncoder(drop="if_binary"), preprocessing.OrdinalEncoder(encoded_missing_value=-2))
    return Case(estimator, numeric, None, numeric)


WORDS = "the quick brown fox jumps over a lazy dog and not all that glitters is gold in our small boat café naïve straße ÜBER Éclair don't it's 42 3.14 x1 e-mail foo_bar 東京 Москва it".split()


def documents(r, n=80):
    texts = []
    for _ in range(n):
        words = [str(w) for w in r.choice(WORDS, int(r.integers(0, 14)))]
        words = [w.upper() if r.random() < 0.1 else w.capitalize() if r.random() < 0.1 else w for w in words]
        texts.append(str(maybe(r, " ", "  ", ", ", " - ", "\t", "\n")).join(words))
    texts += ["", " ", "!!", "a", "The the THE", "fox"]
    return np.array(texts, dtype=object)


def vectorizer(r):
    options = dict(ngram_range=maybe(r, (1, 1), (1, 1), (1, 2), (2, 3)), stop_words=maybe(r, None, "english", ["fox", "dog"]), lowercase=bool(r.integers(4)), min_df=maybe(r, 1, 2), binary=bool(r.integers(2)))
    if r.random() < 0.3:
        options.update(analyzer=maybe(r, "char", "char_wb"), ngram_range=maybe(r, (1, 2), (2, 4), (3, 3)), stop_words=None)
    elif r.random() < 0.2:
        options.update(token_pattern=maybe(r, r"(?u)\b\w+\b", r"[a-z]+", r"\S+"))
    if r.random() < 0.4:
        return text_features.CountVectorizer(**options)
    return text_features.TfidfVectorizer(norm=maybe(r, "l2", "l1", None), use_idf=bool(r.integers(3)), sublinear_tf=bool(r.integers(2)), smooth_idf=bool(r.integers(2)), max_features=maybe(r, None, 60), **options)


@family
def text_vectorizers(r):
    return Case(vectorizer(r), documents(r), None, documents(r), text=True)


@family
def text_classifiers(r):
    texts = documents(r)
    y = np.array([("fox" in t.lower()) + 2 * ("gold" in t.lower()) for t in texts])
    last = maybe(r, linear_model.LogisticRegression(max_iter=300), naive_bayes.MultinomialNB(), svm.LinearSVC(random_state=1), linear_model.SGDClassifier(loss="log_loss", random_state=1), naive_bayes.ComplementNB())
    first = [vectorizer(r)] if r.random() < 0.7 else [text_features.CountVectorizer(), text_features.TfidfTransformer(sublinear_tf=bool(r.integers(2)))]
    if r.random() < 0.15:
        first = [text_features.HashingVectorizer(n_features=maybe(r, 64, 4096), alternate_sign=False)]
    return Case(pipeline.make_pipeline(*first, last), texts, y, documents(r), text=True)


@family
def hashing(r):
    return Case(text_features.HashingVectorizer(n_features=maybe(r, 16, 1000), norm=maybe(r, "l2", "l1", None), alternate_sign=bool(r.integers(2)), binary=bool(r.integers(2)), stop_words=maybe(r, None, "english")), documents(r), None, documents(r), text=True)


@family
def text_among_columns(r):
    import pandas
    texts = documents(r)
    frame = pandas.DataFrame({"text": texts, "age": r.normal(size=len(texts)), "colour": r.choice(["red", "blue"], len(texts)).astype(object)})
    y = np.array([("fox" in t.lower()) for t in texts]).astype(int)
    transformer = compose.ColumnTransformer([("t", text_features.TfidfVectorizer(), "text"), ("c", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["colour"])], remainder="passthrough")
    return Case(pipeline.make_pipeline(transformer, linear_model.LogisticRegression(max_iter=300)), frame, y, frame)


@family
def wide_maps(r):
    """Maps to other features that no other family has."""
    from sklearn import manifold
    x = features(r, n=int(r.integers(60, 160)), f=int(r.integers(3, 9)))
    kind = int(r.integers(6))
    rows = asked(r, x, extreme=False)
    if kind == 0:
        return Case(cluster.FeatureAgglomeration(2, pooling_func=maybe(r, np.mean, np.median, np.max, np.min, np.sum)), x, None, rows)
    if kind == 1:
        sketch = kernel_approximation.PolynomialCountSketch(degree=int(r.integers(1, 4)), gamma=r.uniform(0.2, 2), coef0=maybe(r, 0, 0.7), n_components=int(r.integers(2, 40)), random_state=1)
        return Case(pipeline.make_pipeline(preprocessing.StandardScaler(), sketch), x, None, rows, tolerance=1e-6)
    if kind == 2:
        return Case(cross_decomposition.PLSSVD(2, scale=bool(r.integers(2))), x, target(r, x, 3), rows)
    if kind == 3:
        return Case(preprocessing.KernelCenterer(), x[:, :3] @ x[:, :3].T @ np.eye(len(x))[:, :len(x)], None, (x[:, :3] @ x[:, :3].T)[:40])
    if kind == 4:
        kernel = x @ x.T
        return Case(decomposition.KernelPCA(2, kernel="precomputed"), kernel, None, kernel[:40] * 1.5, tolerance=1e-5)
    return Case(manifold.Isomap(n_neighbors=int(r.integers(4, 9)), n_components=2, metric=maybe(r, "minkowski", "manhattan")), x, None, rows[:-1], tolerance=1e-5)


@family
def wrapped_columns(r):
    """Estimators around pipelines that pick their columns, text among them, out of a data frame."""
    frame = mixed(r)
    frame.insert(0, "note", r.choice(["a b", "c"], len(frame)))
    inner = lambda model: pipeline.make_pipeline(compose.make_column_transformer((preprocessing.StandardScaler(), ["age", "income"]), (preprocessing.OneHotEncoder(handle_unknown="ignore"), ["colour"])), model)
    y = (frame["income"] > frame["income"].median()).astype(int).to_numpy()
    z = (frame["income"] / 1000 + frame["age"] / 50 + (frame["colour"] == "red")).to_numpy()
    kind = int(r.integers(10))
    first, second = inner(linear_model.LogisticRegression(max_iter=300)), inner(ensemble.RandomForestClassifier(5, random_state=1))
    one, two = inner(linear_model.Ridge()), inner(tree.DecisionTreeRegressor(max_depth=3, random_state=1))
    estimator, aim = [
        (calibration.CalibratedClassifierCV(first, cv=3), y), (ensemble.StackingClassifier([("a", first), ("b", second)], cv=2), y), (ensemble.VotingClassifier([("a", first), ("b", second)], voting="soft"), y),
        (multiclass.OneVsRestClassifier(first), (frame["age"] // 25).astype(int).to_numpy()), (compose.TransformedTargetRegressor(one, func=np.log1p, inverse_func=np.expm1), np.abs(z)),
        (multioutput.MultiOutputRegressor(one), np.column_stack([z, -z])), (ensemble.StackingRegressor([("a", one), ("b", two)]), z), (ensemble.VotingRegressor([("a", one), ("b", two)]), z),
        (pipeline.make_pipeline(pipeline.make_union(compose.make_column_transformer((preprocessing.OneHotEncoder(handle_unknown="ignore"), ["colour"])), compose.make_column_transformer(("passthrough", ["age"]))),
                                linear_model.LogisticRegression(max_iter=300)), y),
        (model_selection.GridSearchCV(calibration.CalibratedClassifierCV(first, cv=2), {"method": ["sigmoid", "isotonic"]}, cv=2), y)][kind]
    return Case(estimator, frame, aim, frame, tolerance=1e-5)


# Writing --------------------------------------------------------------------------------------------------------------------------------------------

class Writer:
    def __init__(self, folder):
        self.folder, self.count = folder, 0
        os.makedirs(folder, exist_ok=True)

    def numbers(self, array):
        array = np.ascontiguousarray(array, dtype="<f8")
        name = f"{self.count}.f64"
        self.count += 1
        array.tofile(os.path.join(self.folder, name))
        return {"file": name, "shape": list(array.shape)}

    def values(self, value):
        if hasattr(value, "toarray"):
            value = value.toarray()
        if isinstance(value, list):
            return {"list": [self.values(item) for item in value]}
        value = np.asarray(value)
        if value.dtype == bool or np.issubdtype(value.dtype, np.number):
            return self.numbers(value.astype(float))
        return {"text": [str(item) for item in value.ravel()], "shape": list(value.shape)}

    def columns(self, rows):
        if hasattr(rows, "columns"):
            return [{"name": str(name), **self.column(rows[name].to_numpy())} for name in rows.columns]
        if rows.ndim == 1:
            return [{"name": "X", **self.column(rows)}]
        if rows.dtype == object:
            return [{"name": f"x{i}", **self.column(rows[:, i])} for i in range(rows.shape[1])]
        return [{"name": "X", **self.numbers(rows)}]

    def column(self, values):
        return {"text": ["" if v is None or v != v else str(v) for v in values], "shape": [len(values), 1]} if values.dtype == object else self.numbers(values.astype(float).reshape(-1, 1))


def answers(case):
    e, rows = case.estimator, case.given(case.rows if case.rows is not None else case.x)
    found = {}
    for method in ("predict", "predict_proba", "decision_function", "score_samples", "transform"):
        if method in ("predict", "transform", "predict_proba") and isinstance(e, (cluster.Birch,)) and method == "predict_proba":
            continue
        try:
            found[method] = np.vstack([getattr(e, method)(rows[i:i + 1]) for i in range(len(rows))]) if case.alone else getattr(e, method)(rows)
        except (AttributeError, NotImplementedError, ValueError) as error:
            if method == "predict" and hasattr(e, "predict") and not isinstance(error, AttributeError):
                raise
    return found


def dump(case, path, turn):
    """Writes the estimator: as the case says, or by turns in all the ways there are."""
    if case.dump == "save_model":
        case.estimator.save_model(path)
        return
    if turn is not None:
        ways = [dict(dump="pickle", protocol=p) for p in (2, 3, 4, 5)] + [dict(dump="joblib", compress=c) for c in (0, True, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3), ("lz4", 3))]
        vars(case).update(ways[turn % len(ways)])
    if case.dump == "pickle":
        with open(path, "wb") as file:
            pickle.dump(case.estimator, file, protocol=case.protocol)
        return
    try:
        joblib.dump(case.estimator, path, compress=case.compress)
    except ValueError:  # a compression that this Python lacks
        joblib.dump(case.estimator, path)


def write_cases(draws, by_turns=False):
    """Fits and dumps. draws(arguments, number, family) yields for each case its data's generator's seed and a function that makes it, or the case itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    writer = Writer(arguments.folder)
    written = 0
    with open(os.path.join(arguments.folder, "cases.jsonl"), "w", encoding="utf-8") as out:
        for number, (name, make) in enumerate(sorted(FAMILIES.items())):
            if arguments.only and arguments.only not in name:
                continue
            for repeat, case in enumerate(draws(arguments, number, make)):
                try:
                    case = case() if callable(case) else case
                    if case.fitted:
                        pass
                    elif case.y is None:
                        case.estimator.fit(case.given(case.x))
                    else:
                        case.estimator.fit(case.given(case.x), case.y)
                    found = answers(case)
                except ImportError as error:
                    print(f"{name}: left out, {error}", file=sys.stderr)
                    break
                except Exception as error:  # a draw that scikit-learn itself refuses is no case
                    print(f"{name} {repeat}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
                    continue
                model = f"{name}-{repeat}{case.compress if case.dump == 'save_model' else '.joblib'}"
                dump(case, os.path.join(arguments.folder, model), written if by_turns else None)
                written += 1
                rows = case.rows if case.rows is not None else case.x
                line = {"name": f"{name}-{repeat}", "model": model, "estimator": " ".join(repr(case.estimator).split())[:400], "tolerance": case.tolerance, "refused": case.refused, "columns": writer.columns(rows),
                        "expected": {method: writer.values(value) for method, value in found.items()}}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}, seed {arguments.seed}")


if __name__ == "__main__":
    write_cases(lambda arguments, number, make: [lambda repeat=repeat: make(np.random.default_rng([arguments.seed, number, repeat])) for repeat in range(arguments.repeats)])

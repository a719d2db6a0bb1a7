#!/usr/bin/env python3
"""Fits scikit-learn estimators with the options that draws rarely meet, each value in a case of its own, and writes what make_models.py writes.

    make_options.py FOLDER [--seed N] [--only TEXT]

A family is a function that yields cases; its data is drawn anew with each seed. Cases are dumped by turns with every pickle protocol and every compression that joblib has.
"""
import itertools
import numpy as np
import scipy.sparse as sp

from make_models import *  # noqa: F403
from make_models import FAMILIES, Case, asked, documents, features, labels, mixed, target, write_cases

FAMILIES.clear()
sparse = lambda rows: sp.csr_matrix(rows)  # noqa: E731


def family(function):
    FAMILIES[function.__name__] = function
    return function


def even(r, x, k, kind="int"):
    """Labels of which no class is rare."""
    while True:
        y = labels(r, x, k, kind)
        if min(np.unique(y, return_counts=True)[1]) >= 8:
            return y


def counts(r, n=120, f=6):
    return r.poisson(1.2, size=(n, f)).astype(float)


# Linear models --------------------------------------------------------------------------------------------------------------------------------------

@family
def logistic_modes(r):
    x = features(r, f=4)
    for k, kind in ((2, "text"), (3, "shifted"), (2, "bool"), (3, "float")):
        y = labels(r, x, k, kind)
        for solver, penalty, mode in (("lbfgs", "l2", "auto"), ("lbfgs", "l2", "ovr"), ("lbfgs", "l2", "multinomial"), ("liblinear", "l1", "auto"), ("liblinear", "l2", "ovr"), ("newton-cg", "l2", "multinomial"), ("lbfgs", None, "auto")):
            if kind in ("text", "shifted"):
                yield Case(linear_model.LogisticRegression(solver=solver, penalty=penalty, multi_class=mode, fit_intercept=(solver != "newton-cg")), x, y, asked(r, x))
        yield Case(linear_model.LogisticRegression(class_weight={v: 1 + i for i, v in enumerate(np.unique(y))}, intercept_scaling=2.0, solver="liblinear"), x, y, asked(r, x))
        yield Case(linear_model.LogisticRegressionCV(Cs=2, cv=2, multi_class="multinomial", refit=bool(k == 2)), x, y, asked(r, x))
    yield Case(linear_model.LogisticRegression(), x, labels(r, x, 3), asked(r, x, extreme=False), given=sparse)
    yield Case(linear_model.LogisticRegression().fit(x, labels(r, x, 3)).sparsify(), x, None, asked(r, x), fitted=True)


@family
def stochastic_gradient(r):
    x = features(r, f=4) / 5
    for k in (2, 3):
        for loss in ("hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron", "squared_error", "huber", "epsilon_insensitive"):
            yield Case(pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.SGDClassifier(loss=loss, average=bool(k == 2), random_state=1, class_weight="balanced")), x, labels(r, x, k, "text"), asked(r, x))
    yield Case(linear_model.SGDClassifier(loss="log_loss", random_state=1).fit(x, labels(r, x, 3)).sparsify(), x, None, asked(r, x), fitted=True)
    for loss in ("squared_error", "huber", "epsilon_insensitive", "squared_epsilon_insensitive"):
        yield Case(pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.SGDRegressor(loss=loss, average=10, random_state=1)), x, target(r, x), asked(r, x))
    yield Case(linear_model.SGDOneClassSVM(nu=0.1, fit_intercept=False, random_state=1), x, None, asked(r, x))


@family
def regularized(r):
    x = features(r, f=4)
    y = target(r, x)
    for estimator in (linear_model.Ridge(fit_intercept=False), linear_model.Ridge(positive=True), linear_model.RidgeCV(alphas=[0.1, 1], gcv_mode="svd", store_cv_values=True), linear_model.LinearRegression(positive=True),
                      linear_model.ElasticNet(precompute=True, positive=True, alpha=0.1), linear_model.BayesianRidge(fit_intercept=False, compute_score=True), linear_model.ARDRegression(compute_score=True, threshold_lambda=5),
                      linear_model.Lars(n_nonzero_coefs=2, fit_path=False), linear_model.OrthogonalMatchingPursuit(tol=1.0), linear_model.LassoLarsIC(criterion="bic"), linear_model.TweedieRegressor(power=0, link="identity"),
                      linear_model.RANSACRegressor(estimator=linear_model.Ridge(), min_samples=10, loss="squared_error", random_state=1), linear_model.RANSACRegressor(estimator=tree.DecisionTreeRegressor(max_depth=2, random_state=1), min_samples=20, random_state=1),
                      linear_model.TheilSenRegressor(fit_intercept=False, random_state=1, max_subpopulation=100), svm.LinearSVR(loss="squared_epsilon_insensitive", random_state=1), linear_model.PassiveAggressiveRegressor(average=True, random_state=1)):
        yield Case(estimator, x, y, asked(r, x))
    many = target(r, x, 2)
    for estimator in (linear_model.Ridge(alpha=np.array([0.1, 2.0])), linear_model.RidgeCV(alpha_per_target=True), linear_model.LassoLars(alpha=0.01), linear_model.Lasso(alpha=0.1), linear_model.ElasticNet(alpha=0.1),
                      cross_decomposition.PLSRegression(2, scale=False), cross_decomposition.PLSCanonical(2, algorithm="svd"), linear_model.LinearRegression(fit_intercept=False)):
        yield Case(estimator, x, many, asked(r, x, extreme=False))
    column = y.reshape(-1, 1)
    for estimator in (linear_model.LinearRegression(), linear_model.Ridge(), linear_model.Lasso(alpha=0.05), cross_decomposition.PLSRegression(1), linear_model.RidgeCV(), linear_model.RANSACRegressor(random_state=1)):
        yield Case(estimator, x, column, asked(r, x, extreme=False))
    for estimator in (linear_model.Lasso(alpha=0.05), linear_model.Ridge(solver="sag", random_state=1), linear_model.ElasticNet(alpha=0.05), linear_model.LinearRegression()):
        yield Case(estimator, x, y, asked(r, x, extreme=False), given=sparse)
    yield Case(linear_model.RidgeClassifier(class_weight="balanced", fit_intercept=False), x, labels(r, x, 4, "text"), asked(r, x))
    yield Case(linear_model.Perceptron(penalty="elasticnet", early_stopping=True, random_state=1), x, labels(r, x, 3, "shifted"), asked(r, x))
    yield Case(svm.LinearSVC(dual=False, penalty="l1", random_state=1), x, labels(r, x, 2, "text"), asked(r, x))
    for power in (0, 1, 1.2, 2, 2.7, 3):
        yield Case(linear_model.TweedieRegressor(power=power, alpha=0.5, max_iter=300), x / 20, np.exp(target(r, x) / 10), asked(r, x / 20, extreme=False))


# Trees ----------------------------------------------------------------------------------------------------------------------------------------------

@family
def tree_options(r):
    x = features(r, n=150, f=4)
    y = labels(r, x, 3, "text")
    for estimator in (tree.DecisionTreeClassifier(splitter="random", max_leaf_nodes=7, random_state=1), tree.DecisionTreeClassifier(ccp_alpha=0.02, class_weight={"ash": 2.0, "birch": 1, "cédre": 0.3}, random_state=1), tree.DecisionTreeClassifier(max_depth=1),
                      ensemble.RandomForestClassifier(5, class_weight="balanced_subsample", oob_score=True, random_state=1), ensemble.RandomForestClassifier(5, max_samples=0.3, min_weight_fraction_leaf=0.1, random_state=1),
                      ensemble.ExtraTreesClassifier(5, bootstrap=True, ccp_alpha=0.01, warm_start=True, random_state=1), tree.DecisionTreeClassifier(min_impurity_decrease=0.9)):
        yield Case(estimator, x, y, asked(r, x))
    yield Case(tree.DecisionTreeClassifier(max_depth=3), x, np.full(len(x), "only"), asked(r, x))
    yield Case(ensemble.RandomForestClassifier(3), x, np.zeros(len(x), int), asked(r, x))
    yield Case(ensemble.RandomForestClassifier(6, random_state=1), x, labels(r, x, 3).reshape(-1, 1), asked(r, x))
    positive = target(r, x, positive=True)
    for criterion in ("squared_error", "friedman_mse", "absolute_error", "poisson"):
        yield Case(tree.DecisionTreeRegressor(criterion=criterion, max_depth=4, random_state=1), x, positive, asked(r, x))
    yield Case(ensemble.RandomForestRegressor(4, criterion="poisson", oob_score=True, random_state=1), x, positive, asked(r, x))
    yield Case(tree.DecisionTreeRegressor(max_depth=3), x, target(r, x).reshape(-1, 1), asked(r, x))
    several = np.column_stack([labels(r, x, 2, "bool"), labels(r, x, 2, "bool")])
    yield Case(ensemble.RandomForestClassifier(4, random_state=1), x, several, asked(r, x))
    yield Case(tree.DecisionTreeClassifier(max_depth=3, random_state=1), sp.csc_matrix(counts(r)), r.integers(0, 2, 120), counts(r, 50))
    for estimator in (ensemble.IsolationForest(n_estimators=7, max_samples=1.0, contamination=0.05, bootstrap=True, random_state=1), ensemble.IsolationForest(n_estimators=3, max_samples=20, max_features=2, random_state=1), ensemble.IsolationForest(n_estimators=3, max_samples=2, random_state=1)):
        yield Case(estimator, x, None, asked(r, x), tolerance=3e-6)


@family
def boosting_options(r):
    x = features(r, n=150, f=4)
    y = target(r, x)
    for loss, alpha in (("squared_error", 0.9), ("absolute_error", 0.9), ("huber", 0.7), ("quantile", 0.2)):
        yield Case(ensemble.GradientBoostingRegressor(loss=loss, alpha=alpha, n_estimators=12, max_leaf_nodes=6, n_iter_no_change=3, random_state=1), x, y, asked(r, x), tolerance=3e-6)
    for init in ("zero", linear_model.Ridge(), ensemble.RandomForestRegressor(3, random_state=1), pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Lasso(0.1))):
        yield Case(ensemble.GradientBoostingRegressor(init=init, n_estimators=5, random_state=1), x, y, asked(r, x), tolerance=3e-6)
    for k, loss, init in ((2, "exponential", None), (2, "log_loss", "zero"), (3, "log_loss", "zero"), (2, "log_loss", naive_bayes.GaussianNB()), (3, "log_loss", ensemble.RandomForestClassifier(4, max_depth=3, random_state=1)), (2, "log_loss", tree.DecisionTreeClassifier(max_depth=2, random_state=1))):
        yield Case(ensemble.GradientBoostingClassifier(loss=loss, init=init, n_estimators=6, criterion="squared_error", random_state=1), x, labels(r, x, k, "text"), asked(r, x), tolerance=3e-6)
    z = features(r, n=300, f=4, missing=0.1)
    z[:, 2] = r.integers(0, 6, 300)
    rows = asked(r, z, extreme=False)
    rows[:, 2] = r.integers(0, 8, len(rows))
    rows[r.random(rows.shape) < 0.1] = np.nan
    for options in (dict(monotonic_cst=[1, -1, 0, 0]), dict(interaction_cst=[{0, 1}, {2, 3}]), dict(early_stopping=True, n_iter_no_change=2), dict(max_bins=10, l2_regularization=2.0), dict(categorical_features=[False, False, True, False], max_leaf_nodes=4)):
        yield Case(ensemble.HistGradientBoostingClassifier(max_iter=10, random_state=1, **options), z, labels(r, z, 2, "text"), rows, tolerance=3e-6)
        for loss in ("squared_error", "absolute_error", "quantile", "poisson") if "max_bins" in options else ("poisson",):
            yield Case(ensemble.HistGradientBoostingRegressor(loss=loss, quantile=0.8 if loss == "quantile" else None, max_iter=10, random_state=1, **options), z, target(r, z, positive=True), rows, tolerance=3e-6)
    for base, algorithm in itertools.product((tree.DecisionTreeClassifier(max_depth=1), ensemble.RandomForestClassifier(3, max_depth=2, random_state=1), naive_bayes.GaussianNB()), ("SAMME", "SAMME.R")):
        yield Case(ensemble.AdaBoostClassifier(base, n_estimators=4, algorithm=algorithm, learning_rate=0.5, random_state=1), x, labels(r, x, 3, "text"), asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(ensemble.AdaBoostClassifier(svm.SVC(), algorithm="SAMME", n_estimators=3, random_state=1), x, labels(r, x, 2), asked(r, x, extreme=False))
    yield Case(ensemble.AdaBoostClassifier(tree.DecisionTreeClassifier(), n_estimators=4, random_state=1), x, labels(r, x, 2), asked(r, x))
    yield Case(ensemble.AdaBoostRegressor(svm.SVR(), n_estimators=3, random_state=1), x, y, asked(r, x, extreme=False), tolerance=1e-5)


# Kernels and neighbours -----------------------------------------------------------------------------------------------------------------------------

@family
def support_vectors(r):
    x = features(r, n=90, f=3) / 8
    for k, kind, (break_ties, shape) in itertools.product((2, 4), ("text", "shifted"), ((False, "ovo"), (False, "ovr"), (True, "ovr"))):
        yield Case(svm.SVC(kernel="poly" if k == 2 else "rbf", degree=2, coef0=1, C=0.05, break_ties=break_ties, decision_function_shape=shape, class_weight="balanced"), x, labels(r, x, k, kind), asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(svm.SVC(kernel="linear", probability=True, random_state=1), x, labels(r, x, 3, "text"), asked(r, x, extreme=False), given=sparse, tolerance=1e-5)
    yield Case(svm.SVC(kernel="rbf", gamma=0.4), x, labels(r, x, 2), asked(r, x, extreme=False), given=sparse, tolerance=1e-5)
    yield Case(svm.NuSVC(nu=0.1, probability=True, random_state=1, break_ties=True), x, labels(r, x, 3), asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(svm.SVR(kernel="poly", gamma="auto", epsilon=0.3), x, target(r, x), asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(svm.NuSVR(kernel="sigmoid", gamma=0.1), x, target(r, x), asked(r, x, extreme=False), given=sparse, tolerance=1e-5)
    gram = x @ x.T
    yield Case(svm.SVC(kernel="precomputed"), gram, labels(r, x, 3), gram[:30] * 1.1, tolerance=1e-5)
    yield Case(svm.SVR(kernel="precomputed"), gram, target(r, x), gram[:30] * 1.1, tolerance=1e-5)
    yield Case(svm.OneClassSVM(kernel="precomputed", nu=0.3), gram, None, gram[:30] * 1.1, tolerance=1e-5)
    yield Case(svm.OneClassSVM(kernel="sigmoid", gamma=0.05), x, None, asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(svm.SVC(kernel=kernel_of_mine), x, labels(r, x, 2), x, refused="__main__.kernel_of_mine")


def kernel_of_mine(a, b):
    return a @ b.T


@family
def neighbour_options(r):
    x = features(r, n=80, f=3)
    y, z = labels(r, x, 3, "text"), target(r, x, 2)
    rows = asked(r, x, extreme=False)[:-1]
    for metric, options in (("minkowski", dict(p=1.5)), ("minkowski", dict(p=3)), ("minkowski", dict(p=1)), ("minkowski", dict(metric_params={"w": np.array([1.0, 0.2, 3])})), ("euclidean", {}), ("manhattan", {}), ("cityblock", {}), ("l1", {}), ("l2", {}),
                            ("chebyshev", {}), ("sqeuclidean", {}), ("canberra", {}), ("cosine", {}), ("correlation", {}), ("hamming", {}), ("nan_euclidean", {}), ("seuclidean", dict(metric_params={"V": np.array([1.0, 2, 3])})),
                            ("mahalanobis", dict(metric_params={"VI": np.eye(3) + 0.1})), ("haversine", {}), ("jaccard", {}), ("wminkowski", dict(p=2, metric_params={"w": np.ones(3)}))):
        a, b = (x[:, :2] / 20, rows[:, :2] / 20) if metric == "haversine" else ((x > 0).astype(float), (rows > 0).astype(float)) if metric == "jaccard" else (np.round(x), np.round(rows)) if metric == "hamming" else (x, rows)
        ties = metric in ("jaccard", "hamming")  # of which neighbours are as near as others only all together are sure
        refused = {"nan_euclidean": "the metric 'nan_euclidean'", "mahalanobis": "the parameter 'VI'", "wminkowski": "the parameter 'w'"}.get(metric, "")
        yield Case(neighbors.KNeighborsClassifier(80 if ties else 3, metric=metric, weights="distance", algorithm="brute" if metric in ("correlation", "cosine", "nan_euclidean", "sqeuclidean") else "auto", **options), a, y, b, tolerance=1e-5, refused=refused)
    for leaf in ("ball_tree", "kd_tree", "brute"):
        yield Case(neighbors.KNeighborsRegressor(4, algorithm=leaf, leaf_size=5, weights="distance", p=1), x, z, rows, tolerance=1e-5)
    yield Case(neighbors.KNeighborsClassifier(5), x, y, rows, given=sparse, tolerance=1e-5)
    yield Case(neighbors.KNeighborsRegressor(5, metric="cosine"), x, z[:, 0], rows, given=sparse, tolerance=1e-5)
    yield Case(neighbors.KNeighborsClassifier(3, weights=weights_of_mine), x, y, rows, refused="__main__.weights_of_mine")
    yield Case(neighbors.KNeighborsClassifier(3, metric="precomputed"), np.abs(x @ x.T), y, np.abs(rows[:20] @ x.T))
    yield Case(neighbors.KNeighborsRegressor(3, metric="precomputed"), np.abs(x @ x.T), z, np.abs(rows[:20] @ x.T))
    yield Case(neighbors.KNeighborsClassifier(3), x, labels(r, x, 2, "bool"), rows)
    yield Case(neighbors.KNeighborsClassifier(3), x, labels(r, x, 2).reshape(-1, 1), rows)
    yield Case(neighbors.KNeighborsRegressor(3), x, z[:, :1], rows)
    near = np.vstack([x / 10 + 0.02, x * 50 + 1000])
    for outlier in (None, "most_frequent", "ash"):
        yield Case(neighbors.RadiusNeighborsClassifier(2.0, outlier_label=outlier, weights="distance"), x / 10, y, near if outlier else near[:80])
    yield Case(neighbors.RadiusNeighborsClassifier(2.0, outlier_label=-7), x / 10, labels(r, x, 3), near, refused="an outlier_label that is no class")
    yield Case(neighbors.RadiusNeighborsClassifier(2.0, outlier_label=[0, 1]), x / 10, np.column_stack([labels(r, x, 2), labels(r, x, 3)]), near, refused="more than one output")
    yield Case(neighbors.RadiusNeighborsRegressor(2.0, metric="manhattan"), x / 10, z, near[:80])
    yield Case(neighbors.NearestCentroid(), counts(r), r.integers(0, 3, 120), counts(r, 50), given=sparse)
    for metric in ("euclidean", "manhattan", "chebyshev", "cosine"):
        yield Case(neighbors.NearestCentroid(metric=metric, shrink_threshold=0.1 if metric == "euclidean" else None), x, y, rows)
    for metric, p in (("minkowski", 2), ("minkowski", 3), ("manhattan", 2), ("cosine", 2)):
        yield Case(neighbors.LocalOutlierFactor(7, novelty=True, metric=metric, p=p, algorithm="brute" if metric == "cosine" else "auto"), x, None, rows, tolerance=1e-5)
    for metric in ("euclidean", "manhattan", "chebyshev"):
        yield Case(neighbors.KernelDensity(bandwidth=5.0, metric=metric, kernel="gaussian"), x, None, rows, tolerance=1e-5, refused="" if metric == "euclidean" else "the metric")
    for bandwidth in ("scott", "silverman"):
        yield Case(neighbors.KernelDensity(bandwidth=bandwidth), x / x.std(axis=0), None, rows[:80] / x.std(axis=0), tolerance=1e-5)


def weights_of_mine(d):
    return 1 / (1 + d)


@family
def gaussian_kernels(r):
    x = features(r, n=50, f=2)
    x = x / x.std(axis=0)
    rows = asked(r, x, extreme=False)
    for kernel in (gk.Matern([1.0, 0.5], nu=np.inf), gk.Matern(0.8, nu=1.5) * gk.ConstantKernel(2), gk.RBF(1) * gk.RBF([0.5, 2]), (gk.RBF(1) + gk.DotProduct(0.5)) * gk.ConstantKernel(0.5) + gk.WhiteKernel(0.2), gk.DotProduct(0.3) ** 2,
                   gk.RationalQuadratic(0.6, 1.4) + gk.Matern(1.0, nu=0.5), gk.PairwiseKernel(gamma=0.5, metric="rbf"), gk.PairwiseKernel(metric="laplacian"), gk.PairwiseKernel(gamma=0.3, metric="polynomial"),
                   gk.PairwiseKernel(metric="linear"), gk.PairwiseKernel(metric="cosine"), gk.PairwiseKernel(metric="rbf", gamma=0.1), gk.Matern(1.0, nu=0.7), gk.RBF(1.0) + 0.5, 2.0 * gk.RBF(1.0)):
        yield Case(gaussian_process.GaussianProcessRegressor(kernel, alpha=0.2, normalize_y=True, optimizer=None), x, target(r, x), rows, tolerance=1e-5, refused="nu=0.7" if "0.7)" in repr(kernel) else "")
        if "White" not in repr(kernel) and "0.7)" not in repr(kernel):
            yield Case(gaussian_process.GaussianProcessClassifier(kernel, optimizer=None), x, labels(r, x, 2, "text"), rows[:-1], tolerance=1e-5)  # a row of zeros has no variance
    yield Case(gaussian_process.GaussianProcessRegressor(gk.RBF() + gk.WhiteKernel(), n_restarts_optimizer=1, random_state=1), x, target(r, x), rows, tolerance=1e-5)
    for mode, k in (("one_vs_rest", 3), ("one_vs_one", 3), ("one_vs_one", 2)):
        yield Case(gaussian_process.GaussianProcessClassifier(gk.RBF(1.0), multi_class=mode, random_state=1), x, labels(r, x, k, "text"), rows, tolerance=1e-5)
    for kernel, options in (("additive_chi2", {}), ("chi2", dict(gamma=0.2)), ("precomputed", {}), ("rbf", dict(gamma=None)), ("poly", dict(degree=3, coef0=0)), ("sigmoid", dict(gamma=0.1, coef0=0)), ("cosine", {}), ("linear", {})):
        data, asking = (np.abs(x), np.abs(rows)) if "chi2" in kernel else (x @ x.T + np.eye(50), rows @ x.T) if kernel == "precomputed" else (x, rows)
        yield Case(kernel_ridge.KernelRidge(kernel=kernel, **options), data, target(r, x, 2), asking, tolerance=1e-5)
        if kernel != "precomputed":
            yield Case(kernel_approximation.Nystroem(kernel=kernel, n_components=8, random_state=1, **{k: v for k, v in options.items()}), data, None, asking, tolerance=1e-4)
    yield Case(decomposition.KernelPCA(2, kernel="rbf", fit_inverse_transform=True, remove_zero_eig=True), x, None, rows, tolerance=1e-5)
    yield Case(decomposition.KernelPCA(kernel="poly", degree=2, gamma=0.3), x, None, rows, tolerance=1e-3)
    yield Case(kernel_approximation.RBFSampler(gamma="scale", n_components=7, random_state=1), x, None, rows)


# Composition ----------------------------------------------------------------------------------------------------------------------------------------

@family
def ensembles(r):
    x = features(r, f=4)
    y = even(r, x, 3, "text")
    forest, nb, logit, svc = ensemble.RandomForestClassifier(4, random_state=1), naive_bayes.GaussianNB(), linear_model.LogisticRegression(max_iter=300), svm.SVC(random_state=1)
    for voting, weights in itertools.product(("hard", "soft"), (None, [3, 1, 2])):
        yield Case(ensemble.VotingClassifier([("f", forest), ("n", nb), ("l", logit)], voting=voting, weights=weights, flatten_transform=weights is None), x, y, asked(r, x, extreme=False))
        yield Case(ensemble.VotingClassifier([("f", forest), ("n", nb), ("l", logit)], voting=voting, weights=weights).set_params(n="drop"), x, y, asked(r, x, extreme=False))
    yield Case(ensemble.VotingRegressor([("a", linear_model.Ridge()), ("b", "drop"), ("c", svm.SVR())], weights=[1, 5, 2]), x, target(r, x), asked(r, x, extreme=False), tolerance=1e-5)
    for k, method, passthrough in itertools.product((2, 3), ("auto", "predict_proba", "predict"), (False, True)):
        yield Case(ensemble.StackingClassifier([("f", forest), ("n", nb), ("d", "drop")], final_estimator=maybe(r, None, forest, pipeline.make_pipeline(preprocessing.StandardScaler(), logit)), stack_method=method, passthrough=passthrough, cv=3), x, even(r, x, k, "text"), asked(r, x, extreme=False))
    yield Case(ensemble.StackingClassifier([("s", svc), ("l", svm.LinearSVC(random_state=1))], stack_method="decision_function", cv=3), x, even(r, x, 2, "text"), asked(r, x, extreme=False))
    yield Case(ensemble.StackingClassifier([("s", forest.fit(x, even(r, x, 3))), ("l", logit.fit(x, even(r, x, 3)))], cv="prefit"), x, even(r, x, 3), asked(r, x, extreme=False))
    several = np.column_stack([even(r, x, 2), even(r, x, 2)])
    yield Case(ensemble.StackingClassifier([("s", ensemble.RandomForestClassifier(4, random_state=1)), ("k", neighbors.KNeighborsClassifier())], final_estimator=neighbors.KNeighborsClassifier(), cv=3), x, several, asked(r, x, extreme=False), refused="the method 'predict_proba'")
    yield Case(ensemble.StackingRegressor([("a", linear_model.Ridge()), ("b", svm.SVR())], final_estimator=ensemble.GradientBoostingRegressor(n_estimators=3), passthrough=True), x, target(r, x), asked(r, x, extreme=False), tolerance=1e-5)
    for base in (svc, svm.SVC(probability=True, random_state=1), linear_model.RidgeClassifier(), forest, logit, nb, pipeline.make_pipeline(preprocessing.StandardScaler(), svm.LinearSVC(random_state=1))):
        for k, method, together in ((2, "sigmoid", True), (3, "isotonic", True), (2, "isotonic", False), (3, "sigmoid", False)):
            yield Case(calibration.CalibratedClassifierCV(base, method=method, ensemble=together, cv=3), x, even(r, x, k, "text"), asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(calibration.CalibratedClassifierCV(ensemble.RandomForestClassifier(4, random_state=1).fit(x, y), cv="prefit"), x, y, asked(r, x, extreme=False))
    for options in (dict(max_features=2, bootstrap_features=True), dict(max_samples=0.2), dict(bootstrap=False, max_features=0.5), dict(oob_score=True, n_estimators=12)):
        yield Case(ensemble.BaggingClassifier(random_state=1, **{"n_estimators": 5, **options}), x, y, asked(r, x))
        yield Case(ensemble.BaggingClassifier(svc, random_state=1, **{"n_estimators": 3, **options}), x, even(r, x, 2, "text"), asked(r, x, extreme=False))
        yield Case(ensemble.BaggingClassifier(logit, random_state=1, **{"n_estimators": 3, **options}), x, y, asked(r, x, extreme=False))
        yield Case(ensemble.BaggingRegressor(random_state=1, **{"n_estimators": 5, **options}), x, target(r, x), asked(r, x))
    yield Case(ensemble.BaggingRegressor(random_state=1), x, target(r, x, 2), asked(r, x))
    for size, k in ((1.5, 3), (0.7, 4), (2.5, 2)):
        yield Case(multiclass.OutputCodeClassifier(logit, code_size=size, random_state=1), x, even(r, x, k, "text"), asked(r, x, extreme=False))
    for inner in (svc, logit, nb, forest, linear_model.Perceptron(random_state=1)):
        for k in (2, 3):
            yield Case(multiclass.OneVsRestClassifier(inner), x, even(r, x, k, "text"), asked(r, x, extreme=False), tolerance=1e-5)
            yield Case(multiclass.OneVsOneClassifier(inner), x, even(r, x, k, "text"), asked(r, x, extreme=False), tolerance=1e-5)
    constant = several.copy()
    constant[:, 1] = 1
    yield Case(multiclass.OneVsRestClassifier(linear_model.LogisticRegression()), x, constant, asked(r, x, extreme=False))
    yield Case(multiclass.OneVsRestClassifier(linear_model.LogisticRegression()), x, sp.csr_matrix(several), asked(r, x, extreme=False))
    for order in (None, [1, 0], "random"):
        yield Case(multioutput.ClassifierChain(linear_model.LogisticRegression(), order=order, random_state=1), x, several, asked(r, x, extreme=False))
        yield Case(multioutput.ClassifierChain(svm.SVC(), order=order, cv=2, random_state=1), x, several, asked(r, x, extreme=False))
        yield Case(multioutput.RegressorChain(linear_model.Ridge(), order=order, cv=2, random_state=1), x, target(r, x, 2), asked(r, x, extreme=False))
    for inner in (linear_model.Perceptron(random_state=1), svm.SVC(), ensemble.HistGradientBoostingClassifier(max_iter=3)):
        yield Case(multioutput.MultiOutputClassifier(inner), x, np.column_stack([even(r, x, 3, "text"), even(r, x, 2, "text")]), asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(multioutput.MultiOutputClassifier(nb), x, np.column_stack([even(r, x, 2), even(r, x, 2)]), asked(r, x, extreme=False))
    for inner in (neighbors.KNeighborsClassifier(), neural_network.MLPClassifier((4,), max_iter=50, random_state=1), tree.ExtraTreeClassifier(random_state=1)):
        yield Case(inner, x, np.column_stack([even(r, x, 2), even(r, x, 2), even(r, x, 2)]), asked(r, x, extreme=False))
    for strategy in ("most_frequent", "prior", "stratified", "uniform", "constant"):
        yield Case(dummy.DummyClassifier(strategy=strategy, random_state=1, constant="ash" if strategy == "constant" else None), x, y, asked(r, x), refused=f"the strategy '{strategy}'" if strategy in ("stratified", "uniform") else "")
    for strategy in ("mean", "median", "quantile", "constant"):
        yield Case(dummy.DummyRegressor(strategy=strategy, quantile=0.3 if strategy == "quantile" else None, constant=4.5 if strategy == "constant" else None), x, target(r, x), asked(r, x))
    yield Case(dummy.DummyClassifier(strategy="prior"), x, np.column_stack([even(r, x, 2), even(r, x, 3)]), asked(r, x), refused="more than one output")
    for inner in (linear_model.Ridge(), ensemble.RandomForestRegressor(3, random_state=1)):
        positive = target(r, x, positive=True)
        for func, inverse in ((np.log1p, np.expm1), (np.log, np.exp), (np.sqrt, np.square), (np.cbrt, None), (np.log10, None), (np.arcsinh, np.sinh), (None, np.exp)):
            yield Case(compose.TransformedTargetRegressor(inner, func=func or np.log, inverse_func=inverse, check_inverse=False) if inverse else compose.TransformedTargetRegressor(inner), x, positive, asked(r, x, extreme=False))
        for transformer in (preprocessing.PowerTransformer(standardize=False), preprocessing.FunctionTransformer(np.log1p, np.expm1), preprocessing.QuantileTransformer(n_quantiles=30), pipeline.make_pipeline(preprocessing.FunctionTransformer(np.log, np.exp), preprocessing.StandardScaler()), preprocessing.RobustScaler(unit_variance=True), preprocessing.StandardScaler(with_std=False)):
            yield Case(compose.TransformedTargetRegressor(inner, transformer=transformer), x, positive, asked(r, x, extreme=False), tolerance=3e-6)
        yield Case(compose.TransformedTargetRegressor(inner, transformer=preprocessing.StandardScaler()), x, target(r, x, 2), asked(r, x, extreme=False))
    unlabelled = even(r, x, 3)
    unlabelled[::3] = -1
    for estimator in (semi_supervised.SelfTrainingClassifier(svm.SVC(probability=True, random_state=1), criterion="k_best", k_best=5), semi_supervised.LabelPropagation(kernel="knn", n_neighbors=4), semi_supervised.LabelSpreading(kernel="rbf", gamma=0.3, alpha=0.4)):
        yield Case(estimator, x, unlabelled, asked(r, x, extreme=False)[:-1], tolerance=1e-5)


@family
def naive_bayes_options(r):
    x = counts(r)
    for k, prior in ((2, True), (3, False), (4, None)):
        y = labels(r, x, k, "text")
        options = dict(class_prior=list(np.arange(1, k + 1) / sum(range(1, k + 1)))) if prior is None else dict(fit_prior=prior)
        for estimator in (naive_bayes.MultinomialNB(alpha=1e-3, **options), naive_bayes.ComplementNB(alpha=0.3, norm=True, **options), naive_bayes.BernoulliNB(binarize=None, **options), naive_bayes.BernoulliNB(binarize=0.5, alpha=0.1, **options)):
            data = (x > 0).astype(float) if getattr(estimator, "binarize", 1) is None else x
            yield Case(estimator, data, y, data)
            yield Case(estimator, data, y, data, given=sparse)
        yield Case(naive_bayes.CategoricalNB(alpha=0.4, min_categories=9, **options), np.minimum(x, 8), y, np.minimum(counts(r), 8))
    z = features(r)
    yield Case(naive_bayes.GaussianNB(priors=[0.2, 0.8], var_smoothing=1e-3), z, labels(r, z, 2, "bool"), asked(r, z, extreme=False))
    yield Case(naive_bayes.MultinomialNB(), x, np.zeros(len(x), int), x)
    yield Case(naive_bayes.ComplementNB(), x, np.zeros(len(x), int), x)
    for options in (dict(solver="svd", store_covariance=True, priors=[0.5, 0.2, 0.3]), dict(solver="lsqr"), dict(solver="eigen", n_components=1), dict(solver="lsqr", covariance_estimator=covariance.LedoitWolf())):
        yield Case(discriminant_analysis.LinearDiscriminantAnalysis(**options), z, labels(r, z, 3, "text"), asked(r, z, extreme=False), tolerance=2e-6)
    yield Case(discriminant_analysis.QuadraticDiscriminantAnalysis(priors=[0.1, 0.9], store_covariance=True), z, even(r, z, 2, "text"), asked(r, z, extreme=False), tolerance=2e-6)


# Clusters, mixtures and outliers --------------------------------------------------------------------------------------------------------------------

@family
def cluster_options(r):
    x = features(r, f=3)
    for estimator in (cluster.KMeans(4, init="random", algorithm="elkan", n_init=1, random_state=1), cluster.KMeans(1, n_init=1), cluster.MiniBatchKMeans(5, init="random", n_init=1, random_state=1), cluster.BisectingKMeans(5, bisecting_strategy="largest_cluster", random_state=1),
                      cluster.MeanShift(bandwidth=float(x.std()), cluster_all=True), cluster.MeanShift(bandwidth=float(x.std()), bin_seeding=True, cluster_all=False), cluster.Birch(threshold=float(x.std()) / 4, branching_factor=5, n_clusters=cluster.KMeans(3, n_init=1, random_state=1)),
                      cluster.Birch(threshold=0.5, n_clusters=2), cluster.AffinityPropagation(damping=0.8, preference=-200, random_state=1)):
        yield Case(estimator, x, None, asked(r, x, extreme=False), tolerance=1e-5)
    yield Case(cluster.KMeans(3, n_init=1, random_state=1), counts(r), None, counts(r, 40), given=sparse)
    yield Case(pipeline.make_pipeline(preprocessing.StandardScaler(), cluster.KMeans(3, n_init=1, random_state=1), linear_model.LogisticRegression()), x, labels(r, x, 2), asked(r, x))
    for kind, parts in itertools.product(("full", "tied", "diag", "spherical"), (1, 2)):
        yield Case(mixture.GaussianMixture(parts, covariance_type=kind, random_state=1, init_params="random_from_data"), x, None, asked(r, x, extreme=False), tolerance=1e-5)
        yield Case(mixture.BayesianGaussianMixture(n_components=parts + 1, covariance_type=kind, random_state=1, weight_concentration_prior_type="dirichlet_distribution" if parts == 1 else "dirichlet_process"), x, None, asked(r, x, extreme=False), tolerance=1e-5)
    for estimator in (covariance.EllipticEnvelope(support_fraction=0.8, assume_centered=True, random_state=1), svm.OneClassSVM(nu=0.05, gamma=0.01), ensemble.IsolationForest(n_estimators=10, contamination=0.3, random_state=1)):
        yield Case(estimator, x, None, asked(r, x, extreme=False), tolerance=1e-5)
    for pooling in (np.mean, np.median, np.max, np.min, np.sum, np.std):
        yield Case(cluster.FeatureAgglomeration(2, pooling_func=pooling), x, None, asked(r, x, extreme=False), refused="numpy.std" if pooling is np.std else "")


# Preprocessing --------------------------------------------------------------------------------------------------------------------------------------

def letters(r, n=120, missing=False):
    table = np.column_stack([r.choice(["a", "b", "c d", "é", "rare", "rarer"], n, p=[0.3, 0.3, 0.2, 0.12, 0.05, 0.03]), r.choice(["x", "y"], n)]).astype(object)
    if missing:
        table[r.random(n) < 0.15, 0] = None
    return table


@family
def encoder_options(r):
    table = letters(r)
    strange = letters(r, 60)
    strange[:6, 0] = "never seen"
    strange[6:9, 1] = ""
    for options in (dict(min_frequency=10), dict(min_frequency=0.07), dict(max_categories=3), dict(max_categories=2, min_frequency=3)):
        for drop in (None, "first", "if_binary"):
            for unknown in ("error", "ignore", "infrequent_if_exist"):
                yield Case(preprocessing.OneHotEncoder(handle_unknown=unknown, drop=drop, **options), table, None, table if unknown == "error" else strange)
    for unknown, drop in itertools.product(("ignore", "infrequent_if_exist"), (None, "first", "if_binary", ["b", "x"])):
        yield Case(preprocessing.OneHotEncoder(handle_unknown=unknown, drop=drop, sparse_output=False), table, None, strange)
    yield Case(preprocessing.OneHotEncoder(categories=[["b", "a", "zz", "c d", "é", "rare", "rarer"], ["y", "x"]]), table, None, table)
    yield Case(preprocessing.OneHotEncoder(categories=[["b", "a"], ["y", "x"]], handle_unknown="ignore"), table, None, strange)
    numbers = np.column_stack([r.integers(-2, 4, 120), r.choice([0.5, 2.25, np.nan], 120)])
    odd = numbers[:50].copy()
    odd[:5] = [[77, 0.5], [np.nan, 2.25], [-2, 9.0], [0, np.nan], [1, -0.0]]
    for estimator in (preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=3), preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-5),
                      preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=-1), preprocessing.OneHotEncoder(handle_unknown="ignore", drop="first")):
        yield Case(estimator, numbers, None, odd)
    whole = r.integers(0, 5, (100, 2))
    yield Case(preprocessing.OneHotEncoder(), whole, None, whole)
    yield Case(preprocessing.OrdinalEncoder(), whole.astype(float), None, whole.astype(float))
    for estimator in (preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=99), preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), preprocessing.OrdinalEncoder(categories=[["rare", "é", "a", "b", "c d", "rarer"], ["y", "x"]], handle_unknown="use_encoded_value", unknown_value=-1)):
        yield Case(estimator, table, None, strange)
    gaps = letters(r, missing=True)
    yield Case(preprocessing.OneHotEncoder(handle_unknown="ignore"), gaps, None, gaps)
    yield Case(preprocessing.OrdinalEncoder(), gaps, None, gaps)
    yield Case(preprocessing.OrdinalEncoder(encoded_missing_value=-3), np.where(gaps == None, np.nan, gaps), None, np.where(gaps == None, np.nan, gaps))  # noqa: E711
    frame = mixed(r, missing=True)
    frame["colour"] = frame["colour"].where(r.random(len(frame)) > 0.1, None)
    for imputer in (impute.SimpleImputer(strategy="most_frequent", missing_values=None), impute.SimpleImputer(strategy="constant", fill_value="none", missing_values=None), impute.SimpleImputer(strategy="constant", missing_values=None, add_indicator=True)):
        yield Case(pipeline.make_pipeline(compose.make_column_transformer((pipeline.make_pipeline(imputer, preprocessing.OneHotEncoder(handle_unknown="ignore")), ["colour"]), (impute.SimpleImputer(), ["age"]))), frame, None, frame)


@family
def imputer_options(r):
    x = features(r, f=4, missing=0.2)
    x[:, 3] = np.nan
    rows = asked(r, x)
    rows[r.random(rows.shape) < 0.3] = np.nan
    for strategy, indicator, keep in itertools.product(("mean", "median", "most_frequent", "constant"), (False, True), (False, True)):
        yield Case(impute.SimpleImputer(strategy=strategy, fill_value=-7 if strategy == "constant" else None, add_indicator=indicator, keep_empty_features=keep), x, None, rows)
        yield Case(pipeline.make_pipeline(impute.SimpleImputer(strategy=strategy, add_indicator=indicator, keep_empty_features=keep), linear_model.Ridge()), x, target(r, x), rows)
    marked = np.where(np.isnan(x), -1, np.round(x))
    asked_of = np.where(np.isnan(rows), -1, np.round(rows))
    for strategy in ("mean", "median", "most_frequent"):
        yield Case(impute.SimpleImputer(missing_values=-1, strategy=strategy, add_indicator=True), marked, None, asked_of)
    yield Case(impute.MissingIndicator(missing_values=-1, features="all"), marked, None, asked_of)
    for neighbours, weights, keep, indicator in ((1, "uniform", False, False), (3, "distance", True, True), (50, "uniform", False, True), (200, "distance", True, False)):
        yield Case(impute.KNNImputer(n_neighbors=neighbours, weights=weights, keep_empty_features=keep, add_indicator=indicator), x, None, rows[:200], tolerance=1e-4)
    full = features(r, f=4, missing=0.15)
    holes = asked(r, full, extreme=False)
    holes[r.random(holes.shape) < 0.25] = np.nan
    for options in (dict(initial_strategy="median"), dict(initial_strategy="most_frequent"), dict(initial_strategy="constant"), dict(imputation_order="descending"), dict(imputation_order="arabic"), dict(imputation_order="random"), dict(n_nearest_features=2), dict(skip_complete=True), dict(min_value=-1, max_value=1.5),
                    dict(estimator=linear_model.LinearRegression()), dict(estimator=tree.DecisionTreeRegressor(max_depth=3, random_state=1)), dict(estimator=neighbors.KNeighborsRegressor(3)), dict(estimator=ensemble.ExtraTreesRegressor(n_estimators=4, random_state=1)), dict(add_indicator=True), dict(sample_posterior=True), dict(keep_empty_features=True)):
        yield Case(impute.IterativeImputer(max_iter=4, random_state=1, **options), full, None, holes, tolerance=1e-5, refused="sample_posterior" if "sample_posterior" in options else "")
    marked, asked_of = np.where(np.isnan(full), -1, full), np.where(np.isnan(holes), -1, holes)
    for initial in ("mean", "median"):
        yield Case(impute.IterativeImputer(max_iter=4, random_state=1, missing_values=-1, initial_strategy=initial, add_indicator=True), marked, None, asked_of, tolerance=1e-5)
        yield Case(impute.KNNImputer(n_neighbors=4, missing_values=-1, add_indicator=True), marked, None, asked_of, tolerance=1e-4)
    yield Case(impute.IterativeImputer(max_iter=3, random_state=1), x, None, rows[:200], tolerance=1e-5)
    yield Case(impute.IterativeImputer(max_iter=3, random_state=1, keep_empty_features=True), x, None, rows[:200], tolerance=1e-5)


@family
def scaler_options(r):
    x = features(r, f=4, missing=0.1)
    x[:, 1] = 2.0
    rows = asked(r, x)
    rows[r.random(rows.shape) < 0.1] = np.nan
    for estimator in (preprocessing.StandardScaler(with_mean=False), preprocessing.StandardScaler(with_std=False), preprocessing.MinMaxScaler((-1, 1), clip=True), preprocessing.MinMaxScaler((0, 255)), preprocessing.MaxAbsScaler(), preprocessing.RobustScaler(quantile_range=(5, 95), unit_variance=True),
                      preprocessing.RobustScaler(with_centering=False), preprocessing.RobustScaler(with_scaling=False), preprocessing.PowerTransformer(), preprocessing.PowerTransformer(standardize=False), preprocessing.QuantileTransformer(n_quantiles=20), preprocessing.QuantileTransformer(n_quantiles=50, output_distribution="normal")):
        yield Case(estimator, x, None, rows if not isinstance(estimator, preprocessing.PowerTransformer) else asked(r, x, extreme=False), tolerance=2e-6)
    z = np.nan_to_num(x)
    plain = asked(r, z)
    z[5], plain[5] = 0, 0
    for norm in ("l1", "l2", "max"):
        yield Case(preprocessing.Normalizer(norm), z, None, plain)
    for estimator in (preprocessing.StandardScaler(with_mean=False), preprocessing.MaxAbsScaler(), preprocessing.Normalizer(), preprocessing.Binarizer(threshold=0.5), preprocessing.RobustScaler(with_centering=False)):
        yield Case(estimator, counts(r), None, counts(r, 40), given=sparse)
    for degree, only, bias in itertools.product((1, 2, 4, (1, 3), (2, 2), (0, 0), (0, 1)), (False, True), (False, True)):
        if degree != (0, 0) or bias:
            yield Case(preprocessing.PolynomialFeatures(degree, interaction_only=only, include_bias=bias), z[:, :3], None, plain[:, :3])
    yield Case(preprocessing.PolynomialFeatures(2, order="F"), z[:, :3], None, plain[:, :3])
    u = features(r, n=90, f=2)
    for degree, knots, extrapolation, bias in itertools.product((0, 1, 2, 3), ("uniform", "quantile"), ("error", "constant", "linear", "continue", "periodic"), (True, False)):
        inside = u if extrapolation == "error" else asked(r, u, 60, extreme=False)
        refused = "linear extrapolation of degree 0 or 1" if extrapolation == "linear" and degree < 2 else ""
        yield Case(preprocessing.SplineTransformer(5, degree=degree, knots=knots, extrapolation=extrapolation, include_bias=bias), u, None, inside, tolerance=1e-5, refused=refused)
    yield Case(preprocessing.SplineTransformer(knots=np.array([[-9, -5], [-1, 0], [0, 1], [8, 20.0]]), degree=2), u, None, asked(r, u, 60, extreme=False), tolerance=1e-5)
    for bins, encode, strategy in itertools.product((2, 5, [3, 6]), ("ordinal", "onehot", "onehot-dense"), ("uniform", "quantile", "kmeans")):
        yield Case(preprocessing.KBinsDiscretizer(bins, encode=encode, strategy=strategy, random_state=1), u, None, asked(r, u))
    yield Case(preprocessing.KBinsDiscretizer(8, encode="ordinal", strategy="quantile"), np.round(u), None, asked(r, np.round(u)))
    yield Case(preprocessing.KBinsDiscretizer(3, encode="onehot-dense"), np.column_stack([u[:, 0], np.full(len(u), 4.0)]), None, asked(r, np.column_stack([u[:, 0], np.full(len(u), 4.0)])))
    positive = np.abs(u) + 0.1
    for name in ("log1p log log2 log10 exp exp2 expm1 sqrt cbrt square abs absolute fabs sign negative positive reciprocal sin cos tan tanh sinh cosh arcsinh arctan arcsin arccos arctanh arccosh floor ceil rint trunc deg2rad rad2deg nan_to_num isnan isfinite "
                 "round around fix signbit logical_not").split():
        data = np.minimum(positive, 3) / (4 if name in ("arcsin", "arccos", "arctanh") else 1) + (1 if name == "arccosh" else 0)
        yield Case(preprocessing.FunctionTransformer(getattr(np, name)), data, None, data, refused="signbit" if name == "signbit" else "")
    import scipy.special
    for name in ("expit", "logit", "log1p", "expm1", "exp2", "cbrt", "gammaln"):
        yield Case(preprocessing.FunctionTransformer(getattr(scipy.special, name)), positive / 30, None, positive / 30, refused="gammaln" if name == "gammaln" else "")
    for options in (dict(kw_args={"a_min": 0.2, "a_max": 2}, func=np.clip), dict(func=np.round, kw_args={"decimals": 1}), dict(func=np.nan_to_num, kw_args={"nan": 3.0})):
        yield Case(preprocessing.FunctionTransformer(**options), positive, None, positive, refused="arguments of the function round_" if "decimals" in options["kw_args"] else "")


@family
def columns(r):
    import pandas
    frame = mixed(r)
    y = (frame["income"] > 9000).astype(int)
    one, scale = preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.StandardScaler()
    rows = mixed(r, 80)
    for numbers, texts in ((["age", "income"], ["colour", "size"]), ([0, 2], [1]), (slice("age", "age"), slice("size", "size")), (slice(0, 1), slice(3, 4)), ([-1, -3], [-2]), ([True, False, True, False, False], np.array([False, True, False, True, False])),
                           (compose.make_column_selector("^a"), compose.make_column_selector(dtype_include=object)), (pandas.Index(["age", "visits"]), ["colour"]), (["visits"], [])):
        for remainder in ("drop", "passthrough") if isinstance(texts, list) and "size" in texts else ("drop",):  # text can't pass through to numbers
            transformer = compose.ColumnTransformer([("n", scale, numbers), ("t", one, texts)], remainder=remainder)
            yield Case(pipeline.make_pipeline(transformer, linear_model.LogisticRegression()), frame, y, rows)
            yield Case(transformer, frame, None, rows)
    for remainder in (preprocessing.MinMaxScaler(), "passthrough", pipeline.make_pipeline(scale, decomposition.PCA(1))):
        yield Case(compose.ColumnTransformer([("t", one, ["colour", "size"]), ("d", "drop", ["visits"])], remainder=remainder, verbose_feature_names_out=False), frame, None, rows)
        yield Case(compose.ColumnTransformer([("p", "passthrough", ["visits", "age"]), ("t", one, ["colour"]), ("d", "drop", ["size"])], remainder=remainder, transformer_weights={"p": 3}), frame, None, rows)
    pandas_out = compose.make_column_transformer((preprocessing.OneHotEncoder(sparse_output=False, handle_unknown="ignore"), ["colour"]), (scale, ["age", "income"]), verbose_feature_names_out=False).set_output(transform="pandas")
    yield Case(pipeline.make_pipeline(pandas_out, compose.make_column_transformer((preprocessing.MinMaxScaler(), ["income", "colour_red"]), ("passthrough", ["age"])), linear_model.LogisticRegression()), frame, y, rows)
    yield Case(pipeline.make_pipeline(pandas_out, ensemble.RandomForestClassifier(4, random_state=1)).set_output(transform="pandas"), frame, y, rows)
    yield Case(compose.make_column_transformer((pipeline.make_pipeline(scale, pipeline.make_union(decomposition.PCA(1), "passthrough")), ["age", "income"]), (one, ["size"])), frame, None, rows)
    nested = compose.make_column_transformer((compose.make_column_transformer((scale, ["age"]), remainder="passthrough"), ["age", "visits"]), (one, ["colour"]))
    yield Case(pipeline.make_pipeline(nested, linear_model.LogisticRegression()), frame, y, rows)
    yield Case(pipeline.Pipeline([("a", "passthrough"), ("b", None), ("c", compose.make_column_transformer((one, ["colour"]), (scale, ["age"]))), ("m", linear_model.LogisticRegression())], memory=None), frame, y, rows)
    yield Case(pipeline.Pipeline([("c", compose.make_column_transformer((one, ["colour"]), (scale, ["age"]))), ("m", "passthrough")]), frame, None, rows)
    yield Case(pipeline.make_pipeline(compose.make_column_transformer((preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["colour", "size"]), remainder="passthrough"), ensemble.HistGradientBoostingClassifier(max_iter=5, categorical_features=[0, 1])), frame, y, rows, tolerance=3e-6)
    yield Case(pipeline.FeatureUnion([("n", compose.make_column_transformer((scale, ["age"]))), ("t", compose.make_column_transformer((one, ["size"])))], transformer_weights={"n": 0.1}), frame, None, rows)
    categories = frame.assign(colour=frame["colour"].astype("category"), size=frame["size"].astype("category"))
    yield Case(pipeline.make_pipeline(compose.make_column_transformer((one, compose.make_column_selector(dtype_include="category")), remainder=scale), linear_model.LogisticRegression()), categories, y, frame)
    yield Case(linear_model.LogisticRegression(max_iter=500), frame[["age", "visits"]], frame["colour"], rows[["age", "visits"]])
    yield Case(linear_model.LinearRegression(), frame[["age", "visits"]], frame["income"], rows[["age", "visits"]])
    yield Case(linear_model.LinearRegression(), frame[["age", "visits"]], frame[["income"]], rows[["age", "visits"]])
    yield Case(ensemble.RandomForestClassifier(4, random_state=1), frame[["age", "visits"]], frame["size"].astype("category"), rows[["age", "visits"]])


# Text, reductions, selections -----------------------------------------------------------------------------------------------------------------------

@family
def text_options(r):
    texts, asking = documents(r), documents(r)
    kinds = (text_features.CountVectorizer, text_features.TfidfVectorizer)
    for kind, options in itertools.product(kinds, (dict(analyzer="char_wb", ngram_range=(2, 3)), dict(analyzer="char", ngram_range=(1, 3), lowercase=False), dict(ngram_range=(1, 3), stop_words="english"), dict(stop_words=["the", "fox"], lowercase=False), dict(token_pattern=r"(?u)\b\w+\b"),
                                                   dict(token_pattern=r"\b[a-zA-Z]{2,}\b"), dict(token_pattern=r"(?u)\b[^\d\W]+\b"), dict(token_pattern=r"\b[a-zA-Z]\w{1,4}\b", stop_words="english"), dict(token_pattern=r"\b[a-z]+\b", ngram_range=(1, 2)), dict(token_pattern=r"\w{3,}"), dict(token_pattern=r"[^\s]+"), dict(token_pattern=r"(?u)\b\w\w+\b|!|\?"), dict(vocabulary=["fox", "gold", "boat", "3"]), dict(vocabulary={"fox": 2, "gold": 0, "the": 1}), dict(max_df=0.5, min_df=0.05),
                                                   dict(max_features=10), dict(binary=True), dict(strip_accents="unicode"), dict(strip_accents="ascii"), dict(tokenizer=str.split, token_pattern=None), dict(preprocessor=str.lower), dict(analyzer=str.split), dict(min_df=2, ngram_range=(2, 2)), dict(input="content", encoding="latin-1"))):
        own = [name for name in ("tokenizer", "preprocessor", "analyzer") if callable(options.get(name))]
        refused = "builtins.getattr" if own else "the option strip_accents" if "strip_accents" in options else "the token_pattern" if "|" in (options.get("token_pattern") or "") or ("ngram_range" in options and r"\b[" in options.get("token_pattern", "")) else ""
        yield Case(kind(**options), texts, None, asking, text=True, refused=refused)
    for options in (dict(norm="l1"), dict(norm=None), dict(use_idf=False), dict(smooth_idf=False), dict(sublinear_tf=True), dict(sublinear_tf=True, binary=True, norm="l1"), dict(dtype=np.float32)):
        yield Case(text_features.TfidfVectorizer(**options), texts, None, asking, text=True)
        if "binary" not in options and "dtype" not in options:
            yield Case(pipeline.make_pipeline(text_features.CountVectorizer(), text_features.TfidfTransformer(**options)), texts, None, asking, text=True)
    for options in (dict(n_features=32), dict(n_features=50, alternate_sign=False), dict(n_features=64, norm="l1", binary=True), dict(n_features=64, norm=None, lowercase=False), dict(n_features=64, analyzer="char", ngram_range=(1, 1)), dict(n_features=64, ngram_range=(1, 2)), dict(n_features=64, analyzer="char_wb", ngram_range=(2, 2)), dict(n_features=2 ** 18)):
        refused = "hashing anything but single words" if options["n_features"] > 1000 or options.get("analyzer") or options.get("ngram_range") else ""
        yield Case(text_features.HashingVectorizer(**options), texts, None, asking, text=True, refused=refused)
    words = np.array([("fox" in t.lower()) for t in texts]).astype(int)
    for middle in (decomposition.TruncatedSVD(3, random_state=1), feature_selection.SelectKBest(feature_selection.chi2, k=5), preprocessing.MaxAbsScaler(), preprocessing.Normalizer("l1"), preprocessing.StandardScaler(with_mean=False)):
        yield Case(pipeline.make_pipeline(text_features.TfidfVectorizer(), middle, linear_model.LogisticRegression()), texts, words, asking, text=True, tolerance=1e-5)
    yield Case(pipeline.make_pipeline(pipeline.make_union(text_features.TfidfVectorizer(), text_features.CountVectorizer(analyzer="char", ngram_range=(1, 2))), naive_bayes.MultinomialNB()), texts, words, asking, text=True)


@family
def reductions(r):
    x = features(r, f=6)
    rows = asked(r, x, extreme=False)
    for estimator in (decomposition.PCA(), decomposition.PCA("mle"), decomposition.PCA(2, svd_solver="randomized", whiten=True, random_state=1), decomposition.PCA(2, svd_solver="arpack"), decomposition.TruncatedSVD(2, algorithm="arpack"), decomposition.FastICA(3, algorithm="deflation", fun="cube", whiten="unit-variance", random_state=1),
                      decomposition.FactorAnalysis(2, rotation="varimax"), decomposition.FactorAnalysis(2, svd_method="lapack", rotation="quartimax"), decomposition.SparsePCA(2, ridge_alpha=0.5, random_state=1), decomposition.MiniBatchSparsePCA(2, random_state=1), decomposition.IncrementalPCA(3, batch_size=20),
                      random_projection.GaussianRandomProjection(3, compute_inverse_components=True, random_state=1), random_projection.SparseRandomProjection(2, density=0.5, random_state=1)):
        yield Case(estimator, x, None, rows, tolerance=1e-5)
    y = labels(r, x, 3, "text")
    sf = feature_selection
    positive = np.abs(x)
    for score in (sf.f_classif, sf.chi2, sf.mutual_info_classif, sf.f_regression, sf.r_regression, sf.mutual_info_regression):
        yield Case(sf.SelectKBest(score, k=2), positive, labels(r, x, 2), np.abs(rows))
    for mode, parameter in (("percentile", 50), ("k_best", "all"), ("k_best", 2), ("fpr", 0.2), ("fdr", 0.9), ("fwe", 0.9)):
        yield Case(sf.GenericUnivariateSelect(mode=mode, param=parameter), x, y, rows)
    for estimator in (sf.SelectFromModel(linear_model.LogisticRegression(), threshold="0.5*mean"), sf.SelectFromModel(linear_model.LogisticRegression(), threshold=-np.inf, max_features=3), sf.SelectFromModel(svm.LinearSVC(penalty="l1", dual=False, C=0.05), norm_order=2),
                      sf.SelectFromModel(ensemble.GradientBoostingClassifier(n_estimators=4, random_state=1)), sf.SelectFromModel(ensemble.AdaBoostClassifier(n_estimators=4, random_state=1)), sf.SelectFromModel(ensemble.RandomForestClassifier(4, random_state=1).fit(x, y), prefit=True), sf.RFE(tree.DecisionTreeClassifier(random_state=1), step=0.3, n_features_to_select=0.5),
                      sf.RFE(ensemble.RandomForestClassifier(3, random_state=1), n_features_to_select=2), sf.SequentialFeatureSelector(linear_model.LogisticRegression(), direction="backward", n_features_to_select=3, cv=2), sf.VarianceThreshold(0.0)):
        yield Case(estimator, x, y, rows)
    yield Case(sf.SelectFromModel(pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()), importance_getter="named_steps.logisticregression.coef_"), x, y, rows, refused="an importance_getter")
    yield Case(sf.SelectFromModel(ensemble.ExtraTreesClassifier(4, random_state=1), max_features=number_of_features), x, y, rows, refused="__main__.number_of_features")
    # predicting through the estimator that selected
    yield Case(sf.RFE(linear_model.LogisticRegression(), n_features_to_select=2), x, y, rows)
    yield Case(sf.RFECV(linear_model.Ridge(), cv=2, min_features_to_select=2), x, target(r, x), rows)
    w = counts(r)
    for estimator, refused in ((decomposition.NMF(3, random_state=1, max_iter=500), ""), (decomposition.NMF(3, solver="mu", init="nndsvda", beta_loss="kullback-leibler", max_iter=300, random_state=1), "the solver 'mu'"),
                               (decomposition.NMF(3, shuffle=True, random_state=1), "shuffle"), (decomposition.MiniBatchNMF(2, random_state=1), "MiniBatchNMF, which is not converted"), (decomposition.LatentDirichletAllocation(3, random_state=1, max_iter=3), "")):
        yield Case(estimator, w, None, w, refused=refused, alone=isinstance(estimator, decomposition.NMF))
    for algorithm, options in (("omp", dict(transform_n_nonzero_coefs=2)), ("omp", {}), ("lasso_lars", dict(transform_alpha=0.5)), ("lasso_cd", dict(transform_alpha=0.5)), ("lars", {}), ("threshold", dict(transform_alpha=0.5)), ("threshold", dict(transform_alpha=0.5, split_sign=True))):
        refused = "coding by least angle regression" if "lars" in algorithm else ""
        yield Case(decomposition.DictionaryLearning(4, transform_algorithm=algorithm, max_iter=3, random_state=1, **options), x, None, rows, refused=refused)
        yield Case(decomposition.SparseCoder(np.eye(6)[:4] * 0.8 + 0.1, transform_algorithm=algorithm, **options), x, None, rows, refused=refused)
    for algorithm in ("threshold", "lasso_cd"):
        yield Case(decomposition.MiniBatchDictionaryLearning(3, fit_algorithm="cd", transform_algorithm=algorithm, transform_alpha=0.2, positive_code=True, random_state=1, n_iter=3), x, None, rows)
    from sklearn import manifold
    for method in ("standard", "modified", "ltsa", "hessian"):
        yield Case(manifold.LocallyLinearEmbedding(n_neighbors=8, n_components=2, method=method, random_state=1), x, None, rows[:60], tolerance=1e-4)
    for options in (dict(n_neighbors=6), dict(radius=40.0, n_neighbors=None), dict(metric="manhattan"), dict(path_method="D"), dict(neighbors_algorithm="brute", p=3)):
        yield Case(manifold.Isomap(n_components=2, **options), x, None, rows[:60], tolerance=1e-5, refused="neighbours in a radius" if "radius" in options else "")


# XGBoost: pickled, and in its own files -----------------------------------------------------------------------------------------------------------------

@family
def xgboost_options(r):
    import pandas
    import xgboost
    x = features(r, n=200, f=4, missing=0.1).astype(np.float32).astype(float)
    rows = asked(r, x).astype(np.float32).astype(float)
    y, positive = target(r, x), target(r, x, positive=True)
    binary, classes = labels(r, x, 2), labels(r, x, 4)

    def ways(estimator, aim, data=x, asking=rows, tolerance=1e-5, files=True, **fitting):
        yield Case(estimator.fit(data, aim, **fitting), data, None, asking, tolerance=tolerance, fitted=True)
        for extension in (".json", ".ubj", ".model") if files else ():
            yield Case(estimator, data, None, asking, tolerance=tolerance, fitted=True, dump="save_model", compress=extension)
    common = dict(n_estimators=6, max_depth=3, random_state=1)
    share = 1 / (1 + np.exp(-y))
    for objective, aim in (("reg:squarederror", y), ("reg:squaredlogerror", positive), ("reg:logistic", share), ("reg:pseudohubererror", y), ("reg:absoluteerror", y), ("count:poisson", positive), ("reg:gamma", positive), ("reg:tweedie", positive), ("binary:logitraw", binary), ("survival:cox", positive)):
        yield from ways(xgboost.XGBRegressor(objective=objective, **common), aim)
        yield from ways(xgboost.XGBRegressor(objective=objective, base_score=0.3, booster=maybe(r, "gbtree", "dart"), rate_drop=0.3, **common), aim)
    for booster in ("gbtree", "dart", "gblinear"):
        yield from ways(xgboost.XGBClassifier(booster=booster, base_score=0.2, **common), binary)
        yield from ways(xgboost.XGBClassifier(booster=booster, base_score=0.7, **common), classes)
    yield from ways(xgboost.XGBClassifier(objective="multi:softmax", **common), classes)
    yield from ways(xgboost.XGBClassifier(objective="binary:hinge", **common), binary, files=False)
    yield from ways(xgboost.XGBClassifier(num_parallel_tree=3, subsample=0.6, **common), classes)
    yield from ways(xgboost.XGBRFRegressor(n_estimators=4, random_state=1), y)
    yield from ways(xgboost.XGBRanker(objective="rank:pairwise", **common), r.integers(0, 3, len(x)), group=[50, 100, 50])
    for kind, aim in ((xgboost.XGBClassifier, classes), (xgboost.XGBRegressor, y), (xgboost.XGBClassifier, binary)):
        stopping = kind(n_estimators=40, learning_rate=1.0, early_stopping_rounds=2, random_state=1, num_parallel_tree=2)
        yield from ways(stopping, aim, eval_set=[(x[:60], r.permutation(aim[:60]) if kind is xgboost.XGBRegressor else aim[:60])], verbose=False)
    for missing in (0.0, -999.0):
        marked = np.where(np.isnan(x), missing, x)
        yield Case(xgboost.XGBRegressor(missing=missing, **common), marked, y, np.where(np.isnan(rows), missing, rows), tolerance=1e-5)
    yield from ways(xgboost.XGBRegressor(tree_method="hist", **common), target(r, x, 3))
    yield from ways(xgboost.XGBClassifier(tree_method="hist", **common), np.column_stack([labels(r, x, 2), labels(r, x, 2)]))
    yield Case(xgboost.XGBClassifier(**common), sp.csr_matrix(counts(r)), r.integers(0, 2, 120), np.where(counts(r) == 0, np.nan, 1.0), tolerance=1e-5)
    coded = pandas.DataFrame({"a": pandas.Categorical.from_codes(r.integers(0, 9, 200), list("abcdefghi")), "b": x[:, 0], "c": pandas.Categorical.from_codes(r.integers(0, 3, 200), list("xyz"))})
    numbers = np.column_stack([coded["a"].cat.codes, coded["b"], coded["c"].cat.codes]).astype(float)
    aim = np.isin(coded["a"].cat.codes, [1, 4, 7]).astype(int) + (coded["c"] == "y")
    for onehot in (1, 20):
        model = xgboost.XGBClassifier(tree_method="hist", enable_categorical=True, max_cat_to_onehot=onehot, **common).fit(coded, aim)
        expected = Fixed(model, model.predict(coded), model.predict_proba(coded))
        for extension in (".json", ".ubj"):
            yield Case(expected, numbers, None, numbers, tolerance=1e-5, fitted=True, dump="save_model", compress=extension)


class Fixed:
    """Answers that were given already, to rows in another form."""

    def __init__(self, model, labels, probabilities):
        self.model, self.predict, self.predict_proba, self.save_model = model, lambda rows: labels, lambda rows: probabilities, model.save_model


def number_of_features(x):
    return 3


if __name__ == "__main__":
    write_cases(lambda arguments, number, make: make(np.random.default_rng([arguments.seed, number])), by_turns=True)

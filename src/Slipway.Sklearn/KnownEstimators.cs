using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators;
using Slipway.Sklearn.Estimators.Boosters;
using Slipway.Sklearn.Estimators.Clustering;
using Slipway.Sklearn.Estimators.Composition;
using Slipway.Sklearn.Estimators.Decomposition;
using Slipway.Sklearn.Estimators.Ensembles;
using Slipway.Sklearn.Estimators.FeatureSelection;
using Slipway.Sklearn.Estimators.Imputation;
using Slipway.Sklearn.Estimators.KernelMethods;
using Slipway.Sklearn.Estimators.LinearModels;
using Slipway.Sklearn.Estimators.Manifold;
using Slipway.Sklearn.Estimators.Multiclass;
using Slipway.Sklearn.Estimators.Neighbors;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Estimators.Text;

namespace Slipway.Sklearn;

/// <summary>All converters.</summary>
internal static class KnownEstimators
{
    public static EstimatorConverters All { get; } = new(
    [
        new LinearRegressors(), new LogisticRegressionConverter(), new LinearClassifiers(), new TreeModels(), new GradientBoosting(), new HistogramBoosting(),
        new IsolationForests(), new SupportVectors(), new NearestNeighbors(), new NaiveBayes(), new NeuralNetworks(), new Clusterers(), new Scalers(), new Projections(),
        new Selections(), new Polynomials(), new Encoders(), new Imputers(), new PipelineConverter(), new SearchConverter(), new FeatureUnionConverter(),
        new ColumnTransformerConverter(), new VotingConverter(), new StackingConverter(), new BaggingConverter(), new AdaBoostConverter(),
        new Calibration(), new OneVsRestConverter(), new MultiOutputs(), new TransformedTargetConverter(), new DummyConverter(),
        new KernelModels(), new KernelSamplers(), new GaussianProcesses(), new Mixtures(), new Outliers(), new Discretizers(), new QuantileTransformers(), new Splines(),
        new NeighbourImputers(), new IterativeImputers(), new CrossDecompositions(), new NeighboursInRadius(), new NearestCentroids(), new Propagation(), new Delegating(), new Thresholds(),
        new PairwiseClassifiers(), new BoostedRegressors(), new Isotonic(), new Embeddings(), new TargetEncoders(),
        new CountVectorizers(), new TfidfWeights(), new HashingVectorizers(), new XGBoostEstimators(), new LightGbmEstimators(), new CatBoostEstimators(),
        new Densities(), new Topics(), new DictVectorizers(), new ImbalancedPipelines(), new ImbalancedEnsembles(),
        new FeatureGroups(), new CountSketches(), new Isomaps(), new LocallyLinear(), new SparseCoders(), new Factorizations(),
    ]);
}

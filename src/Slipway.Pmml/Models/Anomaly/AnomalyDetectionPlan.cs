using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Models.Clusters;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Anomaly;

/// <summary><c>AnomalyDetectionModel</c>: a model whose value becomes an anomaly score, by its kind.</summary>
internal sealed class AnomalyDetectionPlan : ModelPlan
{
    private const double Euler = 0.5772156649015329;

    private readonly ModelUnit _inner;
    private readonly Func<Frame, double, double> _score;

    private AnomalyDetectionPlan(ModelResult result, ModelUnit inner, Func<Frame, double, double> score)
        : base(result)
    {
        (_inner, _score) = (inner, score);
    }

    /// <summary>Compiles the element.</summary>
    public static AnomalyDetectionPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        PmmlElement inner = element.Children.FirstOrDefault(static child => child.Child("MiningSchema") is not null) ?? throw PmmlError.Invalid(element, "has no model");
        string kind = element.Required("algorithmType");
        ModelUnit unit = model.CompileInner(inner, model.Scope);
        Func<Frame, double, double> score = kind switch
        {
            "iForest" or "iforest" => IsolationForest(element.Number("sampleDataSize") ?? throw PmmlError.Invalid(element, "has no sampleDataSize")),
            "ocsvm" or "other" => static (_, value) => value,
            "clusterMeanDist" => ClusterDistance(element, unit),
            _ => throw PmmlError.Invalid(element, $"has algorithmType=\"{kind}\": expected iForest, ocsvm, clusterMeanDist or other"),
        };
        return new AnomalyDetectionPlan(new ModelResult(model.Plan, PmmlType.Double), unit, score);
    }

    public override void Evaluate(Frame frame)
    {
        _inner.Evaluate(frame);
        TakeOver(frame);
    }

    public override void EvaluateBlock(Frame frame, int rows)
    {
        _inner.EvaluateBlock(frame, rows);
        for (int row = 0; row < rows; row++)
        {
            frame.MoveTo(row);
            TakeOver(frame);
        }
    }

    private void TakeOver(Frame frame)
    {
        double value = frame[_inner.Result.Value];
        frame[Result.Value] = Cell.IsMissing(value) ? value : _score(frame, value);
    }

    // Liu, Ting, Zhou: Isolation Forest (2008): 2 to minus the mean path over the mean path of an unsuccessful search.
    private static Func<Frame, double, double> IsolationForest(double size)
    {
        double mean = size > 2 ? (2 * (Math.Log(size - 1) + Euler)) - (2 * (size - 1) / size) : size == 2 ? 1 : 0;
        return (_, depth) => mean > 0 ? Math.Pow(2, -depth / mean) : 0.5;
    }

    // How far the row is from the centre of its cluster, by the mean of that over the cluster's training rows.
    private static Func<Frame, double, double> ClusterDistance(PmmlElement element, ModelUnit unit)
    {
        ClusteringPlan clusters = unit.Plan as ClusteringPlan ?? throw PmmlError.Invalid(element, "has algorithmType=\"clusterMeanDist\" and no ClusteringModel");
        int count = unit.Result.Categories.Length;
        double[] means = PmmlArray.NumbersIn(element.RequiredChild("MeanClusterDistances"), count);
        return means.Length == count
            ? (frame, value) => unit.Result.IndexOf(value) is >= 0 and var place ? clusters.AffinityOf(frame, place) / means[place] : Cell.Missing
            : throw PmmlError.Invalid(element, $"has {means.Length} MeanClusterDistances for {count} clusters");
    }
}

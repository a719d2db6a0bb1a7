using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Models.Comparisons;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Clusters;

/// <summary><c>ClusteringModel</c> by centres: the nearest one.</summary>
internal sealed class ClusteringPlan : ModelPlan
{
    private readonly ComparedField[] _fields;
    private readonly ComparisonMeasure _measure;
    private readonly double[][] _centres;
    private readonly double[] _names;
    private readonly double[]? _missingWeights;
    private readonly int _affinities;
    private readonly int _row;

    private ClusteringPlan(
        ModelResult result, ComparedField[] fields, ComparisonMeasure measure, double[][] centres, double[] names, double[]? missingWeights, int affinities, int row)
        : base(result)
    {
        (_fields, _measure, _centres, _names, _missingWeights, _affinities, _row) = (fields, measure, centres, names, missingWeights, affinities, row);
    }

    /// <summary>Compiles the element.</summary>
    public static ClusteringPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        if (element.Attribute("modelClass") is { } kind and not "centerBased")
        {
            throw PmmlError.NotSupported(element, $"modelClass=\"{kind}\"");
        }

        ComparisonMeasure measure = new(element.RequiredChild("ComparisonMeasure"));
        ComparedField[] fields = FieldsOf(model, measure);
        PmmlElement[] clusters = [.. element.ChildrenNamed("Cluster")];
        double[][] centres = [.. clusters.Select(cluster => CentreOf(cluster, fields, model))];
        ModelResult result = new ModelResult(model.Plan, PmmlType.String).WithEntity();
        result.WithCategories(clusters.Select((cluster, i) => model.Plan.Code(cluster.Attribute("id") ?? (i + 1).ToString(CultureInfo.InvariantCulture))));
        double[]? missing = element.Child("MissingValueWeights") is { } weights ? PmmlArray.NumbersIn(weights, fields.Length) : null;
        if (clusters.Length == 0 || (missing is not null && missing.Length != fields.Length))
        {
            throw PmmlError.Invalid(element, clusters.Length == 0 ? "has no Cluster" : "has not one MissingValueWeights entry for each field");
        }

        return new ClusteringPlan(
            result,
            fields,
            measure,
            centres,
            [.. clusters.Select((cluster, i) => cluster.Attribute("name") is { } name ? model.Plan.Code(name) : result.Categories[i])],
            missing,
            model.Plan.AddSlots(clusters.Length, Cell.Missing),
            model.Plan.AddSlots(fields.Length, Cell.Missing));
    }

    public override void Evaluate(Frame frame)
    {
        double present = 0;
        double all = 0;
        for (int i = 0; i < _fields.Length; i++)
        {
            double value = _fields[i].Value.Evaluate(frame);
            double weight = _missingWeights is null ? 1 : _missingWeights[i];
            all += weight;
            present += Cell.IsMissing(value) ? 0 : weight;
            frame[_row + i] = value;
        }

        if (present == 0)
        {
            return;
        }

        ReadOnlySpan<double> row = frame.Cells.AsSpan(frame.Base + _row, _fields.Length);
        int nearest = 0;
        for (int i = 0; i < _centres.Length; i++)
        {
            double affinity = _measure.Measure(_fields, row, _centres[i], all / present);
            frame[_affinities + i] = affinity;
            nearest = _measure.IsNearer(affinity, frame[_affinities + nearest]) ? i : nearest;
        }

        frame[Result.Value] = Result.Categories[nearest];
        frame[Result.Entity] = Result.Categories[nearest];
    }

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request)
    {
        int rank = request.Rank;
        switch (request.Feature)
        {
            case "entityId" or "clusterId" when rank > 1:
                return new DelegateExpression(PmmlType.String, frame => Ranked(frame, rank) is >= 0 and var place ? Result.Categories[place] : Cell.Missing);
            case "predictedDisplayValue":
                return new DelegateExpression(PmmlType.String, frame => Result.IndexOf(frame[Result.Value]) is >= 0 and var place ? _names[place] : Cell.Missing);
            case "affinity" or "entityAffinity" or "clusterAffinity":
                if (request.Value is { } id)
                {
                    int named = Result.IndexOf(request.Plan.Code(id));
                    return named >= 0
                        ? new SlotExpression(_affinities + named, PmmlType.Double)
                        : throw PmmlError.Invalid(request.Element, $"names the cluster '{id}', which the model does not have");
                }

                return new DelegateExpression(PmmlType.Double, frame => Ranked(frame, rank) is >= 0 and var place ? frame[_affinities + place] : Cell.Missing);
            default:
                return null;
        }
    }

    /// <summary>How near the current row is to a cluster, by its position.</summary>
    public double AffinityOf(Frame frame, int cluster) => frame[_affinities + cluster];

    // The cluster at a place of the ranking, from 1; -1 when there is none.
    private int Ranked(Frame frame, int rank)
    {
        if (Cell.IsMissing(frame[Result.Value]) || rank < 1 || rank > _centres.Length)
        {
            return -1;
        }

        int[] order = [.. Enumerable.Range(0, _centres.Length)];
        double[] affinities = frame.Cells.AsSpan(frame.Base + _affinities, _centres.Length).ToArray();
        Array.Sort(order, (left, right) => _measure.IsNearer(affinities[left], affinities[right]) ? -1 : _measure.IsNearer(affinities[right], affinities[left]) ? 1 : left.CompareTo(right));
        return order[rank - 1];
    }

    // Until PMML 3.0 derived fields of the model's own say what a centre's coordinates are.
    private static ComparedField[] FieldsOf(ModelContext model, ComparisonMeasure measure)
    {
        PmmlElement element = model.Element;
        PmmlElement[] compared = [.. element.ChildrenNamed("ClusteringField").Where(static field => field.Attribute("isCenterField") != "false")];
        if (element.Child("CenterFields") is { } centre)
        {
            DerivedFields.AddLocal(element, model.Scope, model.Plan, "CenterFields");
            return
            [
                .. centre.ChildrenNamed("DerivedField").Select(field => field.Required("name")).Select(name => new ComparedField(
                    Array.Find(compared, each => each.Attribute("field") == name) ?? element, name, measure.Function, model.Scope)),
            ];
        }

        return compared.Length > 0
            ? [.. compared.Select(field => new ComparedField(field, field.Required("field"), measure.Function, model.Scope))]
            : throw PmmlError.Invalid(element, "has no ClusteringField");
    }

    private static double[] CentreOf(PmmlElement cluster, ComparedField[] fields, ModelContext model)
    {
        double[] centre = cluster.Child("Array") is { } array && fields.Any(static field => field.Value.Type.IsText)
            ? [.. PmmlArray.Strings(array).Select((text, i) => i < fields.Length ? model.Plan.Constant(array, text, fields[i].Value.Type) : 0)]
            : PmmlArray.NumbersIn(cluster, fields.Length);
        return centre.Length == fields.Length
            ? centre
            : throw PmmlError.Invalid(cluster, string.Create(CultureInfo.InvariantCulture, $"has {centre.Length} coordinates for {fields.Length} fields"));
    }
}

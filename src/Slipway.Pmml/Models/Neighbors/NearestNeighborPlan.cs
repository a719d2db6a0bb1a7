using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Comparisons;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Neighbors;

/// <summary><c>NearestNeighborModel</c>: the nearest training instances vote, or are averaged.</summary>
internal sealed class NearestNeighborPlan : ModelPlan
{
    private const int MaxNeighbors = 1_000;

    private readonly ComparedField[] _fields;
    private readonly ComparisonMeasure _measure;
    private readonly double[][] _instances;
    private readonly double[] _ids;
    private readonly NeighborTarget[] _targets;
    private readonly int _count;
    private readonly int _nearest;
    private readonly string _average;
    private readonly bool _isWeightedVote;
    private readonly double _threshold;

    private NearestNeighborPlan(ModelContext model, ModelResult result, ComparedField[] fields, double[][] instances, double[] ids, NeighborTarget[] targets)
        : base(result)
    {
        PmmlElement element = model.Element;
        (_fields, _instances, _ids, _targets) = (fields, instances, ids, targets);
        _measure = new ComparisonMeasure(element.RequiredChild("ComparisonMeasure"));
        _count = Math.Min(element.Integer("numberOfNeighbors") ?? throw PmmlError.Invalid(element, "has no attribute 'numberOfNeighbors'"), instances.Length);
        if (_count is < 1 or > MaxNeighbors)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"asks for {_count} neighbours: expected 1 to {MaxNeighbors}"));
        }

        // For each neighbour its instance and how near it is.
        _nearest = model.Plan.AddSlots(2 * _count, Cell.Missing);
        _average = element.Attribute("continuousScoringMethod") ?? "average";
        _isWeightedVote = element.Attribute("categoricalScoringMethod") == "weightedMajorityVote";
        _threshold = element.Number("threshold") ?? 0.001;
        if (_average is not ("average" or "median" or "weightedAverage"))
        {
            throw PmmlError.NotSupported(element, $"continuousScoringMethod=\"{_average}\"");
        }
    }

    /// <summary>Compiles the element.</summary>
    public static NearestNeighborPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        TrainingInstances training = new(model);
        ComparisonMeasure measure = new(element.RequiredChild("ComparisonMeasure"));
        ComparedField[] fields =
        [
            .. element.RequiredChild("KNNInputs").ChildrenNamed("KNNInput").Select(input => new ComparedField(input, input.Required("field"), measure.Function, model.Scope)),
        ];
        NeighborTarget[] targets = [.. model.Fields.Where(field => field.IsTarget && training.Has(field.Name)).Select(field => TargetOf(field, training, model))];
        ModelResult result = new ModelResult(model.Plan, targets.Length > 0 ? targets[0].Type : PmmlType.String).WithEntity();
        if (targets.Length > 0 && targets[0].IsCategory)
        {
            result.WithProbabilities(model.CategoriesWith(targets[0].Values.Where(static value => !Cell.IsMissing(value))));
        }

        string? idField = element.Attribute("instanceIdVariable");
        double[] ids = [.. Enumerable.Range(0, training.Count).Select(row => model.Plan.Code(
            (idField is null ? null : training.Text(row, idField)) ?? (row + 1).ToString(CultureInfo.InvariantCulture)))];
        return new NearestNeighborPlan(model, result, fields, InstancesOf(training, fields, model), ids, targets);
    }

    public override void Evaluate(Frame frame)
    {
        double[] row = new double[_fields.Length];
        int present = 0;
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = _fields[i].Value.Evaluate(frame);
            present += Cell.IsMissing(row[i]) ? 0 : 1;
        }

        if (present == 0)
        {
            return;
        }

        FindNearest(frame, row, (double)row.Length / present);
        frame[Result.Entity] = _ids[(int)frame[_nearest]];
        for (int i = 0; i < _targets.Length; i++)
        {
            double value = _targets[i].IsCategory ? Vote(frame, _targets[i], i == 0) : Average(frame, _targets[i]);
            frame[_targets[i].Slot] = value;
            if (i == 0)
            {
                frame[Result.Value] = value;
            }
        }

        if (_targets.Length == 0)
        {
            frame[Result.Value] = frame[Result.Entity];
        }
    }

    /// <inheritdoc/>
    public override Expression? Target(string name) =>
        _targets.Length > 1 && Array.Find(_targets, target => target.Name == name) is { } found ? new SlotExpression(found.Slot, found.Type) : null;

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request)
    {
        int slot = _nearest + (2 * (request.Rank - 1));
        bool isRanked = request.Rank >= 1 && request.Rank <= _count;
        return request.Feature switch
        {
            "entityId" or "clusterId" => new DelegateExpression(PmmlType.String, frame => isRanked && frame[slot] is var instance && !Cell.IsMissing(instance) ? _ids[(int)instance] : Cell.Missing),
            "affinity" or "entityAffinity" or "clusterAffinity" => new DelegateExpression(PmmlType.Double, frame => isRanked ? frame[slot + 1] : Cell.Missing),
            _ => null,
        };
    }

    // Insertion into a short list; of equally near ones the earlier instance stays ahead.
    private void FindNearest(Frame frame, double[] row, double adjustment)
    {
        Span<double> nearest = frame.Cells.AsSpan(frame.Base + _nearest, 2 * _count);
        int found = 0;
        for (int i = 0; i < _instances.Length; i++)
        {
            double distance = _measure.Measure(_fields, row, _instances[i], adjustment);
            int place = found;
            while (place > 0 && _measure.IsNearer(distance, nearest[(2 * place) - 1]))
            {
                place--;
            }

            if (place == _count)
            {
                continue;
            }

            int moved = Math.Min(found, _count - 1) - place;
            nearest.Slice(2 * place, 2 * moved).CopyTo(nearest[(2 * (place + 1))..]);
            (nearest[2 * place], nearest[(2 * place) + 1]) = (i, distance);
            found = Math.Min(found + 1, _count);
        }
    }

    private double Vote(Frame frame, NeighborTarget target, bool isFirst)
    {
        Dictionary<double, double> votes = [];
        for (int i = 0; i < _count; i++)
        {
            double value = target.Values[(int)frame[_nearest + (2 * i)]];
            if (!Cell.IsMissing(value))
            {
                votes[value] = votes.GetValueOrDefault(value) + WeightOf(frame, i, _isWeightedVote);
            }
        }

        if (votes.Count == 0)
        {
            return Cell.Missing;
        }

        double most = votes.Values.Max();
        double total = votes.Values.Sum();
        if (isFirst)
        {
            for (int i = 0; i < Result.Categories.Length; i++)
            {
                frame[Result.Probabilities + i] = votes.GetValueOrDefault(Result.Categories[i]) / total;
            }
        }

        // Of equals the category that more training instances have, of these the one that comes first in the order of texts.
        return votes.Where(vote => vote.Value == most).Select(static vote => vote.Key)
            .OrderByDescending(category => target.Values.Count(value => value == category))
            .ThenBy(category => CellText.Format(category, target.Type, frame.Symbols.Text), StringComparer.Ordinal)
            .First();
    }

    private double Average(Frame frame, NeighborTarget target)
    {
        double sum = 0;
        double total = 0;
        List<double> values = [];
        for (int i = 0; i < _count; i++)
        {
            double value = target.Values[(int)frame[_nearest + (2 * i)]];
            if (!Cell.IsMissing(value))
            {
                double weight = WeightOf(frame, i, _average == "weightedAverage");
                values.Add(value);
                sum += weight * value;
                total += weight;
            }
        }

        if (values.Count == 0)
        {
            return Cell.Missing;
        }

        values.Sort();
        int middle = values.Count / 2;
        return _average == "median"
            ? values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
            : sum / total;
    }

    private double WeightOf(Frame frame, int neighbor, bool isWeighted)
    {
        double distance = frame[_nearest + (2 * neighbor) + 1];
        return !isWeighted ? 1 : _measure.IsSimilarity ? distance : 1 / (distance + _threshold);
    }

    private static NeighborTarget TargetOf(MiningField field, TrainingInstances training, ModelContext model)
    {
        DataField declared = model.Plan.DataFields.GetValueOrDefault(field.Name) ?? throw PmmlError.Invalid(field.Element, "is not in the DataDictionary");
        bool isCategory = declared.OpType != OpType.Continuous;
        PmmlType type = isCategory ? declared.Type : PmmlType.Double;
        return new NeighborTarget(
            field.Name, type, isCategory, model.Plan.AddSlot(Cell.Missing),
            [.. Enumerable.Range(0, training.Count).Select(row => training.Text(row, field.Name) is { } text ? model.Plan.Constant(training.Element, text, type) : Cell.Missing)]);
    }

    // Instances that hold what callers give go through the same derived fields as a caller's row.
    private static double[][] InstancesOf(TrainingInstances training, ComparedField[] fields, ModelContext model)
    {
        double[][] instances = new double[training.Count][];
        bool isDirect = training.IsTransformed || Array.TrueForAll(fields, field => training.Has(field.Name));
        for (int row = 0; row < instances.Length; row++)
        {
            instances[row] = new double[fields.Length];
            for (int i = 0; i < fields.Length && isDirect; i++)
            {
                instances[row][i] = training.Text(row, fields[i].Name) is { } text ? model.Plan.Constant(training.Element, text, fields[i].Value.Type) : Cell.Missing;
            }
        }

        if (!isDirect)
        {
            model.Plan.WhenComplete(newFrame => Transform(training, fields, instances, model.Plan, newFrame()));
        }

        return instances;
    }

    private static void Transform(TrainingInstances training, ComparedField[] fields, double[][] instances, PlanBuilder plan, Frame frame)
    {
        for (int row = 0; row < instances.Length; row++)
        {
            frame.Reset(1);
            frame.MoveTo(0);
            foreach (PlanInput input in plan.Inputs)
            {
                if (training.Text(row, input.Name) is { } text)
                {
                    frame[input.Slot] = CellText.TryParse(text, input.Type, frame.Symbols.Code, out double cell) ? cell : Cell.Invalid;
                }
            }

            try
            {
                foreach (Expression field in plan.Eager)
                {
                    field.Evaluate(frame);
                }

                for (int i = 0; i < fields.Length; i++)
                {
                    instances[row][i] = fields[i].Value.Evaluate(frame);
                }
            }
            catch (EvaluationException fault)
            {
                throw PmmlError.Invalid(training.Element, string.Create(CultureInfo.InvariantCulture, $"has an instance (the {row + 1}th) that can't be transformed: {fault.Message}"));
            }
        }
    }
}

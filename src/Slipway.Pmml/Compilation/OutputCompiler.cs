using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Mining;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Compilation;

/// <summary>Compiles the output fields of a model.</summary>
internal sealed class OutputCompiler(ModelContext model, ModelUnit unit, IReadOnlyDictionary<double, string> displayValues)
{
    /// <summary>The features that all models have, or that some have by their nature.</summary>
    public static IReadOnlyList<string> Supported { get; } =
    [
        "affinity", "antecedent", "clusterAffinity", "clusterId", "confidence", "confidenceIntervalLower", "confidenceIntervalUpper", "consequent", "decision", "entityAffinity", "entityId", "leverage", "lift",
        "predictedDisplayValue", "predictedValue", "probability", "reasonCode", "residual", "rule", "ruleId", "ruleValue", "standardDeviation", "standardError",
        "support", "transformedValue", "warning",
    ];

    private readonly Scope _scope = new(model.Scope);

    /// <summary>Compiles them in order: each can name those before it.</summary>
    public void Compile()
    {
        foreach (OutputColumn inner in unit.InnerOutputs)
        {
            _scope.Add(new FieldBinding(inner.Name, inner.Value, inner.OpType));
        }

        // What an output field calls the target is what the model predicts.
        if (unit.TargetName is { } target)
        {
            _scope.Add(new FieldBinding(target, new SlotExpression(unit.Result.Value, unit.Result.Type), OpType.Categorical, unit.Target));
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (PmmlElement element in model.Element.Child("Output")?.ChildrenNamed("OutputField") ?? [])
        {
            string name = element.Required("name");
            if (!names.Add(name))
            {
                throw PmmlError.Invalid(element, "appears twice in its Output");
            }

            Expression found = Value(element);
            Expression value = model.Plan.Memo(found.To(DataField.ReadType(element, "dataType", found.Type)));
            OutputColumn column = new(name, value, DataField.ReadOpType(element, value.Type), element.Boolean("isFinalResult") ?? true);
            unit.Outputs.Add(column);
            _scope.Add(new FieldBinding(name, value, column.OpType));
        }
    }

    private Expression Value(PmmlElement element)
    {
        string feature = element.Attribute("feature") ?? (element.Children.Any(ExpressionCompiler.IsExpression) ? "transformedValue" : "predictedValue");
        ModelUnit source = element.Attribute("segmentId") is { } segmentId ? SegmentOf(element, segmentId) : unit;
        if (feature is "transformedValue" or "decision")
        {
            return Transformed(element, source);
        }

        OutputRequest request = new(element, feature, _scope, model.Plan);
        return source.Plan.Feature(request) ?? Common(request, source) ?? throw PmmlError.NotSupported(element, $"the feature '{feature}' of a {model.Element.Name}");
    }

    private Expression Transformed(PmmlElement element, ModelUnit source)
    {
        if (ExpressionCompiler.CompileIn(element, _scope, model.Plan) is { } expression)
        {
            return unit.WhenDone(expression);
        }

        string name = element.Attribute("value") ?? throw PmmlError.Invalid(element, "has no expression");
        return source.Outputs.Concat(source.InnerOutputs).FirstOrDefault(column => column.Name == name)?.Value
            ?? throw PmmlError.Invalid(element, $"asks for the output field '{name}', which the segment does not have");
    }

    private Expression? Common(OutputRequest request, ModelUnit source)
    {
        ModelResult result = source.Result;
        switch (request.Feature)
        {
            case "predictedValue":
                return Predicted(request, source);
            case "predictedDisplayValue":
                return Display(Predicted(request, source));
            case "probability":
                return Share(request, result, result.Probabilities);
            case "confidence":
                return Share(request, result, result.Confidences >= 0 ? result.Confidences : result.Probabilities);
            case "affinity" or "entityAffinity" or "clusterAffinity" when result.Probabilities >= 0:
                return Share(request, result, result.Probabilities);
            case "entityId" or "clusterId" when result.Entity >= 0:
                return new SlotExpression(result.Entity, PmmlType.String);
            case "residual":
                return Residual(request, source);
            case "warning":
                return new ConstantExpression(Cell.Missing, PmmlType.String);
            default:
                return null;
        }
    }

    private static Expression Predicted(OutputRequest request, ModelUnit source)
    {
        string? target = request.Element.Attribute("targetField");
        if (target is not null && target != source.TargetName && source.FurtherTargets.TryGetValue(target, out Expression? other))
        {
            return other;
        }

        ModelResult result = source.Result;
        if (request.Rank <= 1)
        {
            return new SlotExpression(result.Value, result.Type);
        }

        return result.Probabilities >= 0
            ? new DelegateExpression(result.Type, frame => Ranked(result, result.Probabilities, request.Rank, frame) is >= 0 and var place ? result.Categories[place] : Cell.Missing)
            : throw PmmlError.NotSupported(request.Element, "a rank of a predicted value without probabilities");
    }

    // The category at a place of the order of probability, from 1; of equals in the order of the categories. -1 when there is none.
    private static int Ranked(ModelResult result, int first, int rank, Frame frame)
    {
        double[] shares = frame.Cells.AsSpan(frame.Base + first, result.Categories.Length).ToArray();
        return rank <= shares.Length && !Cell.IsMissing(frame[result.Value])
            ? Enumerable.Range(0, shares.Length).OrderByDescending(place => shares[place]).ElementAt(rank - 1)
            : -1;
    }

    private DelegateExpression Display(Expression predicted)
    {
        IReadOnlyDictionary<double, string> declared = unit.Target?.DisplayValues ?? new Dictionary<double, string>();
        return new DelegateExpression(PmmlType.String, frame =>
        {
            double value = predicted.Evaluate(frame);
            return Cell.IsMissing(value)
                ? value
                : frame.Symbols.Code(displayValues.TryGetValue(value, out string? text) || declared.TryGetValue(value, out text)
                    ? text
                    : CellText.Format(value, predicted.Type, frame.Symbols.Text));
        });
    }

    // Of a category that is named, or else of the one that is predicted.
    private static Expression Share(OutputRequest request, ModelResult result, int first)
    {
        if (first < 0)
        {
            throw PmmlError.NotSupported(request.Element, $"the feature '{request.Feature}' of a model that predicts no categories");
        }

        if (request.Value is not { } text)
        {
            if (request.Rank > 1)
            {
                return new DelegateExpression(PmmlType.Double, frame => Ranked(result, first, request.Rank, frame) is >= 0 and var ranked ? frame[first + ranked] : Cell.Missing);
            }

            return new DelegateExpression(PmmlType.Double, frame => result.IndexOf(frame[result.Value]) is >= 0 and var index ? frame[first + index] : Cell.Missing);
        }

        int place = CellText.TryParse(text, result.Type, request.Plan.Code, out double category) ? result.IndexOf(category) : -1;
        return place >= 0
            ? new SlotExpression(first + place, PmmlType.Double)
            : new DelegateExpression(PmmlType.Double, frame => Cell.IsMissing(frame[first]) ? Cell.Missing : 0);
    }

    private DelegateExpression Residual(OutputRequest request, ModelUnit source)
    {
        string target = request.Element.Attribute("targetField") ?? unit.TargetName ?? throw PmmlError.Invalid(request.Element, "asks for a residual, and the model has no target");
        FieldBinding actual = model.Scope.Get(target, request.Element);
        ModelResult result = source.Result;
        if (result.Categories.Length == 0)
        {
            Expression number = actual.Value.To(PmmlType.Double);
            return new DelegateExpression(PmmlType.Double, frame =>
                number.Evaluate(frame) is var given && frame[result.Value] is var predicted && !Cell.IsMissing(given) && !Cell.IsMissing(predicted) ? given - predicted : Cell.Missing);
        }

        // 1 for the category that was, 0 for the others, less the probability of the one that is asked about.
        Expression share = Share(request, result, result.Probabilities);
        double? asked = request.Value is { } text ? model.Category(request.Element, text) : null;
        return new DelegateExpression(PmmlType.Double, frame =>
        {
            double given = actual.Value.Evaluate(frame);
            double probability = share.Evaluate(frame);
            return Cell.IsMissing(given) || Cell.IsMissing(probability) ? Cell.Missing : (given == (asked ?? frame[result.Value]) ? 1 : 0) - probability;
        });
    }

    private ModelUnit SegmentOf(PmmlElement element, string id)
    {
        double code = model.Plan.Code(id);
        Segment[] segments = unit.Plan switch
        {
            SegmentedPlan plan => plan.Segments,
            EnsemblePlan plan => plan.Segments,
            _ => [],
        };
        return Array.Find(segments, segment => segment.Id == code)?.Unit ?? throw PmmlError.Invalid(element, $"names the segment '{id}', which the model does not have");
    }
}

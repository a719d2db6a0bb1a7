using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>Compiles the expressions of documents.</summary>
internal static class ExpressionCompiler
{
    private static readonly HashSet<string> Names = new(
        ["Constant", "FieldRef", "NormContinuous", "NormDiscrete", "Discretize", "MapValues", "TextIndex", "Apply", "Aggregate", "Lag"], StringComparer.Ordinal);

    /// <summary>The expressions that are compiled.</summary>
    public static IReadOnlyList<string> Supported { get; } = ["Apply", "Constant", "Discretize", "FieldRef", "MapValues", "NormContinuous", "NormDiscrete", "TextIndex"];

    /// <summary>Whether an element is an expression.</summary>
    public static bool IsExpression(PmmlElement element) => Names.Contains(element.Name);

    /// <summary>The one expression within an element; null when there is none.</summary>
    public static Expression? CompileIn(PmmlElement parent, Scope scope, PlanBuilder plan) =>
        parent.Children.FirstOrDefault(IsExpression) is { } element ? Compile(element, scope, plan) : null;

    /// <summary>Compiles an expression in the scope of a model.</summary>
    public static Expression Compile(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        plan.CountExpression(element);
        plan.Enter(element);
        Expression expression = element.Name switch
        {
            "Constant" => Constant(element, plan),
            "FieldRef" => FieldReference(element, scope, plan),
            "NormContinuous" => NormContinuousCompiler.Compile(element, scope),
            "NormDiscrete" => NormDiscrete(element, scope, plan),
            "Discretize" => DiscretizeCompiler.Compile(element, scope, plan),
            "MapValues" => MapValuesCompiler.Compile(element, scope, plan),
            "TextIndex" => TextIndexCompiler.Compile(element, scope, plan),
            "Apply" => ApplyCompiler.Compile(element, scope, plan),
            _ => throw PmmlError.NotSupported(element, $"the expression {element.Name}"),
        };
        plan.Leave();
        return expression;
    }

    private static ConstantExpression Constant(PmmlElement element, PlanBuilder plan)
    {
        string text = element.Text;
        if (element.Boolean("missing") == true)
        {
            return new ConstantExpression(Cell.Missing, DataField.ReadType(element, "dataType", PmmlType.Double));
        }

        PmmlType type = DataField.ReadType(element, "dataType", Infer(text));
        return new ConstantExpression(plan.Constant(element, text, type), type);
    }

    // A literal without a type is what it looks like.
    private static PmmlType Infer(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return PmmlType.Integer;
        }

        return PmmlNumber.TryParse(text, out _) ? PmmlType.Double : PmmlType.String;
    }

    private static Expression FieldReference(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        Expression value = scope.Get(element.Required("field"), element).Value;
        if (element.Attribute("mapMissingTo") is not { } text)
        {
            return value;
        }

        double replacement = plan.Constant(element, text, value.Type);
        return new DelegateExpression(value.Type, frame => value.Evaluate(frame) is var cell && Cell.IsMissing(cell) ? replacement : cell);
    }

    private static DelegateExpression NormDiscrete(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        FieldBinding field = scope.Get(element.Required("field"), element);
        Expression value = field.Value;
        double category = plan.Constant(element, element.Required("value"), field.Type);
        double missing = element.Number("mapMissingTo") ?? Cell.Missing;
        if (element.Attribute("method") is { } method and not "indicator")
        {
            throw PmmlError.NotSupported(element, $"method=\"{method}\"");
        }

        return new DelegateExpression(PmmlType.Double, frame =>
        {
            double cell = value.Evaluate(frame);
            return Cell.IsMissing(cell) ? missing : cell == category ? 1 : 0;
        });
    }
}

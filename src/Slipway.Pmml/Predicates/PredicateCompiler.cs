using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Predicates;

/// <summary>Compiles the predicates of documents.</summary>
internal static class PredicateCompiler
{
    /// <summary>The predicates that are compiled.</summary>
    public static IReadOnlyList<string> Supported { get; } = ["CompoundPredicate", "False", "SimplePredicate", "SimpleSetPredicate", "True"];

    /// <summary>Whether an element is a predicate.</summary>
    public static bool IsPredicate(PmmlElement element) =>
        element.Name is "SimplePredicate" or "SimpleSetPredicate" or "CompoundPredicate" or "True" or "False";

    /// <summary>The predicate within an element.</summary>
    public static Predicate CompileIn(PmmlElement parent, Scope scope, PlanBuilder plan) =>
        Compile(parent.Children.FirstOrDefault(IsPredicate) ?? throw PmmlError.Invalid(parent, "has no predicate"), scope, plan);

    /// <summary>Compiles a predicate in the scope of a model.</summary>
    public static Predicate Compile(PmmlElement element, Scope scope, PlanBuilder plan) => element.Name switch
    {
        "True" => ConstantPredicate.True,
        "False" => ConstantPredicate.False,
        "SimplePredicate" => Simple(element, scope, plan),
        "SimpleSetPredicate" => Set(element, scope, plan),
        "CompoundPredicate" => Compound(element, scope, plan),
        _ => throw PmmlError.NotSupported(element, $"the predicate {element.Name}"),
    };

    private static Predicate Simple(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        FieldBinding field = scope.Get(element.Required("field"), element);
        string name = element.Required("operator");
        PredicateOperator operation = name switch
        {
            "equal" => PredicateOperator.Equal,
            "notEqual" => PredicateOperator.NotEqual,
            "lessThan" => PredicateOperator.Less,
            "lessOrEqual" => PredicateOperator.LessOrEqual,
            "greaterThan" => PredicateOperator.Greater,
            "greaterOrEqual" => PredicateOperator.GreaterOrEqual,
            "isMissing" => PredicateOperator.IsMissing,
            "isNotMissing" => PredicateOperator.IsNotMissing,
            _ => throw PmmlError.Invalid(element, $"has operator=\"{name}\", which is none"),
        };
        if (operation is PredicateOperator.IsMissing or PredicateOperator.IsNotMissing)
        {
            return new SimplePredicate(field.Value, operation, 0);
        }

        string text = element.Required("value");
        bool isOrder = operation is not (PredicateOperator.Equal or PredicateOperator.NotEqual);
        if (!isOrder || !field.Type.IsText)
        {
            return Literal(element, field, operation, text, plan);
        }

        // The order of an ordinal field is the order in which its values are declared; other texts compare as numbers where the literal is one.
        if (field.OpType == OpType.Ordinal && field.Categories.Count > 0)
        {
            return Ordinal(element, field, operation, text, plan);
        }

        return PmmlNumber.TryParse(text, out double number)
            ? new SimplePredicate(field.Value.To(PmmlType.Double), operation, number)
            : new TextOrderPredicate(field.Value, operation, text);
    }

    // A literal that no value of the field's type can be equal to makes the outcome known.
    private static SimplePredicate Literal(PmmlElement element, FieldBinding field, PredicateOperator operation, string text, PlanBuilder plan)
    {
        if (CellText.TryParse(text, field.Type.Kind == PmmlKind.Float ? PmmlType.Double : field.Type, plan.Code, out double cell))
        {
            // A float field is compared with the literal as a float, which is what the literal was before it was written.
            return new SimplePredicate(field.Value, operation, field.Type.Kind == PmmlKind.Float ? (float)cell : cell);
        }

        // R compares truth values with 0.5.
        if (field.Type.Kind == PmmlKind.Boolean && PmmlNumber.TryParse(text, out double number))
        {
            return new SimplePredicate(field.Value, operation, number);
        }

        throw PmmlError.Invalid(element, $"compares the {field.Type} '{field.Name}' with '{text}'");
    }

    private static SimplePredicate Ordinal(PmmlElement element, FieldBinding field, PredicateOperator operation, string text, PlanBuilder plan)
    {
        List<double> order = [.. field.Categories];
        int rank = order.IndexOf(plan.Code(text));
        if (rank < 0)
        {
            throw PmmlError.Invalid(element, $"compares '{field.Name}' with '{text}', which is not among its values");
        }

        Expression value = field.Value;
        return new SimplePredicate(
            new DelegateExpression(PmmlType.Integer, frame => order.IndexOf(value.Evaluate(frame)) is >= 0 and var place ? place : Cell.Missing), operation, rank);
    }

    private static SetPredicate Set(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        FieldBinding field = scope.Get(element.Required("field"), element);
        bool isIn = element.Required("booleanOperator") switch
        {
            "isIn" => true,
            "isNotIn" => false,
            var other => throw PmmlError.Invalid(element, $"has booleanOperator=\"{other}\": expected isIn or isNotIn"),
        };
        List<double> members = [];
        foreach (string text in PmmlArray.Strings(element.RequiredChild("Array")))
        {
            // What is no value of the field's type is no value of the field.
            if (CellText.TryParse(text, field.Type, plan.Code, out double cell))
            {
                members.Add(cell);
            }
        }

        return new SetPredicate(field.Value, new CellSet(members), isIn);
    }

    private static CompoundPredicate Compound(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        plan.Enter(element);
        Predicate[] parts = [.. element.Children.Where(IsPredicate).Select(child => Compile(child, scope, plan))];
        plan.Leave();
        string name = element.Required("booleanOperator");
        if (parts.Length == 0)
        {
            throw PmmlError.Invalid(element, "has no predicate");
        }

        return new CompoundPredicate(parts, name switch
        {
            "and" => CompoundOperator.And,
            "or" => CompoundOperator.Or,
            "xor" => CompoundOperator.Xor,
            "surrogate" => CompoundOperator.Surrogate,
            _ => throw PmmlError.Invalid(element, $"has booleanOperator=\"{name}\": expected and, or, xor or surrogate"),
        });
    }
}

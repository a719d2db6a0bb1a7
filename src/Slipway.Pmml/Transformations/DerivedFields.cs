using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>Derived fields, compiled when they are named for the first time.</summary>
internal static class DerivedFields
{
    /// <summary>Compiles the derived fields of the transformation dictionary for whichever scope names them.</summary>
    public static Func<Scope, string, FieldBinding?> Global(PlanBuilder plan)
    {
        Dictionary<string, PmmlElement> elements = new(StringComparer.Ordinal);
        foreach (PmmlElement element in plan.Document.Child("TransformationDictionary")?.ChildrenNamed("DerivedField") ?? [])
        {
            elements[element.Required("name")] = element;
        }

        return (scope, name) => elements.TryGetValue(name, out PmmlElement? element) ? Compile(element, scope, plan) : null;
    }

    /// <summary>Makes the local transformations of a model known in its scope.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="container">The element within the model that holds the fields.</param>
    public static void AddLocal(PmmlElement model, Scope scope, PlanBuilder plan, string container = "LocalTransformations")
    {
        foreach (PmmlElement element in model.Child(container)?.ChildrenNamed("DerivedField") ?? [])
        {
            scope.AddDerived(element.Required("name"), () => Compile(element, scope, plan));
        }
    }

    private static FieldBinding Compile(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        plan.Enter(element);
        Expression value = ExpressionCompiler.CompileIn(element, scope, plan) ?? throw PmmlError.Invalid(element, "has no expression");
        PmmlType type = DataField.ReadType(element, "dataType", value.Type);
        OpType opType = DataField.ReadOpType(element, type);
        double[] categories =
        [
            .. element.ChildrenNamed("Value").Where(static each => each.Attribute("property") is null or "valid")
                .Select(each => plan.Constant(each, each.Required("value"), type)),
        ];
        plan.Leave();
        return new FieldBinding(element.Required("name"), plan.Memo(value.To(type)), opType) { Categories = categories };
    }
}

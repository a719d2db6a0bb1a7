using Slipway.Pmml.Documents;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Results;

/// <summary>A model element while it is compiled.</summary>
internal sealed class ModelContext
{
    /// <summary>The element.</summary>
    public required PmmlElement Element { get; init; }

    /// <summary>Fields that it can name.</summary>
    public required Scope Scope { get; init; }

    /// <summary>The plan.</summary>
    public required PlanBuilder Plan { get; init; }

    /// <summary>Its mining fields.</summary>
    public required IReadOnlyList<MiningField> Fields { get; init; }

    /// <summary>Name of the field that it predicts; null when it has none.</summary>
    public required string? TargetName { get; init; }

    /// <summary>That field in the data dictionary; null when it has none or it is not there.</summary>
    public required DataField? Target { get; init; }

    /// <summary>Compiles a model within another one.</summary>
    public required Func<ModelContext, PmmlElement, Scope, ModelUnit> Compiler { get; init; }

    /// <summary>Compiles a model within this one.</summary>
    public ModelUnit CompileInner(PmmlElement element, Scope scope) => Compiler(this, element, scope);

    /// <summary>The context of a model within another one.</summary>
    /// <param name="element">The inner model.</param>
    /// <param name="parent">Fields of the model around it.</param>
    /// <param name="hasResult">See <see cref="HasResult"/>.</param>
    public ModelContext Inner(PmmlElement element, Scope parent, bool hasResult = true)
    {
        List<MiningField> fields = MiningField.ReadAll(element);
        Scope scope = new(parent);
        MiningSchema.BindInner(fields, scope, parent, Plan);
        DerivedFields.AddLocal(element, scope, Plan);
        string? target = fields.Find(static field => field.IsTarget)?.Name;
        return new ModelContext
        {
            Element = element,
            Scope = scope,
            Plan = Plan,
            Fields = fields,
            TargetName = target,
            Target = (target ?? TargetName) is { } name ? Plan.DataFields.GetValueOrDefault(name) : null,
            Compiler = Compiler,
            HasResult = hasResult,
        };
    }

    /// <summary>Whether categories are predicted.</summary>
    public bool IsClassification => Element.Attribute("functionName") switch
    {
        "classification" => true,
        "mixed" => Target is { OpType: not OpType.Continuous },
        _ => false,
    };

    /// <summary>Type of the predicted value: that of the target where it is declared.</summary>
    public PmmlType ValueType => IsClassification ? Target?.Type ?? PmmlType.String : Target?.Type is { IsNumber: true } and { Kind: not PmmlKind.Integer } type ? type : PmmlType.Double;

    /// <summary>Whether somebody reads the model's own result: a tree of a forest only tells its leaf.</summary>
    public bool HasResult { get; init; } = true;

    /// <summary>A fresh result.</summary>
    public ModelResult NewResult() => new(HasResult ? Plan : null, ValueType);

    /// <summary>A category that the model predicts.</summary>
    public double Category(PmmlElement element, string text) => Plan.Constant(element, text, ValueType);

    /// <summary>The categories of the target as declared, followed by others that the model knows.</summary>
    public IEnumerable<double> CategoriesWith(IEnumerable<double> known)
    {
        HashSet<double> used = [.. known];
        return [.. (Target?.ValidValues ?? []).Where(used.Contains).Concat(used).Distinct()];
    }
}

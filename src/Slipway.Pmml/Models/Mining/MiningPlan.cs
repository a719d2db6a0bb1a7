using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Predicates;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Mining;

/// <summary>Compiles <c>MiningModel</c> by its way of joining segments.</summary>
internal static class MiningPlan
{
    /// <summary>The ways that are compiled.</summary>
    public static IReadOnlyList<string> Methods { get; } =
    [
        "average", "majorityVote", "max", "median", "modelChain", "selectAll", "selectFirst", "sum", "weightedAverage", "weightedMajorityVote",
        "weightedMedian", "weightedSum", MultiModelChain,
    ];

    // JPMML's name for a chain whose segments predict a target each: all of them are results.
    private const string MultiModelChain = "x-multiModelChain";

    /// <summary>Compiles the element.</summary>
    public static ModelPlan Compile(ModelContext model)
    {
        PmmlElement segmentation = model.Element.Child("Segmentation")
            ?? EmbeddedModel.ChainOf(model.Element)
            ?? throw PmmlError.Invalid(model.Element, "has neither a Segmentation nor a model within it");
        string name = segmentation.Required("multipleModelMethod");
        string method = name.StartsWith("x-", StringComparison.Ordinal) && name != MultiModelChain ? name[2..] : name;
        if (!Methods.Contains(method))
        {
            throw PmmlError.NotSupported(segmentation, $"multipleModelMethod=\"{name}\"");
        }

        PmmlElement[] elements = [.. segmentation.ChildrenNamed("Segment")];
        if (elements.Length == 0)
        {
            throw PmmlError.Invalid(segmentation, "has no Segment");
        }

        if (ForestPlan.TryCompile(model, elements, method) is { } forest)
        {
            return forest;
        }

        Segment[] segments = CompileSegments(model, elements, method);
        return method switch
        {
            "modelChain" => ChainPlan.Create(model, segments),
            MultiModelChain => ChainPlan.Create(model, segments, givesAll: true),
            "selectFirst" => SelectFirstPlan.Create(model, segments),
            "selectAll" => SelectAllPlan.Create(model, segments),
            _ => EnsemblePlan.Create(model, segmentation, segments, method),
        };
    }

    // The field is mostly an output of the segment's own model.
    private static Expression? VariableWeight(PmmlElement segment, ModelUnit unit, Scope scope)
    {
        if (segment.Child("VariableWeight") is not { } element)
        {
            return null;
        }

        string field = element.Required("field");
        OutputColumn? own = unit.Outputs.Concat(unit.InnerOutputs).FirstOrDefault(column => column.Name == field);
        return (own?.Value ?? scope.Get(field, element).Value).To(PmmlType.Double);
    }

    private static Segment[] CompileSegments(ModelContext model, PmmlElement[] elements, string method)
    {
        // What a segment of a chain gives the segments after it can name.
        bool isChain = method is "modelChain" or MultiModelChain;
        Scope scope = isChain ? new Scope(model.Scope) : model.Scope;
        Segment[] segments = new Segment[elements.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            Predicate predicate = PredicateCompiler.CompileIn(elements[i], scope, model.Plan);
            ModelUnit unit = model.CompileInner(Segment.ModelOf(elements[i]), scope);
            segments[i] = new Segment
            {
                Id = model.Plan.Code(Segment.IdOf(elements[i], i)),
                Predicate = predicate,
                Weight = elements[i].Number("weight") ?? 1,
                VariableWeight = VariableWeight(elements[i], unit, scope),
                Unit = unit,
            };
            if (isChain)
            {
                foreach (OutputColumn column in unit.Outputs.Concat(unit.InnerOutputs))
                {
                    scope.Add(new FieldBinding(column.Name, column.Value, column.OpType));
                }
            }
        }

        return segments;
    }
}

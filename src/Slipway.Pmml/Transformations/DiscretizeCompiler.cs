using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>Numbers to bins (<c>Discretize</c>).</summary>
internal static class DiscretizeCompiler
{
    /// <summary>Compiles one.</summary>
    public static Expression Compile(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        Expression value = scope.Get(element.Required("field"), element).Value.To(PmmlType.Double);
        PmmlType type = DataField.ReadType(element, "dataType", PmmlType.String);
        double missing = Read(element.Attribute("mapMissingTo"));
        double otherwise = Read(element.Attribute("defaultValue"));
        PmmlElement[] bins = [.. element.ChildrenNamed("DiscretizeBin")];
        ValueInterval[] intervals = [.. bins.Select(static bin => ValueInterval.Read(bin.RequiredChild("Interval")))];
        double[] labels = [.. bins.Select(bin => plan.Constant(bin, bin.Required("binValue"), type))];
        return new DelegateExpression(type, frame =>
        {
            double x = value.Evaluate(frame);
            if (Cell.IsMissing(x))
            {
                return missing;
            }

            for (int i = 0; i < intervals.Length; i++)
            {
                if (intervals[i].Contains(x))
                {
                    return labels[i];
                }
            }

            return otherwise;
        });

        double Read(string? text) => text is null ? Cell.Missing : plan.Constant(element, text, type);
    }
}

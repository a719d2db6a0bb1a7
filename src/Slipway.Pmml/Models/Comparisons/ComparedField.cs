using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;

namespace Slipway.Pmml.Models.Comparisons;

/// <summary>A field by which rows are compared with clusters or training instances: its value, its weight and its comparison function. Immutable.</summary>
internal sealed class ComparedField
{
    private readonly Func<double, double, double> _compare;

    /// <summary>Reads a <c>ClusteringField</c> or <c>KNNInput</c>.</summary>
    public ComparedField(PmmlElement element, string name, string defaultFunction, Scope scope)
    {
        FieldBinding field = scope.Get(name, element);
        Name = name;
        Value = field.Value;
        Weight = element.Number("fieldWeight") ?? 1;
        string function = element.Attribute("compareFunction") ?? defaultFunction;
        if (field.Type.IsText && function is "absDiff" or "gaussSim")
        {
            // Categories have no difference but being the same or not.
            function = function == "gaussSim" ? "equal" : "delta";
        }

        double scale = element.Number("similarityScale") ?? 1;
        _compare = function switch
        {
            "absDiff" => static (x, y) => Math.Abs(x - y),
            "gaussSim" => (x, y) => Math.Exp(-Math.Log(2) * (x - y) * (x - y) / (scale * scale)),
            "delta" => static (x, y) => x == y ? 0 : 1,
            "equal" => static (x, y) => x == y ? 1 : 0,
            "table" => Table(element, field),
            _ => throw PmmlError.NotSupported(element, $"compareFunction=\"{function}\""),
        };
    }

    /// <summary>Name of the field.</summary>
    public string Name { get; }

    /// <summary>Its value.</summary>
    public Expression Value { get; }

    /// <summary>How much it counts.</summary>
    public double Weight { get; }

    /// <summary>Compares two values, neither missing.</summary>
    public double Compare(double left, double right) => _compare(left, right);

    private static Func<double, double, double> Table(PmmlElement element, FieldBinding field)
    {
        double[][] matrix = PmmlArray.Matrix(element.RequiredChild("Comparisons").RequiredChild("Matrix"));
        double[] categories = field.Categories.Count > 0 ? [.. field.Categories] : throw PmmlError.Invalid(element, "compares by a table a field whose values are not declared");
        return (x, y) => Array.IndexOf(categories, x) is var row && Array.IndexOf(categories, y) is var column
            && row >= 0 && column >= 0 && row < matrix.Length && column < matrix[row].Length
            ? matrix[row][column]
            : throw new EvaluationException($"field '{field.Name}' has a value that its table of comparisons lacks");
    }
}

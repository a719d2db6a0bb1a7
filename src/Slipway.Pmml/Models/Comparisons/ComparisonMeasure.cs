using Slipway.Pmml.Documents;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Comparisons;

/// <summary>How the comparisons of fields become one distance or similarity (<c>ComparisonMeasure</c>). Immutable.</summary>
internal sealed class ComparisonMeasure
{
    private readonly string _name;
    private readonly double _power;
    private readonly double[] _agreement = [];

    /// <summary>Reads the measure of a model.</summary>
    public ComparisonMeasure(PmmlElement element)
    {
        Function = element.Attribute("compareFunction") ?? "absDiff";
        IsSimilarity = element.Attribute("kind") == "similarity";
        PmmlElement measure = element.Children.FirstOrDefault(static child => Names.Contains(child.Name)) ?? throw PmmlError.Invalid(element, "has no measure");
        _name = measure.Name;
        _power = _name == "minkowski" ? measure.RequiredNumber("p-parameter") : 2;
        IsBinary = _name is "simpleMatching" or "jaccard" or "tanimoto" or "binarySimilarity";
        if (IsBinary)
        {
            _agreement = _name switch
            {
                // Weights of 11, 10, 01 and 00 above and below the line.
                "simpleMatching" => [1, 0, 0, 1, 1, 1, 1, 1],
                "jaccard" => [1, 0, 0, 0, 1, 1, 1, 0],
                "tanimoto" => [1, 0, 0, 1, 1, 2, 2, 1],
                _ => [.. Parameters.Select(measure.RequiredNumber)],
            };
        }
    }

    private static IReadOnlyList<string> Names { get; } =
        ["euclidean", "squaredEuclidean", "chebychev", "cityBlock", "minkowski", "simpleMatching", "jaccard", "tanimoto", "binarySimilarity"];

    private static IReadOnlyList<string> Parameters { get; } =
        ["c11-parameter", "c10-parameter", "c01-parameter", "c00-parameter", "d11-parameter", "d10-parameter", "d01-parameter", "d00-parameter"];

    /// <summary>The comparison function of fields that name none.</summary>
    public string Function { get; }

    /// <summary>Whether more is nearer.</summary>
    public bool IsSimilarity { get; }

    /// <summary>Whether values are compared as set or not set.</summary>
    public bool IsBinary { get; }

    /// <summary>Whether one measured value is nearer than another.</summary>
    public bool IsNearer(double left, double right) => IsSimilarity ? left > right : left < right;

    /// <summary>Measures a row against a point.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="row">The row's values; missing ones are left out.</param>
    /// <param name="point">The point's values.</param>
    /// <param name="adjustment">What makes up for missing values; 1 when there are none.</param>
    public double Measure(ComparedField[] fields, ReadOnlySpan<double> row, ReadOnlySpan<double> point, double adjustment)
    {
        if (IsBinary)
        {
            return Binary(row, point);
        }

        double sum = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            if (Cell.IsMissing(row[i]) || Cell.IsMissing(point[i]))
            {
                continue;
            }

            double difference = fields[i].Compare(row[i], point[i]);
            double weight = fields[i].Weight;
            switch (_name)
            {
                case "chebychev":
                    sum = Math.Max(sum, weight * difference);
                    break;
                case "cityBlock":
                    sum += weight * difference;
                    break;
                case "minkowski":
                    sum += weight * Math.Pow(difference, _power);
                    break;
                default:
                    sum += weight * difference * difference;
                    break;
            }
        }

        return _name switch
        {
            "euclidean" => Math.Sqrt(sum * adjustment),
            "minkowski" => Math.Pow(sum * adjustment, 1 / _power),
            _ => sum * adjustment,
        };
    }

    private double Binary(ReadOnlySpan<double> row, ReadOnlySpan<double> point)
    {
        Span<double> counts = stackalloc double[4];
        for (int i = 0; i < row.Length; i++)
        {
            if (!Cell.IsMissing(row[i]))
            {
                counts[(row[i] != 0 ? 0 : 2) + (point[i] != 0 ? 0 : 1)]++;
            }
        }

        double above = 0;
        double below = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            above += _agreement[i] * counts[i];
            below += _agreement[4 + i] * counts[i];
        }

        return above / below;
    }
}

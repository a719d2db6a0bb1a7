using System.Globalization;
using Slipway.Core;

namespace Slipway.Formats.Boosters;

/// <summary>
/// A value of a model document (JSON or UBJSON): an object, a list, numbers, text, a truth value or nothing. Readers make it of <see cref="Dictionary{TKey, TValue}"/>,
/// <c>List&lt;object?&gt;</c>, <c>double[]</c>, <c>string</c>, <c>double</c>, <c>bool</c> and null; every access names the path when something else is there.
/// </summary>
/// <param name="Value">The value.</param>
/// <param name="Path">Where it stands in the document.</param>
/// <param name="Library">Whose model it is, for errors.</param>
internal readonly record struct ModelNode(object? Value, string Path, string Library)
{
    /// <summary>A member that must be there.</summary>
    public ModelNode this[string name] => TryGet(name, out ModelNode member) ? member : throw Invalid($"has no '{name}'");

    /// <summary>Elements of a list.</summary>
    public IReadOnlyList<ModelNode> Items
    {
        get
        {
            (string path, string library) = (Path, Library);
            return Value switch
            {
                List<object?> list => [.. list.Select((item, index) => new ModelNode(item, $"{path}[{index}]", library))],
                double[] numbers => [.. numbers.Select((item, index) => new ModelNode(item, $"{path}[{index}]", library))],
                _ => throw Invalid("is no list"),
            };
        }
    }

    /// <summary>Text.</summary>
    public string Text => Value as string ?? throw Invalid("is no text");

    /// <summary>A list of numbers; truth values count as 0 and 1.</summary>
    public double[] Numbers => Value switch
    {
        double[] numbers => numbers,
        List<object?> { Count: 0 } => [],
        List<object?> list => [.. Items.Select(static item => item.Number)],
        _ => throw Invalid("is no list of numbers"),
    };

    /// <summary>A list of whole numbers.</summary>
    public int[] Integers
    {
        get
        {
            double[] numbers = Numbers;
            int[] integers = new int[numbers.Length];
            for (int i = 0; i < integers.Length; i++)
            {
                integers[i] = numbers[i] is >= int.MinValue and <= int.MaxValue && numbers[i] == Math.Floor(numbers[i])
                    ? (int)numbers[i]
                    : throw Invalid("is no list of whole numbers");
            }

            return integers;
        }
    }

    /// <summary>A number, also one written as text, as XGBoost does for parameters.</summary>
    public double Number => Value switch
    {
        double number => number,
        bool flag => flag ? 1 : 0,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => throw Invalid("is no number"),
    };

    /// <summary>A member that may be absent.</summary>
    public bool TryGet(string name, out ModelNode member)
    {
        object? value = null;
        bool found = Value is Dictionary<string, object?> members && members.TryGetValue(name, out value);
        member = new ModelNode(value, $"{Path}.{name}", Library);
        return found;
    }

    /// <summary>A number that may be absent.</summary>
    public double NumberOr(string name, double absent) => TryGet(name, out ModelNode member) ? member.Number : absent;

    /// <summary>What is wrong here.</summary>
    public SlipwayException Invalid(string problem) => new(ErrorCode.InvalidModel, $"the {Library} model is damaged: {Path} {problem}");
}

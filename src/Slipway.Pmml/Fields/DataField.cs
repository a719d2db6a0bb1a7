using Slipway.Pmml.Documents;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Fields;

/// <summary>A field of the data dictionary: its type and which of its values are valid, invalid or mean that there is none.</summary>
internal sealed class DataField
{
    public required string Name { get; init; }

    public required PmmlType Type { get; init; }

    public required OpType OpType { get; init; }

    /// <summary>The declared valid values, in order; empty when any value is valid.</summary>
    public required IReadOnlyList<double> ValidValues { get; init; }

    /// <summary>Values declared invalid.</summary>
    public required IReadOnlyList<double> InvalidValues { get; init; }

    /// <summary>Values that stand for a missing one.</summary>
    public required IReadOnlyList<double> MissingValues { get; init; }

    /// <summary>Texts to show in place of values, by value.</summary>
    public required IReadOnlyDictionary<double, string> DisplayValues { get; init; }

    /// <summary>Ranges of valid numbers; empty when any number is valid.</summary>
    public required IReadOnlyList<ValueInterval> Intervals { get; init; }

    /// <summary>Reads a <c>DataField</c>.</summary>
    public static DataField Read(PmmlElement element, PlanBuilder plan)
    {
        PmmlType type = ReadType(element, "dataType", PmmlType.String);
        List<double> valid = [];
        List<double> invalid = [];
        List<double> missing = [];
        Dictionary<double, string> display = [];
        foreach (PmmlElement value in element.ChildrenNamed("Value"))
        {
            string property = value.Attribute("property") ?? "valid";
            string text = value.Required("value");
            if (!CellText.TryParse(text, type, plan.Code, out double cell))
            {
                // A marker such as "NA" in a field of numbers never comes as a number: it is what a caller gives as no value at all.
                if (property == "valid")
                {
                    throw PmmlError.Invalid(value, $"has value=\"{text}\", which is no {type}");
                }

                continue;
            }

            (property switch
            {
                "valid" => valid,
                "invalid" => invalid,
                "missing" => missing,
                _ => throw PmmlError.Invalid(value, $"has property=\"{property}\": expected valid, invalid or missing"),
            }).Add(cell);
            if (value.Attribute("displayValue") is { } shown)
            {
                display[cell] = shown;
            }
        }

        return new DataField
        {
            Name = element.Required("name"),
            Type = type,
            OpType = ReadOpType(element, type),
            ValidValues = valid,
            InvalidValues = invalid,
            MissingValues = missing,
            DisplayValues = display,
            Intervals = [.. element.ChildrenNamed("Interval").Select(ValueInterval.Read)],
        };
    }

    /// <summary>Reads an attribute that names a data type.</summary>
    public static PmmlType ReadType(PmmlElement element, string attribute, PmmlType absent)
    {
        string? name = element.Attribute(attribute);
        return name is null ? absent : PmmlType.Parse(name) ?? throw PmmlError.Invalid(element, $"has {attribute}=\"{name}\", which is no data type");
    }

    /// <summary>Reads the attribute <c>optype</c>.</summary>
    public static OpType ReadOpType(PmmlElement element, PmmlType type) => element.Attribute("optype") switch
    {
        "categorical" => OpType.Categorical,
        "ordinal" => OpType.Ordinal,
        "continuous" => OpType.Continuous,
        null => type.IsNumber ? OpType.Continuous : OpType.Categorical,
        var other => throw PmmlError.Invalid(element, $"has optype=\"{other}\": expected categorical, ordinal or continuous"),
    };
}

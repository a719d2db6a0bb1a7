using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Fields;

/// <summary>What becomes of a value that is not valid.</summary>
internal enum InvalidTreatment
{
    /// <summary>The row has no result.</summary>
    ReturnInvalid,

    /// <summary>It is used as it is.</summary>
    AsIs,

    /// <summary>It is taken for missing.</summary>
    AsMissing,

    /// <summary>Another value is used.</summary>
    AsValue,
}

/// <summary>What becomes of a number outside the expected range.</summary>
internal enum OutlierTreatment
{
    /// <summary>It is used as it is.</summary>
    AsIs,

    /// <summary>It is taken for missing.</summary>
    AsMissing,

    /// <summary>The end of the range is used.</summary>
    AsExtreme,
}

/// <summary>How a model uses a field and treats its values.</summary>
internal sealed class MiningField
{
    public required PmmlElement Element { get; init; }

    public required string Name { get; init; }

    /// <summary><c>active</c>, <c>target</c>, <c>supplementary</c> …; <c>predicted</c> of old documents is <c>target</c>.</summary>
    public required string Usage { get; init; }

    public required InvalidTreatment Invalid { get; init; }

    public required OutlierTreatment Outliers { get; init; }

    /// <summary>Whether the field says how its values are to be treated, in part at least.</summary>
    public required bool HasTreatment { get; init; }

    public string? MissingReplacement { get; init; }

    public string? InvalidReplacement { get; init; }

    /// <summary>Whether a missing value leaves the row without a result.</summary>
    public bool MissingIsInvalid { get; init; }

    public double Low { get; init; }

    public double High { get; init; }

    public bool IsTarget => Usage == "target";

    public bool IsActive => Usage == "active";

    /// <summary>Reads the fields of a model's <c>MiningSchema</c>.</summary>
    public static List<MiningField> ReadAll(PmmlElement model)
    {
        List<MiningField> fields = [.. model.RequiredChild("MiningSchema").ChildrenNamed("MiningField").Select(Read)];
        HashSet<string> names = new(StringComparer.Ordinal);
        return fields.Find(field => !names.Add(field.Name)) is { } twice
            ? throw PmmlError.Invalid(twice.Element, "appears twice in its MiningSchema")
            : fields;
    }

    private static MiningField Read(PmmlElement element)
    {
        string usage = element.Attribute("usageType") ?? "active";
        string? invalidReplacement = element.Attribute("invalidValueReplacement") ?? element.Attribute("x-invalidValueReplacement");
        OutlierTreatment outliers = element.Attribute("outliers") switch
        {
            null or "asIs" => OutlierTreatment.AsIs,
            "asMissingValues" => OutlierTreatment.AsMissing,
            "asExtremeValues" => OutlierTreatment.AsExtreme,
            var other => throw PmmlError.Invalid(element, $"has outliers=\"{other}\": expected asIs, asMissingValues or asExtremeValues"),
        };
        return new MiningField
        {
            Element = element,
            Name = element.Required("name"),
            Usage = usage == "predicted" ? "target" : usage,
            Invalid = element.Attribute("invalidValueTreatment") switch
            {
                null or "returnInvalid" => InvalidTreatment.ReturnInvalid,
                "asIs" => invalidReplacement is null ? InvalidTreatment.AsIs : InvalidTreatment.AsValue,
                "asMissing" => InvalidTreatment.AsMissing,
                "asValue" => InvalidTreatment.AsValue,
                var other => throw PmmlError.Invalid(element, $"has invalidValueTreatment=\"{other}\": expected returnInvalid, asIs, asMissing or asValue"),
            },
            Outliers = outliers,
            MissingReplacement = element.Attribute("missingValueReplacement"),
            InvalidReplacement = invalidReplacement,
            MissingIsInvalid = element.Attribute("missingValueTreatment") == "returnInvalid",
            Low = element.Number("lowValue") ?? double.NegativeInfinity,
            High = element.Number("highValue") ?? double.PositiveInfinity,
            HasTreatment = outliers != OutlierTreatment.AsIs || element.Attribute("invalidValueTreatment") is not (null or "asIs")
                || element.Attribute("missingValueReplacement") is not null || invalidReplacement is not null
                || element.Attribute("missingValueTreatment") == "returnInvalid",
        };
    }
}

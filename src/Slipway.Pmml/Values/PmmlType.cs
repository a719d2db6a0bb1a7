using System.Globalization;

namespace Slipway.Pmml.Values;

/// <summary>A data type of PMML.</summary>
/// <param name="Kind">What cells of the type hold.</param>
/// <param name="Year">For the types that count from a year: which.</param>
internal readonly record struct PmmlType(PmmlKind Kind, int Year = 0)
{
    public static readonly PmmlType String = new(PmmlKind.String);
    public static readonly PmmlType Integer = new(PmmlKind.Integer);
    public static readonly PmmlType Float = new(PmmlKind.Float);
    public static readonly PmmlType Double = new(PmmlKind.Double);
    public static readonly PmmlType Boolean = new(PmmlKind.Boolean);

    /// <summary>Whether cells are plain numbers.</summary>
    public bool IsNumber => Kind is PmmlKind.Integer or PmmlKind.Float or PmmlKind.Double;

    /// <summary>Whether cells are codes of symbols.</summary>
    public bool IsText => Kind == PmmlKind.String;

    /// <summary>Whether cells are days, times or counts of them, which documents and callers write as text or number.</summary>
    public bool IsTemporal => Kind is PmmlKind.Date or PmmlKind.Time or PmmlKind.DateTime or PmmlKind.DaysSince or PmmlKind.SecondsSince or PmmlKind.TimeSeconds;

    /// <summary>Whether a caller gives and gets values of the type as text.</summary>
    public bool IsCarriedAsText => !IsNumber;

    /// <summary>The type of a name; null when there is none of that name.</summary>
    public static PmmlType? Parse(string name) => name switch
    {
        "string" => String,
        "integer" => Integer,
        "float" => Float,
        "double" or "real" or "number" => Double,
        "boolean" => Boolean,
        "date" => new(PmmlKind.Date),
        "time" => new(PmmlKind.Time),
        "dateTime" or "timestamp" => new(PmmlKind.DateTime),
        "timeSeconds" => new(PmmlKind.TimeSeconds),
        _ when Since(name, "dateDaysSince[") is { } year => new(PmmlKind.DaysSince, year),
        _ when Since(name, "dateTimeSecondsSince[") is { } year => new(PmmlKind.SecondsSince, year),
        _ => null,
    };

    /// <summary>The type that holds the numbers of both.</summary>
    public static PmmlType Promote(PmmlType left, PmmlType right) => (left.Kind, right.Kind) switch
    {
        (PmmlKind.Integer, PmmlKind.Integer) => Integer,
        (PmmlKind.Double, _) or (_, PmmlKind.Double) => Double,
        (PmmlKind.Float, _) or (_, PmmlKind.Float) => Float,
        _ => Double,
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PmmlKind.DaysSince => string.Create(CultureInfo.InvariantCulture, $"dateDaysSince[{Year}]"),
        PmmlKind.SecondsSince => string.Create(CultureInfo.InvariantCulture, $"dateTimeSecondsSince[{Year}]"),
        PmmlKind.DateTime => "dateTime",
        PmmlKind.TimeSeconds => "timeSeconds",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    private static int? Since(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(']')
            && int.TryParse(name.AsSpan(prefix.Length, name.Length - prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int year)
            && year <= 9999
            ? year
            : null;
}

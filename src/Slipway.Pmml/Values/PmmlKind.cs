namespace Slipway.Pmml.Values;

/// <summary>What the number in a cell stands for.</summary>
internal enum PmmlKind
{
    /// <summary>Text: the code of a symbol.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A binary32 number.</summary>
    Float,

    /// <summary>A binary64 number.</summary>
    Double,

    /// <summary>0 or 1.</summary>
    Boolean,

    /// <summary>A day, as days since 1970-01-01.</summary>
    Date,

    /// <summary>A time of day, as seconds since midnight.</summary>
    Time,

    /// <summary>A point in time without a zone, as seconds since 1970-01-01T00:00:00.</summary>
    DateTime,

    /// <summary>Whole days since the first day of a year.</summary>
    DaysSince,

    /// <summary>Seconds since the first moment of a year.</summary>
    SecondsSince,

    /// <summary>Seconds of a duration or time of day.</summary>
    TimeSeconds,

    /// <summary>A collection of symbols: the number of a list that the frame holds.</summary>
    Items,
}

namespace Slipway.Pipelines.Expressions;

/// <summary>What an expression gives for each row.</summary>
internal enum ValueKind : byte
{
    /// <summary>Not known before the models are.</summary>
    Unknown,

    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>An IEEE 754 binary64.</summary>
    Number,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>Names of kinds in messages.</summary>
internal static class ValueKinds
{
    /// <summary>As people call it.</summary>
    public static string Word(this ValueKind kind) => kind switch
    {
        ValueKind.Integer => "a whole number",
        ValueKind.Number => "a number",
        ValueKind.Truth => "true or false",
        ValueKind.Text => "a text",
        _ => "unknown",
    };
}

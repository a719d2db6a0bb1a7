namespace Slipway.Core;

/// <summary>Kinds of request and response parameters.</summary>
public enum ParameterKind : byte
{
    /// <summary>true or false.</summary>
    Bool = 0,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 1,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 2,

    /// <summary>IEEE 754 binary64.</summary>
    Double = 3,

    /// <summary>Text.</summary>
    String = 4,
}

/// <summary>One value of a request or response parameter.</summary>
public readonly record struct ParameterValue
{
    private readonly long _bits;

    private ParameterValue(ParameterKind kind, long bits, string? text)
    {
        Kind = kind;
        _bits = bits;
        Text = text;
    }

    /// <summary>What the value is.</summary>
    public ParameterKind Kind { get; }

    /// <summary>The text of a <see cref="ParameterKind.String"/>; null otherwise.</summary>
    public string? Text { get; }

    /// <summary>The value of a <see cref="ParameterKind.Bool"/>.</summary>
    public bool Bool => _bits != 0;

    /// <summary>The value of a <see cref="ParameterKind.Int64"/>.</summary>
    public long Int64 => _bits;

    /// <summary>The value of a <see cref="ParameterKind.UInt64"/>.</summary>
    public ulong UInt64 => unchecked((ulong)_bits);

    /// <summary>The value of a <see cref="ParameterKind.Double"/>.</summary>
    public double Double => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>A truth value.</summary>
    public static ParameterValue Of(bool value) => new(ParameterKind.Bool, value ? 1 : 0, null);

    /// <summary>A signed integer.</summary>
    public static ParameterValue Of(long value) => new(ParameterKind.Int64, value, null);

    /// <summary>An unsigned integer.</summary>
    public static ParameterValue Of(ulong value) => new(ParameterKind.UInt64, unchecked((long)value), null);

    /// <summary>A number.</summary>
    public static ParameterValue Of(double value) => new(ParameterKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A text.</summary>
    public static ParameterValue Of(string value) => new(ParameterKind.String, 0, value);
}

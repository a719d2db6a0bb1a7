using System.Globalization;
using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>Reads and writes one element of type <typeparamref name="T"/> as text; chosen once per column, never per element.</summary>
internal interface ICellCodec<T>
    where T : unmanaged
{
    /// <summary>The value of a missing cell; meaningless when <see cref="HasMissing"/> is false.</summary>
    static abstract T Missing { get; }

    /// <summary>Whether the type can say that a value is missing.</summary>
    static abstract bool HasMissing { get; }

    /// <summary>Whether an element is written as a bare word in CSV but as a string in JSON (NaN and the infinities).</summary>
    static abstract bool IsWord(T value);

    /// <summary>
    /// Reads the plain number at <paramref name="position"/>, moving behind it. False, with the position as it was, where the text is of another kind or
    /// the type has no fast way: the cell is then read by <see cref="TryParse"/>.
    /// </summary>
    static virtual bool TryReadPlain(ReadOnlySpan<byte> text, ref int position, out T value)
    {
        value = default;
        return false;
    }

    /// <summary>
    /// Reads plain numbers with delimiters between them as far as there is a fast way, as <see cref="JsonNumber.ReadSingles"/> does; what it stops at is for
    /// <see cref="TryReadPlain"/>.
    /// </summary>
    static virtual int ReadRun(ReadOnlySpan<byte> text, ref int position, byte delimiter, Span<T> values, out bool isEnded)
    {
        isEnded = false;
        return 0;
    }

    /// <summary>Reads a whole cell without white space around it.</summary>
    static abstract bool TryParse(ReadOnlySpan<byte> text, out T value);

    /// <summary>Writes the shortest text that reads back as the same value.</summary>
    /// <param name="value">The element.</param>
    /// <param name="destination">At least <see cref="CellText.MaxLength"/> bytes.</param>
    static abstract int Format(T value, Span<byte> destination);
}

/// <summary>What all element types share.</summary>
internal static class CellText
{
    /// <summary>Longest text of any number in bytes.</summary>
    public const int MaxLength = 32;

    /// <summary>Reads a cell that is not simply a number: white space around it, words for NaN and the infinities.</summary>
    public static bool TryParseLoosely<T, TCodec>(ReadOnlySpan<byte> text, out T value)
        where T : unmanaged
        where TCodec : ICellCodec<T>
    {
        ReadOnlySpan<byte> trimmed = text.Trim(" \t\r\n\v\f"u8);
        return trimmed.Length > 0 ? TCodec.TryParse(trimmed, out value) : TryMissing<T, TCodec>(out value);
    }

    /// <summary>The value of a missing cell.</summary>
    public static bool TryMissing<T, TCodec>(out T value)
        where T : unmanaged
        where TCodec : ICellCodec<T>
    {
        value = TCodec.Missing;
        return TCodec.HasMissing;
    }

    /// <summary>What is wrong with a text that can't be read as an element: <c>not a valid FP32</c>, or that it is a number which the type is too small for.</summary>
    public static string FaultOf(ReadOnlySpan<byte> text, TensorDataType type)
    {
        bool isFloat = type is TensorDataType.Float16 or TensorDataType.BFloat16 or TensorDataType.Float32 or TensorDataType.Float64;
        bool isNumber = isFloat && double.TryParse(text.Trim(" \t\r\n\v\f"u8), FloatWords.Style, CultureInfo.InvariantCulture, out _);
        return isNumber ? $"beyond the range of {type.ToName()}" : $"not a valid {type.ToName()}";
    }

    /// <summary>Reads a JSON number, string or truth value as an element.</summary>
    public static bool TryParseJson<T, TCodec>(ref Utf8JsonReader reader, out T value)
        where T : unmanaged
        where TCodec : ICellCodec<T>
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return TryMissing<T, TCodec>(out value);
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return TCodec.TryParse(reader.ValueSpan, out value);
            case JsonTokenType.String when !reader.ValueIsEscaped:
                return TryParseLoosely<T, TCodec>(reader.ValueSpan, out value);
            default:
                value = default;
                return false;
        }
    }
}

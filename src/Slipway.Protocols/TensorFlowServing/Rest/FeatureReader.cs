using System.Buffers.Text;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>
/// Reads the value of a feature, a scalar or a flat list. Its kind follows from how the values are written: integers, other numbers, strings (or <c>{"b64": …}</c>);
/// true and false are the integers 1 and 0. One list has one kind.
/// </summary>
internal static class FeatureReader
{
    private enum Kind
    {
        None,
        Integer,
        Float,
        Bytes,
    }

    /// <summary>Reads one feature.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for mixed kinds and values that no feature can have.</exception>
    public static ExampleFeature Read(ref JsonCursor cursor, string name)
    {
        FeatureValues values = new();
        if (cursor.TryTake((byte)'['))
        {
            bool first = true;
            while (cursor.NextElement(ref first))
            {
                ReadValue(ref cursor, name, values);
            }
        }
        else
        {
            ReadValue(ref cursor, name, values);
        }

        return values.Kind switch
        {
            Kind.Integer => ExampleFeature.Of(values.Integers),
            Kind.Float => ExampleFeature.Of(values.Floats),
            Kind.Bytes => ExampleFeature.Of(values.Strings),
            _ => default,
        };
    }

    private static void ReadValue(ref JsonCursor cursor, string name, FeatureValues values)
    {
        switch (cursor.Peek())
        {
            case (byte)'"':
                Settle(values, Kind.Bytes, cursor, name);
                values.Strings.Add(cursor.ReadString().ToArray());
                break;
            case (byte)'{':
                Settle(values, Kind.Bytes, cursor, name);
                values.Strings.Add(ReadBase64(ref cursor, name));
                break;
            case (byte)'t' or (byte)'f':
                Settle(values, Kind.Integer, cursor, name);
                values.Integers.Add(cursor.ReadBool("a value") ? 1 : 0);
                break;
            default:
                ReadNumber(ref cursor, name, values);
                break;
        }
    }

    private static void ReadNumber(ref JsonCursor cursor, string name, FeatureValues values)
    {
        int position = cursor.Position;
        if (SignedCodec<long>.TryRead(cursor.Text, ref position, out long integer))
        {
            Settle(values, Kind.Integer, cursor, name);
            values.Integers.Add(integer);
        }
        else if (SingleCodec.TryRead(cursor.Text, ref position, out float number) && !IsInteger(cursor.Text[cursor.Position..position]))
        {
            Settle(values, Kind.Float, cursor, name);
            values.Floats.Add(number);
        }
        else
        {
            throw Wrong(cursor, name, "expected a number, a string or a truth value, alone or in a flat list");
        }

        cursor.Position = position;
    }

    // What is written as an integer and fits no 64 bits is refused rather than taken as a float of another value.
    private static bool IsInteger(ReadOnlySpan<byte> number) => number.IndexOfAnyExceptInRange((byte)'-', (byte)'9') < 0 && !number.Contains((byte)'.');

    private static byte[] ReadBase64(ref JsonCursor cursor, string name)
    {
        bool first = true;
        cursor.Take((byte)'{', "an object");
        if (!cursor.NextProperty(ref first, out ReadOnlySpan<byte> key) || !key.SequenceEqual("b64"u8))
        {
            throw Wrong(cursor, name, "an object must have the one key b64");
        }

        ReadOnlySpan<byte> text = cursor.ReadString();
        byte[] bytes = new byte[text.Length];
        if (Base64.DecodeFromUtf8(text, bytes, out _, out int length) != System.Buffers.OperationStatus.Done || cursor.NextProperty(ref first, out _))
        {
            throw Wrong(cursor, name, "expected valid base64 under the one key b64");
        }

        return bytes[..length];
    }

    private static void Settle(FeatureValues values, Kind kind, scoped in JsonCursor cursor, string name)
    {
        if (values.Kind != Kind.None && values.Kind != kind)
        {
            throw Wrong(cursor, name, "values of different kinds in one list");
        }

        values.Kind = kind;
    }

    private static SlipwayException Wrong(scoped in JsonCursor cursor, string name, string problem) =>
        new(ErrorCode.InvalidRequest, $"feature '{name}': {problem} (at byte {cursor.Position})");

    private sealed class FeatureValues
    {
        public Kind Kind { get; set; }

        public List<long> Integers { get; } = [];

        public List<float> Floats { get; } = [];

        public List<ReadOnlyMemory<byte>> Strings { get; } = [];
    }
}

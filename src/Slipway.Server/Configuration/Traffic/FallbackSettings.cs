using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>fallback</c>: the name of an arm, or <c>answer</c> with outputs.</summary>
internal static class FallbackSettings
{
    private const int MaxValues = 65_536;

    /// <summary>Reads a fallback.</summary>
    public static FallbackDefinition? Read(ConfigValue value)
    {
        if (value.IsScalar)
        {
            return new FallbackDefinition { Arm = value.AsText() };
        }

        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        IReadOnlyList<StaticOutput> outputs = mapping.GetObject("answer", ReadOutputs, [])!;
        mapping.Finish();
        if (outputs.Count == 0)
        {
            value.Refuse("the name of an arm is expected, or 'answer' with outputs");
        }

        return new FallbackDefinition { Answer = outputs };
    }

    /// <summary>Outputs with their values; null, reported, when it is no mapping.</summary>
    public static IReadOnlyList<StaticOutput>? ReadOutputs(ConfigValue value) => value.AsMapping() is { } mapping
        ? [.. mapping.All().ToArray().Select(static pair => ReadOutput(pair.Key, pair.Value)).OfType<StaticOutput>()]
        : null;

    private static StaticOutput? ReadOutput(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        string typeName = mapping.GetObject("datatype", static one => one.AsText(), "")!;
        long[]? shape = mapping.GetObject("shape", static one => one.AsList()?.Select(static size => size.AsInt64(-1, MaxValues) ?? 0).ToArray(), null);
        IReadOnlyList<ConfigValue> data = mapping.GetObject("data", static one => one.IsScalar ? [one] : one.AsList(), [])!;
        mapping.Finish();
        if (!TensorDataTypes.TryParse(typeName, out TensorDataType type) || !IsWritten(type))
        {
            value.Refuse("'datatype' is expected: BOOL, INT8 to INT64, UINT8 to UINT64, FP32, FP64 or BYTES");
            return null;
        }

        // Without a shape the values are those of one row.
        shape ??= data.Count == 1 ? [-1] : [-1, data.Count];
        long expected = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            expected *= shape[i] < 0 && i == 0 ? 1 : shape[i];
        }

        if (expected != data.Count || data.Count is 0 or > MaxValues || shape.Skip(1).Any(static size => size < 0))
        {
            value.Refuse($"'data' with as many values as 'shape' says is expected (a first dimension of -1 stands for the request's rows), at most {MaxValues}");
            return null;
        }

        using MemoryStream bytes = new();
        foreach (ConfigValue one in data)
        {
            if (!one.IsScalar || Encode(type, one.Node.Text) is not { } encoded)
            {
                one.Refuse($"a value of type {typeName} is expected, not {one.Node.Description}");
                return null;
            }

            bytes.Write(encoded);
        }

        return new StaticOutput(name, type, new TensorShape(shape), bytes.ToArray());
    }

    private static bool IsWritten(TensorDataType type) => type is not (TensorDataType.Undefined or TensorDataType.Float16 or TensorDataType.BFloat16 or TensorDataType.Int4 or TensorDataType.UInt4);

    private static byte[]? Encode(TensorDataType type, string text) => type switch
    {
        TensorDataType.Bool => text is "true" or "false" ? [text == "true" ? (byte)1 : (byte)0] : null,
        TensorDataType.Int8 => Number<sbyte>(text),
        TensorDataType.UInt8 => Number<byte>(text),
        TensorDataType.Int16 => Number<short>(text),
        TensorDataType.UInt16 => Number<ushort>(text),
        TensorDataType.Int32 => Number<int>(text),
        TensorDataType.UInt32 => Number<uint>(text),
        TensorDataType.Int64 => Number<long>(text),
        TensorDataType.UInt64 => Number<ulong>(text),
        TensorDataType.Float32 => Number<float>(text),
        TensorDataType.Float64 => Number<double>(text),
        _ => [.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)],
    };

    private static byte[]? Number<T>(string text)
        where T : unmanaged, ISpanParsable<T>
    {
        if (!T.TryParse(text, CultureInfo.InvariantCulture, out T number))
        {
            return null;
        }

        return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number)).ToArray();
    }
}

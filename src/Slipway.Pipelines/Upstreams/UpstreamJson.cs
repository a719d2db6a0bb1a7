using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;
using Slipway.Pipelines.Transforms;

namespace Slipway.Pipelines.Upstreams;

/// <summary>Elements of tensors as JSON.</summary>
internal static class UpstreamJson
{
    /// <summary>Writes the elements as one list, or as lists within lists by the shape.</summary>
    public static void Write(Utf8JsonWriter writer, Tensor tensor, bool isNested)
    {
        if (tensor.DataType is TensorDataType.String or TensorDataType.Bool)
        {
            string[] texts = ElementTexts.Read(tensor);
            bool isTruth = tensor.DataType == TensorDataType.Bool;
            Lists(writer, isNested ? tensor.Shape : new TensorShape(texts.Length), place =>
            {
                if (isTruth)
                {
                    writer.WriteBooleanValue(texts[place] == "true");
                }
                else
                {
                    writer.WriteStringValue(texts[place]);
                }
            });
            return;
        }

        NumericTypes.Dispatch<NumberWriter, bool>(tensor.DataType, new NumberWriter(writer, tensor, isNested));
    }

    /// <summary>Reads lists, or one value, as a tensor of a type.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelFailed"/> when they are no such values.</exception>
    public static Tensor Read(JsonElement data, TensorSignature expected, TensorShape? shape)
    {
        List<JsonElement> values = [];
        List<long> sizes = [];
        Flatten(data, 0, sizes, values);
        TensorShape found = shape ?? new TensorShape([.. sizes]);
        if (!found.TryGetElementCount(out long count) || count != values.Count || (!expected.IsRankUnknown && !found.Fits(expected.Shape)))
        {
            throw Bad($"output '{expected.Name}' came with {values.Count} values of shape {found}, and {expected.Shape} is declared");
        }

        if (expected.DataType == TensorDataType.String)
        {
            ArrayBufferWriter<byte> packed = new();
            foreach (JsonElement value in values)
            {
                byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
                packed.Write(BitConverter.GetBytes(bytes.Length));
                packed.Write(bytes);
            }

            return new Tensor(expected.Name, expected.DataType, found, packed.WrittenMemory);
        }

        if (expected.DataType == TensorDataType.Bool)
        {
            return new Tensor(expected.Name, expected.DataType, found, values.Select(static value => value.ValueKind switch
            {
                JsonValueKind.True => (byte)1,
                JsonValueKind.False => (byte)0,
                _ => throw Bad("a value is neither true nor false"),
            }).ToArray());
        }

        return new Tensor(expected.Name, expected.DataType, found, NumericTypes.Dispatch<NumberReader, byte[]>(expected.DataType, new NumberReader(values)));
    }

    /// <summary>What came is not what was asked for.</summary>
    public static SlipwayException Bad(string message) => new(ErrorCode.ModelFailed, $"the upstream server's answer does not fit: {message}");

    private static void Flatten(JsonElement data, int depth, List<long> sizes, List<JsonElement> values)
    {
        if (data.ValueKind != JsonValueKind.Array)
        {
            values.Add(data);
            return;
        }

        if (depth == sizes.Count)
        {
            sizes.Add(data.GetArrayLength());
        }

        foreach (JsonElement item in data.EnumerateArray())
        {
            Flatten(item, depth + 1, sizes, values);
        }
    }

    private static void Lists(Utf8JsonWriter writer, TensorShape shape, Action<int> write)
    {
        int place = 0;
        Level(0);

        void Level(int depth)
        {
            if (depth == shape.Rank)
            {
                write(place++);
                return;
            }

            writer.WriteStartArray();
            for (long i = 0; i < shape[depth]; i++)
            {
                Level(depth + 1);
            }

            writer.WriteEndArray();
        }
    }

    private readonly struct NumberWriter(Utf8JsonWriter writer, Tensor tensor, bool isNested) : INumericVisitor<bool>
    {
        public bool Visit<T>()
            where T : unmanaged, INumber<T>
        {
            T[] values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span).ToArray();
            Utf8JsonWriter into = writer;
            string name = tensor.Name;
            Lists(into, isNested ? tensor.Shape : new TensorShape(values.Length), place => into.WriteRawValue(T.IsFinite(values[place])
                ? values[place].ToString(null, CultureInfo.InvariantCulture)
                : throw new SlipwayException(ErrorCode.InvalidRequest, $"'{name}' has a missing or infinite value, which JSON can't say to the upstream server")));
            return true;
        }
    }

    private readonly struct NumberReader(List<JsonElement> values) : INumericVisitor<byte[]>
    {
        public byte[] Visit<T>()
            where T : unmanaged, INumber<T>
        {
            T[] numbers = new T[values.Count];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = values[i].ValueKind == JsonValueKind.Number && T.TryParse(values[i].GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out T number)
                    ? number
                    : throw Bad("a value is no number of the type that is declared");
            }

            return MemoryMarshal.AsBytes<T>(numbers).ToArray();
        }
    }
}

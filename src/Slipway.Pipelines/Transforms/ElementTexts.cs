using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Pipelines.Running;
using Slipway.Pipelines.Tensors;

namespace Slipway.Pipelines.Transforms;

/// <summary>Elements of tensors as texts: numbers in their shortest form that reads back the same, truths as <c>true</c> and <c>false</c>.</summary>
internal static class ElementTexts
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The elements, in order.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for bytes that are no UTF-8.</exception>
    public static string[] Read(Tensor tensor)
    {
        if (tensor.DataType == TensorDataType.Bool)
        {
            return [.. tensor.Data.ToArray().Select(static value => value != 0 ? "true" : "false")];
        }

        if (tensor.DataType != TensorDataType.String)
        {
            return NumericTypes.Dispatch<Reader, string[]>(tensor.DataType, new Reader(tensor));
        }

        try
        {
            return [.. StringElements.Locate(tensor).Select(place => Strict.GetString(tensor.Data.Span.Slice(place.Start, place.Length)))];
        }
        catch (DecoderFallbackException)
        {
            throw Transform.BadValue("a text is not UTF-8");
        }
    }

    /// <summary>A tensor of texts.</summary>
    public static Tensor Make(TensorShape shape, IReadOnlyList<string> texts, RequestMemory memory)
    {
        CountedBuffer buffer = memory.Rent(texts.Sum(static text => (long)sizeof(int) + Encoding.UTF8.GetByteCount(text)));
        int at = 0;
        foreach (string text in texts)
        {
            int length = Encoding.UTF8.GetBytes(text, buffer.Span[(at + sizeof(int))..]);
            BinaryPrimitives.WriteInt32LittleEndian(buffer.Span[at..], length);
            at += sizeof(int) + length;
        }

        return buffer.ToTensor(Definitions.StepBody.Output, TensorDataType.String, shape);
    }

    private readonly struct Reader(Tensor tensor) : INumericVisitor<string[]>
    {
        public string[] Visit<T>()
            where T : unmanaged, INumber<T>
        {
            ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
            string[] texts = new string[values.Length];
            for (int i = 0; i < texts.Length; i++)
            {
                texts[i] = values[i].ToString(null, CultureInfo.InvariantCulture);
            }

            return texts;
        }
    }
}

using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.OpenInference;
using Slipway.Protocols.Protobuf;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>
/// Turns a TensorProto into a tensor. <c>tensor_content</c> counts when there is any; else the typed field does, whose last value stands for all that are
/// missing, and no value at all for zeros.
/// </summary>
/// <param name="maxExpandedBytes">Most bytes that values which are not in the message may take.</param>
internal sealed class TensorProtoReader(int maxExpandedBytes)
{
    private const int StringField = 8;

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Name of the input.</param>
    /// <param name="place">Where in the message the TensorProto lies.</param>
    /// <param name="slicer">Makes the tensors of the message.</param>
    /// <param name="message">The message.</param>
    /// <returns>The tensor, to be disposed by the caller.</returns>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.ShapeMismatch"/>, <see cref="ErrorCode.NotSupported"/>, <see cref="ErrorCode.PayloadTooLarge"/>.
    /// </exception>
    public Tensor Read(string name, Range place, ref TensorSlicer slicer, ref GrpcMessage message)
    {
        ReadOnlySpan<byte> proto = message.Memory.Span[place];
        TensorProtoHead head = TensorProtoHead.Read(name, proto);
        long elements = TensorBytes.CountElements(name, head.Shape);
        if (head.DataType == TensorDataType.String)
        {
            return Own(name, head, head.HasContent ? ReadStringContent(name, elements, proto[head.Content]) : ReadStrings(name, elements, proto));
        }

        if (!head.HasContent)
        {
            return Own(name, head, ReadValues(name, head.DataType, elements, proto));
        }

        ReadOnlySpan<byte> content = proto[head.Content];
        CheckContent(name, head.DataType, elements, content);
        int start = place.Start.Value;
        return slicer.Slice(ref message, name, head.DataType, head.Shape, (start + head.Content.Start.Value)..(start + head.Content.End.Value));
    }

    private static Tensor Own(string name, in TensorProtoHead head, TensorBuffer buffer) => new(name, head.DataType, head.Shape, buffer.Memory, buffer);

    private static void CheckContent(string name, TensorDataType type, long elements, ReadOnlySpan<byte> content)
    {
        if ((Int128)elements * type.ElementSize() != content.Length)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"input '{name}': tensor_content must have {elements} x {type.ElementSize()} bytes, has {content.Length}");
        }

        // The engine takes such a byte for a bool of C++, where anything else is undefined.
        if (type == TensorDataType.Bool && content.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{name}': a DT_BOOL is a byte of 0 or 1");
        }
    }

    private TensorBuffer ReadValues(string name, TensorDataType type, long elements, ReadOnlySpan<byte> proto)
    {
        int size = type.ElementSize();
        TensorBuffer buffer = Rent(name, elements, size, proto.Length / RepeatedValues.SmallestEncoding(type));
        try
        {
            int field = TensorFlowTypes.ValueField(type);
            RepeatedValues values = new(type, buffer.Span);
            ProtobufReader reader = new(proto);
            bool hasOthers = false;
            while (reader.ReadTag())
            {
                if (reader.Field == field)
                {
                    values.Add(ref reader, proto);
                }
                else
                {
                    hasOthers |= TensorFlowTypes.IsValueField(reader.Field);
                    reader.Skip();
                }
            }

            RefuseOthers(name, type, hasOthers && values.Count == 0 && elements > 0);
            Expand(buffer.Span, size, CheckCount(name, elements, values.Count));
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private TensorBuffer ReadStrings(string name, long elements, ReadOnlySpan<byte> proto)
    {
        long bytes = 0;
        long count = 0;
        ReadOnlySpan<byte> last = default;
        bool hasOthers = false;
        ProtobufReader reader = new(proto);
        while (reader.ReadTag())
        {
            if (reader.Field == StringField)
            {
                last = reader.ReadBytes();
                bytes += PackedStrings.PrefixLength + last.Length;
                count++;
            }
            else
            {
                hasOthers |= TensorFlowTypes.IsValueField(reader.Field);
                reader.Skip();
            }
        }

        RefuseOthers(name, TensorDataType.String, hasOthers && count == 0 && elements > 0);
        long missing = elements - CheckCount(name, elements, count);
        Int128 expanded = (Int128)missing * (PackedStrings.PrefixLength + last.Length);
        if (expanded > maxExpandedBytes)
        {
            throw TooLarge(name);
        }

        TensorBuffer buffer = Rent(name, bytes + (long)expanded, 1, int.MaxValue);
        Span<byte> target = buffer.Span;
        reader = new ProtobufReader(proto);
        while (reader.ReadTag())
        {
            if (reader.Field == StringField)
            {
                PackedStrings.Write(ref target, reader.ReadBytes());
            }
            else
            {
                reader.Skip();
            }
        }

        for (; missing > 0; missing--)
        {
            PackedStrings.Write(ref target, last);
        }

        return buffer;
    }

    // All lengths as base-128 numbers, then all bytes.
    private TensorBuffer ReadStringContent(string name, long elements, ReadOnlySpan<byte> content)
    {
        if (elements > content.Length)
        {
            throw WrongCount(name, elements);
        }

        int[] lengths = new int[elements];
        long total = 0;
        ProtobufReader reader = new(content);
        for (int i = 0; i < lengths.Length; i++)
        {
            ulong length = reader.ReadVarint();
            total += (long)Math.Min(length, int.MaxValue);
            if (total > content.Length)
            {
                throw WrongCount(name, elements);
            }

            lengths[i] = (int)length;
        }

        ReadOnlySpan<byte> bytes = content[reader.Position..];
        if (total != bytes.Length)
        {
            throw WrongCount(name, elements);
        }

        TensorBuffer buffer = Rent(name, total + (elements * PackedStrings.PrefixLength), 1, int.MaxValue);
        Span<byte> target = buffer.Span;
        foreach (int length in lengths)
        {
            PackedStrings.Write(ref target, bytes[..length]);
            bytes = bytes[length..];
        }

        return buffer;
    }

    private TensorBuffer Rent(string name, long elements, int size, int present)
    {
        Int128 bytes = (Int128)elements * size;
        long most = Math.Min(Math.Max((long)present * size, maxExpandedBytes), Array.MaxLength - TensorBufferPool.Alignment);
        return bytes <= most ? TensorBufferPool.Shared.Rent((long)bytes) : throw TooLarge(name);
    }

    private static void Expand(Span<byte> elements, int size, long count)
    {
        int filled = (int)count * size;
        if (filled == elements.Length)
        {
            return;
        }

        if (filled == 0)
        {
            elements.Clear();
            return;
        }

        // Doubling what is there: each step copies from elements that all have the last value.
        int last = filled - size;
        while (filled < elements.Length)
        {
            int step = Math.Min(filled - last, elements.Length - filled);
            elements.Slice(last, step).CopyTo(elements[filled..]);
            filled += step;
        }
    }

    // No values at all are zeros; values in the field of another dtype would be taken for no values.
    private static void RefuseOthers(string name, TensorDataType type, bool areOthers)
    {
        if (areOthers)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{name}': the dtype says {type.ToName()}, the values are in the field of another dtype");
        }
    }

    private static long CheckCount(string name, long elements, long count) => count <= elements
        ? count
        : throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{name}': the shape has {elements} elements, the tensor {count} values");

    private static SlipwayException WrongCount(string name, long elements) =>
        new(ErrorCode.ShapeMismatch, $"input '{name}': tensor_content does not hold exactly {elements} strings");

    private SlipwayException TooLarge(string name) =>
        new(ErrorCode.PayloadTooLarge, $"input '{name}': the shape asks for more than {maxExpandedBytes} bytes of values that the message does not have");
}

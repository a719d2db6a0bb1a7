using System.Buffers;
using Slipway.Core;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.Json;

/// <summary>Writes a tensor as arrays within arrays, at once or row by row in order.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="base64">Whether strings are written as <c>{"b64":"…"}</c>.</param>
internal sealed class NestedTensorWriter(Tensor tensor, bool base64)
{
    private int _offset;

    /// <summary>The tensor.</summary>
    public Tensor Tensor => tensor;

    /// <summary>Writes all of it; a scalar without brackets.</summary>
    public void WriteWhole(IBufferWriter<byte> output) => Write(output, tensor.Shape.Dimensions);

    /// <summary>Writes the next row: what the first dimension counts.</summary>
    public void WriteRow(IBufferWriter<byte> output) => Write(output, tensor.Shape.Dimensions[1..]);

    private void Write(IBufferWriter<byte> output, ReadOnlySpan<long> dimensions)
    {
        if (dimensions.IsEmpty)
        {
            WriteRun(output, 1);
            return;
        }

        output.Write("["u8);
        if (dimensions.Length == 1)
        {
            WriteRun(output, dimensions[0]);
        }
        else
        {
            for (long i = 0; i < dimensions[0]; i++)
            {
                if (i > 0)
                {
                    output.Write(","u8);
                }

                Write(output, dimensions[1..]);
            }
        }

        output.Write("]"u8);
    }

    private void WriteRun(IBufferWriter<byte> output, long count)
    {
        ReadOnlySpan<byte> rest = tensor.Data.Span[_offset..];
        if (tensor.DataType == TensorDataType.String)
        {
            WriteStrings(output, rest, count);
            return;
        }

        int length = checked((int)(count * tensor.DataType.ElementSize()));
        TensorJsonWriter.WriteElements(output, tensor.DataType, rest[..length], tensor.Name);
        _offset += length;
    }

    private void WriteStrings(IBufferWriter<byte> output, ReadOnlySpan<byte> rest, long count)
    {
        int before = rest.Length;
        for (long i = 0; i < count && PackedStrings.TryReadNext(ref rest, out ReadOnlySpan<byte> text); i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            if (base64)
            {
                TensorJsonWriter.WriteBase64(output, text);
            }
            else
            {
                TensorJsonWriter.WriteString(output, text, tensor.Name);
            }
        }

        _offset += before - rest.Length;
    }
}

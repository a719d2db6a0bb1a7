using Slipway.Core;
using Slipway.Protocols.Protobuf;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Reads InferTensorContents into a tensor's bytes.</summary>
internal static class InferContentsReader
{
    private const int LastField = 8;
    private const int BytesField = 8;

    /// <summary>Converts the values of one input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="elements">Elements of its shape.</param>
    /// <param name="contents">The encoded contents.</param>
    /// <returns>The elements, to be disposed by the caller.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for the wrong field, or another number of values.</exception>
    public static TensorBuffer Read(in InferInput input, long elements, ReadOnlySpan<byte> contents)
    {
        int field = FieldOf(input);
        RefuseOtherFields(input, field, contents);
        return field == BytesField ? ReadStrings(input, elements, contents) : ReadNumbers(input, elements, field, contents);
    }

    private static int FieldOf(in InferInput input) => input.DataType switch
    {
        TensorDataType.Bool => 1,
        TensorDataType.Int8 or TensorDataType.Int16 or TensorDataType.Int32 => 2,
        TensorDataType.Int64 => 3,
        TensorDataType.UInt8 or TensorDataType.UInt16 or TensorDataType.UInt32 => 4,
        TensorDataType.UInt64 => 5,
        TensorDataType.Float32 => 6,
        TensorDataType.Float64 => 7,
        TensorDataType.String => BytesField,
        _ => throw new SlipwayException(
            ErrorCode.InvalidRequest, $"input '{input.Name}': {input.DataType.ToName()} data has no field in contents; send it in raw_input_contents"),
    };

    private static void RefuseOtherFields(in InferInput input, int field, ReadOnlySpan<byte> contents)
    {
        ProtobufReader reader = new(contents);
        while (reader.ReadTag())
        {
            bool other = reader.Field <= LastField && reader.Field != field;
            bool empty = false;
            if (other && reader.WireType == ProtobufWireType.LengthDelimited)
            {
                empty = reader.ReadBytes().IsEmpty && reader.Field != BytesField;
            }
            else
            {
                reader.Skip();
            }

            if (other && !empty)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"input '{input.Name}': contents has values of another datatype than {input.DataType.ToName()}");
            }
        }
    }

    private static TensorBuffer ReadNumbers(in InferInput input, long elements, int field, ReadOnlySpan<byte> contents)
    {
        // No value takes less, so no memory is taken for values that can't be there.
        if (elements > contents.Length / RepeatedValues.SmallestEncoding(input.DataType))
        {
            throw WrongCount(input, elements);
        }

        TensorBuffer buffer = Rent(input, input.DataType.ByteLength(elements));
        try
        {
            RepeatedValues values = new(input.DataType, buffer.Span);
            ProtobufReader reader = new(contents);
            while (reader.ReadTag())
            {
                if (reader.Field == field)
                {
                    values.Add(ref reader, contents);
                }
                else
                {
                    reader.Skip();
                }
            }

            return values.Count == elements ? buffer : throw WrongCount(input, elements);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static TensorBuffer ReadStrings(in InferInput input, long elements, ReadOnlySpan<byte> contents)
    {
        long length = 0;
        long count = 0;
        ProtobufReader reader = new(contents);
        while (reader.ReadTag())
        {
            if (reader.Field == BytesField)
            {
                length += PackedStrings.PrefixLength + reader.ReadBytes().Length;
                count++;
            }
            else
            {
                reader.Skip();
            }
        }

        if (count != elements)
        {
            throw WrongCount(input, elements);
        }

        TensorBuffer buffer = Rent(input, length);
        Span<byte> target = buffer.Span;
        reader = new ProtobufReader(contents);
        while (reader.ReadTag())
        {
            if (reader.Field == BytesField)
            {
                PackedStrings.Write(ref target, reader.ReadBytes());
            }
            else
            {
                reader.Skip();
            }
        }

        return buffer;
    }

    private static TensorBuffer Rent(in InferInput input, long bytes) => bytes <= Array.MaxLength - TensorBufferPool.Alignment
        ? TensorBufferPool.Shared.Rent(bytes)
        : throw new SlipwayException(ErrorCode.PayloadTooLarge, $"input '{input.Name}' is larger than 2 GiB");

    private static SlipwayException WrongCount(in InferInput input, long elements) => new(
        ErrorCode.InvalidRequest, $"input '{input.Name}': expected {elements} values of {input.DataType.ToName()} in contents for shape {input.Shape}");
}

using System.Buffers.Binary;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>
/// Reads a body that is nothing but the bytes of a model's one input. The shape is the model's, a batch of one; one free dimension takes what the size says.
/// A BYTES input takes the whole body as one string.
/// </summary>
internal static class RawBodyReader
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/> when the model has several inputs or free dimensions, <see cref="ErrorCode.ShapeMismatch"/> when the size fits none.
    /// </exception>
    public static async ValueTask<InferBody> ReadAsync(RequestBody source, ServableInfo servable, long most, CancellationToken cancellationToken)
    {
        if (servable.Signature.Inputs.Count != 1)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest, $"a raw binary request needs a model with one input; '{servable.ModelName}' has {servable.Signature.Inputs.Count}");
        }

        TensorSignature input = servable.Signature.Inputs[0];
        ReadOnlyMemory<byte> bytes = await source.ReadRestAsync(most, cancellationToken);
        int prefix = input.DataType == TensorDataType.String ? sizeof(int) : 0;
        TensorShape shape = ShapeFor(servable, input, bytes.Length);
        TensorBytes.CheckTruthValues(servable.ModelName, input.Name, input.DataType, bytes.Span);
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(prefix + bytes.Length);
        if (prefix > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.Span, bytes.Length);
        }

        bytes.Span.CopyTo(buffer.Span[prefix..]);
        InferBody body = new() { BinaryByDefault = true };
        body.Inputs.Add(new InferInput(input.Name, input.DataType, shape, -1, new Tensor(input.Name, input.DataType, shape, buffer.Memory, buffer)));
        return body;
    }

    private static TensorShape ShapeFor(ServableInfo servable, TensorSignature input, int length)
    {
        Refuse(input.IsRankUnknown, servable, input);
        long[] dimensions = input.Shape.Dimensions.ToArray();
        if (servable.MaxBatchSize > 0 && dimensions.Length > 0 && dimensions[0] < 0)
        {
            dimensions[0] = 1;
        }

        if (input.DataType == TensorDataType.String)
        {
            Array.ForEach(dimensions, size => Refuse(size is not (1 or -1), servable, input));
            Array.Fill(dimensions, 1);
            return new TensorShape(dimensions);
        }

        Refuse(dimensions.Count(static size => size < 0) > 1 || input.DataType.ElementSize() == 0, servable, input);
        int free = Array.FindIndex(dimensions, static size => size < 0);
        if (free >= 0)
        {
            dimensions[free] = 1;
            long rest = TensorBytes.CountElements(input.Name, new TensorShape(dimensions)) * input.DataType.ElementSize();
            dimensions[free] = rest == 0 ? 0 : length / rest;
        }

        TensorShape shape = new(dimensions);
        TensorBytes.CheckLength(servable.ModelName, input.Name, input.DataType, TensorBytes.CountElements(input.Name, shape), length);
        return shape;
    }

    private static void Refuse(bool refused, ServableInfo servable, TensorSignature input)
    {
        if (refused)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"a raw binary request can't say the shape of input '{input.Name}' of model '{servable.ModelName}': {input.DataType.ToName()} {input.Shape}");
        }
    }
}

using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>
/// Turns a ModelInferRequest into input tensors. Raw contents are not copied: a tensor is a slice of the received message, which lives until the last of
/// its tensors is disposed. Only a slice that does not begin on a multiple of its element's size is moved, and typed contents are converted.
/// </summary>
internal static class InferRequestReader
{
    /// <summary>Reads the fields of a message.</summary>
    /// <param name="message">Replaced when its parts had to be put in order.</param>
    /// <param name="id">The request's id as soon as it is known.</param>
    public static InferRequestMessage ReadFields(ref GrpcMessage message, ref string id)
    {
        InferRequestMessage fields = InferRequestMessage.Read(message.Memory.Span, ref id);
        if (!fields.HasScatteredContents)
        {
            return fields;
        }

        byte[] ordered = GrpcCall.Parse(ModelInferRequest.Parser, message).ToByteArray();
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(ordered.Length);
        ordered.CopyTo(buffer.Span);
        message.Dispose();
        message = new GrpcMessage(buffer, 0, ordered.Length);
        return InferRequestMessage.Read(message.Memory.Span, ref id);
    }

    /// <summary>Makes the input tensors.</summary>
    /// <param name="fields">The fields of the message.</param>
    /// <param name="message">Gives up its memory when a tensor needs it.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when data is missing, of the wrong size or of the wrong kind.</exception>
    public static Tensor[] ReadTensors(InferRequestMessage fields, ref GrpcMessage message)
    {
        ReadOnlySpan<InferInput> inputs = fields.Inputs;
        RefuseDuplicates(inputs);
        bool raw = fields.Raw.Length > 0;
        if (raw && fields.Raw.Length < inputs.Length)
        {
            throw Invalid($"expected {inputs.Length} entries in raw_input_contents, one for each input, got {fields.Raw.Length}");
        }

        ReadOnlyMemory<byte> data = message.Memory;
        Tensor[] tensors = new Tensor[inputs.Length];
        SharedOwner? owner = null;
        int made = 0;
        try
        {
            for (; made < inputs.Length; made++)
            {
                ref readonly InferInput input = ref inputs[made];
                tensors[made] = raw
                    ? FromRaw(fields.ModelName, input, fields.Raw[made], inputs.Length == 1, ref owner, ref message)
                    : FromContents(fields.ModelName, input, data.Span);
            }

            return tensors;
        }
        catch
        {
            foreach (Tensor tensor in tensors.AsSpan(0, made))
            {
                tensor.Dispose();
            }

            throw;
        }
        finally
        {
            // The lease that the loop worked with; the tensors hold their own.
            owner?.Dispose();
        }
    }

    private static Tensor FromRaw(
        string model, in InferInput input, Range place, bool alone, ref SharedOwner? owner, ref GrpcMessage message)
    {
        ReadOnlyMemory<byte> raw = message.Memory[place];
        if (input.HasContents)
        {
            throw Invalid($"contents field must not be specified when using raw_input_contents for '{input.Name}' for model '{model}'");
        }

        CheckRaw(model, input, raw.Span);
        if (!IsAligned(message.Start + place.Start.Value, input.DataType))
        {
            TensorBuffer moved = TensorBufferPool.Shared.Rent(raw.Length);
            raw.Span.CopyTo(moved.Span);
            return new Tensor(input.Name, input.DataType, input.Shape, moved.Memory, moved);
        }

        if (alone)
        {
            return new Tensor(input.Name, input.DataType, input.Shape, raw, message.TakeOwner());
        }

        owner ??= new SharedOwner(message.TakeOwner());
        return new Tensor(input.Name, input.DataType, input.Shape, raw, owner.Acquire());
    }

    private static void CheckRaw(string model, in InferInput input, ReadOnlySpan<byte> raw)
    {
        long elements = CountElements(input);
        if (input.DataType == TensorDataType.String)
        {
            if (!PackedStrings.TryCount(raw, out long found))
            {
                throw Invalid($"input '{input.Name}' for model '{model}': BYTES data does not end with its last element");
            }

            if (found != elements)
            {
                throw Invalid($"input '{input.Name}' for model '{model}': expected {elements} elements for shape {input.Shape}, got {found}");
            }

            return;
        }

        // 64 bits hold the length of any tensor that could have arrived.
        Int128 expected = input.DataType.ElementSize() is > 0 and var size ? (Int128)elements * size : (elements >> 1) + (elements & 1);
        if (expected != raw.Length)
        {
            throw Invalid($"input byte size mismatch for input '{input.Name}' for model '{model}'. Expected {expected}, got {raw.Length}");
        }

        if (input.DataType == TensorDataType.Bool && raw.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw Invalid($"input '{input.Name}' for model '{model}': a BOOL is a byte of 0 or 1");
        }
    }

    private static Tensor FromContents(string model, in InferInput input, ReadOnlySpan<byte> message)
    {
        if (!input.HasContents)
        {
            throw Invalid($"unable to find data for input tensor '{input.Name}' for model '{model}'");
        }

        long elements = CountElements(input);
        TensorBuffer buffer = InferContentsReader.Read(input, elements, message[input.Contents]);
        return new Tensor(input.Name, input.DataType, input.Shape, buffer.Memory, buffer);
    }

    private static long CountElements(in InferInput input) => input.Shape.TryGetElementCount(out long elements)
        ? elements
        : throw Invalid($"input '{input.Name}': shape {input.Shape} is not possible: dimensions are 0 or more and their product fits 63 bits");

    private static bool IsAligned(int position, TensorDataType type) => (position & (Math.Max(1, type.ElementSize()) - 1)) == 0;

    private static void RefuseDuplicates(ReadOnlySpan<InferInput> inputs)
    {
        if (inputs.Length == 1)
        {
            return;
        }

        HashSet<string> names = new(inputs.Length, StringComparer.Ordinal);
        foreach (ref readonly InferInput input in inputs)
        {
            if (!names.Add(input.Name))
            {
                throw Invalid($"input '{input.Name}' is given more than once");
            }
        }
    }

    private static SlipwayException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}

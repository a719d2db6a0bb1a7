using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Inference;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>
/// Turns a ModelInferRequest into input tensors. Raw contents become slices of the received message (<see cref="TensorSlicer"/>), typed contents are converted.
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
        TensorSlicer slicer = default;
        int made = 0;
        try
        {
            for (; made < inputs.Length; made++)
            {
                ref readonly InferInput input = ref inputs[made];
                tensors[made] = raw
                    ? FromRaw(fields.ModelName, input, fields.Raw[made], ref slicer, ref message)
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
            slicer.Dispose();
        }
    }

    private static Tensor FromRaw(
        string model, in InferInput input, Range place, ref TensorSlicer slicer, ref GrpcMessage message)
    {
        if (input.HasContents)
        {
            throw Invalid($"contents field must not be specified when using raw_input_contents for '{input.Name}' for model '{model}'");
        }

        ReadOnlySpan<byte> raw = message.Memory.Span[place];
        TensorBytes.Check(model, input.Name, input.DataType, input.Shape, raw);
        return slicer.Slice(ref message, input.Name, input.DataType, input.Shape, place);
    }

    private static Tensor FromContents(string model, in InferInput input, ReadOnlySpan<byte> message)
    {
        if (!input.HasContents)
        {
            throw Invalid($"unable to find data for input tensor '{input.Name}' for model '{model}'");
        }

        long elements = TensorBytes.CountElements(input.Name, input.Shape);
        TensorBuffer buffer = InferContentsReader.Read(input, elements, message[input.Contents]);
        return new Tensor(input.Name, input.DataType, input.Shape, buffer.Memory, buffer);
    }

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

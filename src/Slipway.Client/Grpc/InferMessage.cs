using Slipway.Client.Inference;

namespace Slipway.Client.Grpc;

/// <summary><c>inference.ModelInferRequest</c> and <c>ModelInferResponse</c>; field numbers are those of the protocol.</summary>
public static class InferMessage
{
    /// <summary>Encodes a request, tensors as raw contents.</summary>
    public static byte[] Write(InferCall call)
    {
        WireWriter message = new();
        message.String(1, call.Model);
        message.String(2, call.Version);
        message.String(3, call.Id);
        foreach (ClientTensor input in call.Inputs)
        {
            WireWriter tensor = new();
            tensor.String(1, input.Name);
            tensor.String(2, input.Datatype);
            tensor.Packed(3, input.Shape);
            message.Bytes(5, tensor.Written);
        }

        foreach (string output in call.Outputs)
        {
            WireWriter wanted = new();
            wanted.String(1, output);
            message.Bytes(6, wanted.Written);
        }

        foreach (ClientTensor input in call.Inputs)
        {
            message.Bytes(7, input.Data.Span);
        }

        return message.Written.ToArray();
    }

    /// <summary>Decodes an answer whose tensors are raw contents, as Triton's and Slipway's are.</summary>
    /// <exception cref="InvalidDataException">The message is damaged, or an output has no raw contents.</exception>
    public static InferResult Read(ReadOnlySpan<byte> bytes)
    {
        string model = "", version = "";
        List<ClientTensor> outputs = [];
        List<byte[]> contents = [];
        WireReader message = new(bytes);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: model = message.Text; break;
                case 2: version = message.Text; break;
                case 5: outputs.Add(ReadTensor(message.Bytes)); break;
                case 6: contents.Add(message.Bytes.ToArray()); break;
                default: break;
            }
        }

        return contents.Count == outputs.Count
            ? new InferResult(model, version, [.. outputs.Zip(contents, (output, content) => output with { Data = content })])
            : throw new InvalidDataException($"the answer has {outputs.Count} outputs and {contents.Count} contents");
    }

    private static ClientTensor ReadTensor(ReadOnlySpan<byte> bytes)
    {
        string name = "", datatype = "";
        List<long> shape = [];
        WireReader tensor = new(bytes);
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1: name = tensor.Text; break;
                case 2: datatype = tensor.Text; break;
                case 3 when tensor.Bytes.IsEmpty: shape.Add(unchecked((long)tensor.Number)); break;
                case 3: shape.AddRange(tensor.Packed()); break;
                default: break;
            }
        }

        return new ClientTensor(name, datatype, shape, default);
    }
}

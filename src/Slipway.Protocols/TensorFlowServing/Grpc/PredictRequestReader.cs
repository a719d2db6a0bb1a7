using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Reads a PredictRequest without message objects: tensors are slices of the message where they can be.</summary>
internal sealed class PredictRequestReader(TensorProtoReader tensors)
{
    private const int MaxTensors = 4096;

    /// <summary>Reads a request, which the caller disposes. The message's memory then belongs to it or is released, in failure too.</summary>
    /// <param name="message">The message.</param>
    /// <param name="call">The call that it came with; null: none.</param>
    /// <param name="target">Whom the request asks: told as soon as it is known, even if what follows is wrong.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> and what <see cref="TensorProtoReader"/> says.</exception>
    public InferenceRequest Read(ref GrpcMessage message, GrpcCall? call, ref ModelTarget target)
    {
        try
        {
            target = ReadFields(message.Memory.Span, out List<(string Name, Range Tensor)> inputs, out List<string> outputs);
            target.RequireName();
            return new InferenceRequest
            {
                ModelName = target.Name,
                Version = target.Version,
                SignatureName = ServingSignature.Resolve(target.Signature),
                Inputs = ReadInputs(inputs, ref message),
                RequestedOutputs = outputs,
                Deadline = call?.Deadline,
                Caller = call?.Caller,
                Attributes = call?.Attributes,
            };
        }
        finally
        {
            message.Dispose();
        }
    }

    private static ModelTarget ReadFields(ReadOnlySpan<byte> data, out List<(string Name, Range Tensor)> inputs, out List<string> outputs)
    {
        ModelTarget target = ModelTarget.None;
        inputs = new List<(string Name, Range Tensor)>(2);
        outputs = [];
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    target = target.Merge(reader.ReadBytes());
                    break;
                case 2:
                    Range entry = reader.ReadRange();
                    AddInput(inputs, data[entry], entry.Start.Value);
                    break;
                case 3:
                    AddOutput(outputs, Utf8NameCache.Shared.Get(reader.ReadBytes()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return target;
    }

    private static void AddInput(List<(string Name, Range Tensor)> inputs, ReadOnlySpan<byte> entry, int start)
    {
        string name = "";
        Range tensor = default;
        ProtobufReader reader = new(entry);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    name = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 2:
                    Range value = reader.ReadRange();
                    tensor = (start + value.Start.Value)..(start + value.End.Value);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // Of two entries of a map with one key the last counts.
        int known = inputs.FindIndex(input => input.Name == name);
        if (known >= 0)
        {
            inputs[known] = (name, tensor);
            return;
        }

        if (inputs.Count == MaxTensors)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a request has at most {MaxTensors} inputs");
        }

        inputs.Add((name, tensor));
    }

    private static void AddOutput(List<string> outputs, string output)
    {
        if (outputs.Contains(output))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"duplicate output tensor alias in output_filter: {output}");
        }

        if (outputs.Count == MaxTensors)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a request has at most {MaxTensors} outputs");
        }

        outputs.Add(output);
    }

    private Tensor[] ReadInputs(List<(string Name, Range Tensor)> inputs, ref GrpcMessage message)
    {
        Tensor[] read = new Tensor[inputs.Count];
        TensorSlicer slicer = default;
        int done = 0;
        try
        {
            for (; done < read.Length; done++)
            {
                read[done] = tensors.Read(inputs[done].Name, inputs[done].Tensor, ref slicer, ref message);
            }

            return read;
        }
        catch
        {
            foreach (Tensor tensor in read.AsSpan(0, done))
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
}

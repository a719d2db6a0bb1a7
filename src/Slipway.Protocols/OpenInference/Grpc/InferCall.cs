using Slipway.Core;
using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>One request for a prediction as it came over gRPC. Owns the request.</summary>
internal sealed class InferCall : IDisposable
{
    private readonly IReadOnlyList<OutputClassification> _classifications;

    private InferCall(InferenceRequest request, IReadOnlyList<OutputClassification> classifications)
    {
        Request = request;
        _classifications = classifications;
    }

    /// <summary>The request.</summary>
    public InferenceRequest Request { get; }

    /// <summary>Reads a message, whose memory then belongs to the request or is released, in failure too.</summary>
    /// <param name="message">The message.</param>
    /// <param name="call">The call that it came in.</param>
    /// <param name="address">Told as soon as it is known, even if what follows is wrong.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.NotSupported"/>.</exception>
    public static InferCall Read(ref GrpcMessage message, GrpcCall call, ref InferAddress address)
    {
        try
        {
            InferRequestMessage fields = InferRequestReader.ReadFields(ref message, ref address.Id);
            address.Model = fields.ModelName;
            address.Version = VersionSelector.Parse(fields.ModelVersion);
            RefuseDuplicates(fields.Outputs);
            if (fields.ModelName.Length == 0)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, "the request names no model");
            }

            InferenceRequest request = new()
            {
                ModelName = address.Model,
                Version = address.Version,
                Id = fields.Id,
                Inputs = InferRequestReader.ReadTensors(fields, ref message),
                RequestedOutputs = fields.Outputs,
                Parameters = fields.Parameters.Custom,
                Priority = fields.Parameters.Priority,
                QueueTimeout = fields.Parameters.QueueTimeout,
                SignatureName = fields.Parameters.SignatureName,
                Deadline = call.Deadline,
                Caller = call.Caller,
                Attributes = call.Attributes,
            };
            return new InferCall(request, fields.Classifications);
        }
        finally
        {
            message.Dispose();
        }
    }

    /// <summary>The outputs of the answer, those that were to be classified replaced by tensors that nobody has to dispose.</summary>
    public IReadOnlyList<Tensor> Classify(InferenceResponse response)
    {
        if (_classifications.Count == 0)
        {
            return response.Outputs;
        }

        Tensor[] outputs = [.. response.Outputs];
        foreach (OutputClassification wish in _classifications)
        {
            int index = Array.FindIndex(outputs, output => output.Name == wish.Output);
            if (index >= 0)
            {
                outputs[index] = Classification.Classify(outputs[index], wish.Classes, response.Servable);
            }
        }

        return outputs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Request.Dispose();
    }

    private static void RefuseDuplicates(IReadOnlyList<string> outputs)
    {
        if (outputs.Count < 2)
        {
            return;
        }

        HashSet<string> names = new(outputs.Count, StringComparer.Ordinal);
        for (int i = 0; i < outputs.Count; i++)
        {
            if (!names.Add(outputs[i]))
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"output '{outputs[i]}' is asked for more than once");
            }
        }
    }
}

using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Asks a model. Its inputs are the very tensors of the steps before, under other names: nothing is copied.</summary>
internal sealed class ModelAction(string model, VersionSelector version, string signature, IReadOnlyList<string> inputNames) : StepAction
{
    private readonly string[] _outputNames = [];

    /// <summary>Names of the outputs asked for.</summary>
    public required IReadOnlyList<string> OutputNames
    {
        get => _outputNames;
        init => _outputNames = [.. value];
    }

    /// <inheritdoc/>
    public override async ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        InferenceRequest request = MakeRequest(call);
        InferenceResponse response = await call.Pipeline.Services.Inference.InferAsync(request, cancellationToken);
        long bytes = 0;
        try
        {
            Check(response);
            foreach (Tensor output in response.Outputs)
            {
                bytes += output.Data.Length;
            }

            call.Pipeline.Memory.Charge(bytes);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        return new StepResult(response.Outputs, new CountedResponse(response, call.Pipeline.Memory, bytes));
    }

    private InferenceRequest MakeRequest(StepCall call)
    {
        Tensor[] inputs = new Tensor[inputNames.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor given = call.Inputs[i];
            inputs[i] = given.Name == inputNames[i] ? given : new Tensor(inputNames[i], given.DataType, given.Shape, given.Data);
        }

        InferenceRequest outer = call.Pipeline.Request;
        return new InferenceRequest
        {
            ModelName = model,
            Version = version,
            SignatureName = signature,
            Id = outer.Id,
            Inputs = inputs,
            RequestedOutputs = _outputNames,
            Parameters = outer.Parameters,
            Priority = outer.Priority,
            QueueTimeout = outer.QueueTimeout,
            Deadline = call.Deadline,
            Caller = outer.Caller,
            EntityKey = outer.EntityKey,
            Attributes = call.Pipeline.Attributes,
        };
    }

    // The version may have changed since the pipeline was checked: what does not fit goes no further.
    private void Check(InferenceResponse response)
    {
        for (int i = 0; i < Outputs.Count; i++)
        {
            TensorSignature expected = Outputs[i];
            if (i >= response.Outputs.Count || response.Outputs[i] is not { } given || given.Name != _outputNames[i] || given.DataType != expected.DataType
                || (!expected.IsRankUnknown && !given.Shape.Fits(expected.Shape)))
            {
                throw new SlipwayException(
                    ErrorCode.ModelNotReady,
                    $"model '{model}' version {response.Servable.Version} did not give output '{_outputNames[i]}' as {expected.DataType.ToName()}{expected.Shape}, as the version that the pipeline was checked with does");
            }
        }
    }

    private sealed class CountedResponse(InferenceResponse response, RequestMemory memory, long bytes) : IDisposable
    {
        private int _isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGone, 1) == 0)
            {
                response.Dispose();
                memory.Release(bytes);
            }
        }
    }
}

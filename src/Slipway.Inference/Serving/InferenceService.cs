using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Serving;

/// <summary>Answers requests: finds the version, holds it while it runs, gives it back. Thread-safe.</summary>
internal sealed class InferenceService(ServableLookup lookup, Admission admission, TimeProvider time) : IInferenceService
{
    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        if (admission.IsOpen && lookup.TryLease(request.ModelName, request.Version, started) is { } servable)
        {
            return RunAsync(servable, request, started, cancellationToken);
        }

        return LoadAndRunAsync(request, started, cancellationToken);
    }

    private static ValueTask<InferenceResponse> RunAsync(Servable servable, InferenceRequest request, long started, CancellationToken cancellationToken)
    {
        if (servable.Find(request.SignatureName) is not { } signature)
        {
            servable.Release();
            return ValueTask.FromException<InferenceResponse>(
                new SlipwayException(ErrorCode.FailedPrecondition, $"Serving signature key \"{request.SignatureName}\" not found."));
        }

        ValueTask<InferenceResponse> answer = servable.Cache is { } cache
            ? cache.GetOrRunAsync(signature.Info, request, started, signature.Executor.InferAsync, cancellationToken)
            : signature.Executor.InferAsync(request, started, cancellationToken);
        if (!answer.IsCompleted)
        {
            return ReleaseAfterAsync(servable, answer);
        }

        servable.Release();
        return answer;
    }

    private static async ValueTask<InferenceResponse> ReleaseAfterAsync(Servable servable, ValueTask<InferenceResponse> answer)
    {
        try
        {
            return await answer;
        }
        finally
        {
            servable.Release();
        }
    }

    private async ValueTask<InferenceResponse> LoadAndRunAsync(InferenceRequest request, long started, CancellationToken cancellationToken)
    {
        admission.ThrowIfClosed();
        Servable servable;
        try
        {
            servable = await lookup.LeaseAsync(request.ModelName, request.Version, request.Deadline, cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            throw new SlipwayException(ErrorCode.Cancelled, $"the request to model '{request.ModelName}' was cancelled", exception);
        }

        return await RunAsync(servable, request, started, cancellationToken);
    }
}

using Slipway.Core;
using Slipway.Security.Identity;

namespace Slipway.Security.Limits;

/// <summary>Admits requests within the limits of their callers, and tells them how they stand.</summary>
internal sealed class LimitedInferenceService(IInferenceService inner, RateLimiter limiter, RowCounter rows) : IInferenceService
{
    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        RequestAccess? access = RequestAccess.Current;
        if (access is not null)
        {
            Admit(request, access);
        }

        return inner.InferAsync(request, cancellationToken);
    }

    private void Admit(InferenceRequest request, RequestAccess access)
    {
        long bytes = 0;
        for (int i = 0; i < request.Inputs.Count; i++)
        {
            bytes += request.Inputs[i].Data.Length;
        }

        RequestCost cost = new(limiter.CountsRows ? rows.Count(request) : 0, bytes);
        LimitStatus? status = limiter.Take(access.Caller.Name, request.ModelName, cost);
        if (status is { } told && access.TakeHeaders())
        {
            told.WriteTo(access.Http.Response.Headers);
        }
    }
}

using Slipway.Core;

namespace Slipway.Security.Authorization;

/// <summary>The outermost layer of the waist: predictions only of models that the caller may ask.</summary>
internal sealed class GuardedInferenceService(IInferenceService inner, ModelAccess access) : IInferenceService
{
    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        ValueTask check = access.RequireAsync(Permission.Infer, request.ModelName);
        return check.IsCompletedSuccessfully ? inner.InferAsync(request, cancellationToken) : AfterAsync(check, request, cancellationToken);
    }

    private async ValueTask<InferenceResponse> AfterAsync(ValueTask check, InferenceRequest request, CancellationToken cancellationToken)
    {
        await check;
        return await inner.InferAsync(request, cancellationToken);
    }
}

using Slipway.Core;
using Slipway.Trust.Keys;
using Slipway.Trust.Receipts;

namespace Slipway.Server.Trust;

/// <summary>Signs a receipt of the answer when its caller asked for one; else it hands the request on and does nothing.</summary>
internal sealed class ReceiptService(IInferenceService inner, SigningKey key, TimeProvider time) : IInferenceService
{
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        ReceiptScope.Current is { Receipt: null } scope ? InferAsync(request, scope, cancellationToken) : inner.InferAsync(request, cancellationToken);

    private async ValueTask<InferenceResponse> InferAsync(InferenceRequest request, ReceiptScope scope, CancellationToken cancellationToken)
    {
        InferenceResponse response = await inner.InferAsync(request, cancellationToken);
        scope.Receipt = Receipt.Of(request, response, time.GetUtcNow()).Sign(key);
        return response;
    }
}

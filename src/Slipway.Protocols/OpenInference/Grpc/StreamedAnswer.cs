using Slipway.Core;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>How one request of a stream went. Owns the request and the answer.</summary>
internal sealed class StreamedAnswer : IDisposable
{
    /// <summary>The caller's id of the request; empty for none.</summary>
    public required string Id { get; init; }

    /// <summary>The request; null when it could not be read.</summary>
    public InferCall? Call { get; init; }

    /// <summary>The answer; null when there is a failure.</summary>
    public InferenceResponse? Response { get; init; }

    /// <summary>Why there is no answer.</summary>
    public Exception? Failure { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Response?.Dispose();
        Call?.Dispose();
    }
}

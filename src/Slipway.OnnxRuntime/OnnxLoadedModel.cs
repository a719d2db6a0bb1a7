using Slipway.Core;
using Slipway.OnnxRuntime.Sessions;

namespace Slipway.OnnxRuntime;

/// <summary>
/// A model in ONNX Runtime's memory. Runs on the calling thread, several at once. Inputs are read in place, outputs are handed out without a copy.
/// </summary>
public sealed class OnnxLoadedModel : ILoadedModel
{
    private readonly OpenedSession _session;
    private readonly SessionRunner _runner;

    internal OnnxLoadedModel(OpenedSession session, long memoryBytes)
    {
        _session = session;
        _runner = new SessionRunner(session);
        Signature = SignatureBuilder.Build(session.Inputs, session.Outputs, session.Metadata);
        MemoryBytes = memoryBytes;
    }

    /// <inheritdoc/>
    public ModelSignature Signature { get; }

    /// <inheritdoc/>
    public long MemoryBytes { get; }

    /// <inheritdoc/>
    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_session.Handle.IsClosed, this);
        return _runner.Run(inputs, outputs, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}

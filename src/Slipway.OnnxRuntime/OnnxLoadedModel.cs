using Slipway.Core;
using Slipway.OnnxRuntime.Sessions;

namespace Slipway.OnnxRuntime;

/// <summary>
/// A model in ONNX Runtime's memory. Runs on the calling thread, several at once, or one after the other while it is profiled. Inputs are read in place, outputs are handed out without a copy.
/// </summary>
public sealed class OnnxLoadedModel : ILoadedModel
{
    private readonly IDisposable _lease;
    private readonly SessionRunner _runner;

    // A profile takes one run after the other: the engine's profiler can't tell apart runs that overlap, and fails them.
    private readonly Lock? _turn;
    private bool _disposed;

    /// <summary>Makes a model of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="memoryBytes">What it took to load.</param>
    /// <param name="lease">Disposed with the model; releases the session if nobody else uses it.</param>
    internal OnnxLoadedModel(OpenedSession session, long memoryBytes, IDisposable lease)
    {
        _lease = lease;
        _runner = new SessionRunner(session);
        _turn = session.IsProfiled ? new Lock() : null;
        Signature = SignatureBuilder.Build(session);
        MemoryBytes = memoryBytes;
    }

    /// <inheritdoc/>
    public ModelSignature Signature { get; }

    /// <summary>
    /// Native memory that making the session took: weights, their rearranged forms, the graph. What runs need on top, and keep in an arena for the next
    /// run, is not part of it. Models that share a session each report all of it.
    /// </summary>
    public long MemoryBytes { get; }

    /// <inheritdoc/>
    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _turn is null ? _runner.Run(inputs, outputs, cancellationToken) : RunAlone(_turn, inputs, outputs, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _lease.Dispose();
    }

    private Tensor[] RunAlone(Lock turn, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        lock (turn)
        {
            return _runner.Run(inputs, outputs, cancellationToken);
        }
    }
}

using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>
/// A model whose answers are a function of the test's. Counts runs, and remembers whether it was disposed while one was going on.
/// </summary>
public sealed class FakeModel(FakeModelDefinition definition, string token) : ILoadedModel
{
    private int _running;
    private int _runs;

    public ModelSignature Signature => definition.Signature;

    public long MemoryBytes => definition.MemoryBytes;

    /// <summary>What its artifact's change token was.</summary>
    public string Token => token;

    public int Runs => Volatile.Read(ref _runs);

    public int Running => Volatile.Read(ref _running);

    public bool IsDisposed { get; private set; }

    /// <summary>A run and a disposal have met, or a run came after: what must never be.</summary>
    public bool WasMisused { get; private set; }

    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        WasMisused |= IsDisposed;
        Interlocked.Increment(ref _running);
        try
        {
            Interlocked.Increment(ref _runs);
            return definition.Run(this, inputs.ToArray(), outputs.ToArray(), cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            WasMisused |= IsDisposed;
        }
    }

    public void Dispose()
    {
        WasMisused |= Running > 0 || IsDisposed;
        IsDisposed = true;
    }
}

using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Holds runs of a fake model until it is opened.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(false);
    private int _held;

    /// <summary>Runs that have come to the gate so far.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The model behind the gate; runs before <see cref="Close"/> pass.</summary>
    public FakeModelDefinition Guard(FakeModelDefinition model) => model.Before((_, _, _) =>
    {
        if (IsClosed)
        {
            Interlocked.Increment(ref _held);
            _open.Wait(InferenceFixture.Token);
        }
    });

    public bool IsClosed { get; private set; }

    public void Close()
    {
        IsClosed = true;
        _open.Reset();
    }

    public void Open()
    {
        IsClosed = false;
        _open.Set();
    }

    public void Dispose() => _open.Dispose();
}

namespace Slipway.Inference.Repository;

/// <summary>Wakes everybody who holds <see cref="Task"/>; after that there is a new one. Thread-safe.</summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _source = New();

    /// <summary>Completes with the next <see cref="Set"/>.</summary>
    public Task Task => Volatile.Read(ref _source).Task;

    /// <summary>Wakes.</summary>
    public void Set() => Interlocked.Exchange(ref _source, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

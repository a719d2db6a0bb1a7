namespace Slipway.Core;

/// <summary>
/// Counts the users of one piece of memory: each lease is disposed by its holder, and the memory is released with the last.
/// Starts with one lease, held by the creator. Thread-safe.
/// </summary>
public sealed class SharedOwner : IDisposable
{
    private readonly IDisposable _owner;
    private int _leases = 1;

    /// <summary>Takes over <paramref name="owner"/>.</summary>
    public SharedOwner(IDisposable owner)
    {
        _owner = owner;
    }

    /// <summary>Takes one more lease, to be given back with <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory is released already.</exception>
    public SharedOwner Acquire()
    {
        int leases;
        do
        {
            leases = Volatile.Read(ref _leases);
            ObjectDisposedException.ThrowIf(leases <= 0, this);
        }
        while (Interlocked.CompareExchange(ref _leases, leases + 1, leases) != leases);

        return this;
    }

    /// <summary>Gives one lease back.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _leases) == 0)
        {
            _owner.Dispose();
        }
    }
}

using System.Globalization;

namespace Slipway.Security.Keys;

/// <summary>Keys of a server without a data folder: gone when it stops.</summary>
public sealed class MemoryApiKeyStore : IApiKeyStore
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<ApiKeyRecord> _keys = [];
    private int _changes;

    /// <inheritdoc/>
    public string Stamp => Volatile.Read(ref _changes).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public IReadOnlyList<ApiKeyRecord> Read() => _keys;

    /// <inheritdoc/>
    public void Update(Func<IReadOnlyList<ApiKeyRecord>, IReadOnlyList<ApiKeyRecord>> change)
    {
        lock (_gate)
        {
            _keys = change(_keys);
            Interlocked.Increment(ref _changes);
        }
    }
}

using Slipway.Core;

namespace Slipway.Security.Keys;

/// <summary>Keeps API keys. Thread-safe; several processes may share one.</summary>
public interface IApiKeyStore
{
    /// <summary>Changes whenever the keys have changed, in this process or in another. Cheap: it is asked every second or so.</summary>
    string Stamp { get; }

    /// <summary>All keys, revoked ones included.</summary>
    /// <exception cref="SlipwayException">The store can't be read or is damaged; nobody gets in with a key then.</exception>
    IReadOnlyList<ApiKeyRecord> Read();

    /// <summary>Replaces the keys by what <paramref name="change"/> makes of them, durably and in one step: nobody else's change comes in between.</summary>
    /// <exception cref="SlipwayException">The store can't be changed; it is then as before.</exception>
    void Update(Func<IReadOnlyList<ApiKeyRecord>, IReadOnlyList<ApiKeyRecord>> change);
}

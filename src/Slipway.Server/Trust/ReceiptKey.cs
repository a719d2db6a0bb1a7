using Slipway.Trust.Keys;

namespace Slipway.Server.Trust;

/// <summary>The key that receipts are signed with.</summary>
/// <param name="key">The key; disposed with this.</param>
internal sealed class ReceiptKey(SigningKey key) : IDisposable
{
    /// <summary>The key.</summary>
    public SigningKey Key { get; } = key;

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}

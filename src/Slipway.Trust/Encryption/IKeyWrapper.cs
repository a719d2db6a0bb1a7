using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>Wraps data keys with a key that is kept elsewhere: an RSA key, a key management service. Thread-safe.</summary>
public interface IKeyWrapper
{
    /// <summary>Name of the key that new data keys are wrapped with; kept with each of them.</summary>
    string KeyId { get; }

    /// <summary>Wraps a data key of 32 bytes with the present key.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>: the key or its service can't be used.</exception>
    ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken);

    /// <summary>Unwraps a data key.</summary>
    /// <param name="keyId">Name of the key that it was wrapped with.</param>
    /// <param name="wrapped">The wrapped key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>: there is no such key here, or it is the wrong one.</exception>
    ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken);
}

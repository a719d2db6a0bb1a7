using Slipway.Core;

namespace Slipway.Security.Tokens;

/// <summary>Where the keys of an identity provider come from. Thread-safe.</summary>
internal interface ISigningKeySource : IDisposable
{
    /// <summary>The keys that count now; null before they were first read.</summary>
    SigningKeySet? Current { get; }

    /// <summary>The keys.</summary>
    /// <param name="seekNew">Whether a token was signed by a key that is not among the current ones: they are read again, unless that was just done.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="SlipwayException">They can't be had now.</exception>
    ValueTask<SigningKeySet> GetAsync(bool seekNew, CancellationToken cancellationToken);
}

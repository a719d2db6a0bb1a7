using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Security.Tokens;

/// <summary>
/// Keeps a provider's keys: read again every hour, and early when a token was signed by an unknown one, but then no more than twice a minute, so that forged tokens make no
/// load for the provider. While the provider is away the keys stay good for a day.
/// </summary>
internal sealed partial class CachedKeySource(Func<CancellationToken, Task<SigningKeySet>> read, TimeProvider time, ILogger logger) : ISigningKeySource
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Usable = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile State? _state;
    private long? _tried;

    /// <inheritdoc/>
    public SigningKeySet? Current => _state?.Keys;

    /// <inheritdoc/>
    public ValueTask<SigningKeySet> GetAsync(bool seekNew, CancellationToken cancellationToken) =>
        _state is { } state && !seekNew && time.GetElapsedTime(state.Read) < Fresh ? new(state.Keys) : ReadAsync(seekNew, _state, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<SigningKeySet> ReadAsync(bool seekNew, State? seen, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Somebody else may have read them while this one waited.
            if (_state is { } state && (state != seen || (!seekNew && time.GetElapsedTime(state.Read) < Fresh)))
            {
                return state.Keys;
            }

            return IsPausing ? Kept() : await TryAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsPausing => _tried is { } tried && time.GetElapsedTime(tried) < Pause;

    private async Task<SigningKeySet> TryAsync(CancellationToken cancellationToken)
    {
        _tried = time.GetTimestamp();
        try
        {
            _state = new State(await read(cancellationToken), time.GetTimestamp());
        }
        catch (SlipwayException fault)
        {
            LogUnreachable(logger, fault);
        }

        return Kept();
    }

    private SigningKeySet Kept() => _state is { } state && time.GetElapsedTime(state.Read) < Usable
        ? state.Keys
        : throw new SlipwayException(ErrorCode.ModelNotReady, "the signing keys of the identity provider can't be had at the moment") { RetryAfter = Pause };

    [LoggerMessage(9110, LogLevel.Warning, "The signing keys of an identity provider could not be read; known ones stay good for a day")]
    private static partial void LogUnreachable(ILogger logger, Exception fault);

    private sealed record State(SigningKeySet Keys, long Read);
}

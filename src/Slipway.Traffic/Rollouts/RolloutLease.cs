using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Makes one of several replicas the controller, which alone decides. A holder renews its record; a replica that sees it unchanged for four seconds of its own clock takes it by
/// compare-and-set, so that clocks need not agree. A holder that could not renew for two seconds holds no longer: there are never two. For one caller at a time, except <see cref="IsHeld"/>
/// and <see cref="IsQuiet"/>.
/// </summary>
internal sealed class RolloutLease(RolloutLedger ledger, string replica, TimeProvider time)
{
    private const string Nobody = "";

    private static readonly TimeSpan RenewEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TakenAfter = TimeSpan.FromSeconds(4);

    private long _renewed;
    private long _seen = -1;
    private long _seenAt = time.GetTimestamp();
    private volatile bool _isMine;

    /// <summary>Whether this replica is the controller now.</summary>
    public bool IsHeld => _isMine && time.GetElapsedTime(Volatile.Read(ref _renewed)) < HeldFor;

    /// <summary>Whether nobody seems to be: the record has not changed for two seconds.</summary>
    public bool IsQuiet => !IsHeld && time.GetElapsedTime(Volatile.Read(ref _seenAt)) >= HeldFor;

    /// <summary>Renews, takes, or watches.</summary>
    /// <exception cref="SlipwayException">The store is away.</exception>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (IsHeld && time.GetElapsedTime(Volatile.Read(ref _renewed)) < RenewEvery)
        {
            return;
        }

        SharedRecord? now = await ledger.ReadLeaseAsync(cancellationToken);
        if (now is null || now.Value == Nobody || now.Value == replica)
        {
            await TakeAsync(now?.Revision ?? 0, cancellationToken);
            return;
        }

        _isMine = false;
        if (now.Revision != _seen)
        {
            _seen = now.Revision;
            Volatile.Write(ref _seenAt, time.GetTimestamp());
        }
        else if (time.GetElapsedTime(_seenAt) >= TakenAfter)
        {
            await TakeAsync(now.Revision, cancellationToken);
        }
    }

    /// <summary>Lets another replica take it at once.</summary>
    /// <exception cref="SlipwayException">The store is away.</exception>
    public async Task FreeAsync(CancellationToken cancellationToken)
    {
        if (_isMine && await ledger.ReadLeaseAsync(cancellationToken) is { } now && now.Value == replica)
        {
            _isMine = false;
            await ledger.WriteLeaseAsync(Nobody, now.Revision, cancellationToken);
        }
    }

    private async Task TakeAsync(long revision, CancellationToken cancellationToken)
    {
        long asked = time.GetTimestamp();
        _isMine = await ledger.WriteLeaseAsync(replica, revision, cancellationToken) is not null;
        Volatile.Write(ref _renewed, asked);
    }
}

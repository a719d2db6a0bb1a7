using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// What a replica's rollouts and the store tell each other: changes are written, what others have written is read, counts and reports are shared, and whoever decides moves aliases.
/// One call at a time; reports may be passed on from any thread.
/// </summary>
internal sealed class RolloutSync(RolloutLedger ledger, RolloutLease lease, RolloutControl control, AliasMover aliases, RolloutAudit audit, string replica, TimeProvider time)
{
    private const int MaxStrays = 20_000;
    private const int MaxReports = 2000;

    private static readonly TimeSpan CountsEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AliasesEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<StrayReport> _strays = new();
    private long _statesRead;
    private long _countsRead;
    private long _reportsRead;
    private long _countsWritten = time.GetTimestamp() - time.TimestampFrequency;
    private long _aliasesTried = time.GetTimestamp() - (2 * time.TimestampFrequency);

    /// <summary>Keeps a report on requests that this replica has not answered for those that have: a load balancer sends the two to different ones. Too many are dropped.</summary>
    public void PassOn(StrayReport report)
    {
        if (_strays.Count < MaxStrays)
        {
            _strays.Enqueue(report);
        }
    }

    /// <summary>One round.</summary>
    /// <exception cref="SlipwayException">The store is away.</exception>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(cancellationToken);
        await ReadAsync(cancellationToken);
        if (control.HasWork)
        {
            await lease.KeepAsync(cancellationToken);
            await ShareCountsAsync(isLast: false, cancellationToken);
            await MoveAliasesAsync(cancellationToken);
        }
    }

    /// <summary>The last round's end: shares what was counted since, and lets another replica decide.</summary>
    /// <exception cref="SlipwayException">The store is away.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await ShareCountsAsync(isLast: true, cancellationToken);
        await lease.FreeAsync(cancellationToken);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach (RolloutWrite write in control.TakeWrites())
        {
            if (await ledger.WriteAsync(write.State, write.Events, write.Revision, cancellationToken) is { } revision)
            {
                control.Written(write, revision);
                foreach (RolloutEvent one in write.Events)
                {
                    await audit.RecordAsync(one, cancellationToken);
                }
            }
            else if ((await ledger.ReadStatesAsync(write.Revision, cancellationToken)).LastOrDefault(one => one.State.Id == write.State.Id) is { State: { } theirs } found)
            {
                control.Refused(theirs, found.Revision);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<(RolloutState State, long Revision)> states = await ledger.ReadStatesAsync(_statesRead, cancellationToken);
        control.Adopt(states);
        _statesRead = states.Count > 0 ? states[^1].Revision : _statesRead;
    }

    private async Task ShareCountsAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (isLast || time.GetElapsedTime(_countsWritten) >= CountsEvery)
        {
            _countsWritten = time.GetTimestamp();
            foreach ((string id, IReadOnlyList<StageCounts> stages) in control.TakeCounts())
            {
                await ledger.WriteCountsAsync(id, replica, stages, cancellationToken);
                control.CountsWritten(id, stages);
            }

            await PassReportsAsync(cancellationToken);
        }

        foreach ((string id, string from, IReadOnlyList<StageCounts> stages, long revision) in await ledger.ReadCountsAsync(_countsRead, cancellationToken))
        {
            _countsRead = revision;
            if (from != replica)
            {
                control.Count(id, from, stages);
            }
        }
    }

    private async Task PassReportsAsync(CancellationToken cancellationToken)
    {
        List<StrayReport> strays = [];
        while (strays.Count < MaxReports && _strays.TryDequeue(out StrayReport? stray))
        {
            strays.Add(stray);
        }

        if (strays.Count > 0)
        {
            await ledger.WriteReportsAsync(replica, strays, cancellationToken);
        }

        foreach ((string from, IReadOnlyList<StrayReport> reports, long revision) in await ledger.ReadReportsAsync(_reportsRead, cancellationToken))
        {
            _reportsRead = revision;
            foreach (StrayReport report in from == replica ? [] : reports)
            {
                control.QualityOf(report.Endpoint)?.Take(report);
            }
        }
    }

    private async Task MoveAliasesAsync(CancellationToken cancellationToken)
    {
        if (!lease.IsHeld || time.GetElapsedTime(_aliasesTried) < AliasesEvery)
        {
            return;
        }

        _aliasesTried = time.GetTimestamp();
        foreach (RolloutState state in control.PendingAliases())
        {
            control.AliasTried(state.Id, await aliases.TryAsync(state, cancellationToken));
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rewards;

/// <summary>
/// Brings rewards to the bandits of endpoints, keeps what they learn, and tells what another division would have earned. Replicas share what they have learned; decisions whose reward is waited for,
/// and the log of decisions, are each replica's own. Thread-safe.
/// </summary>
public sealed partial class RewardService : IFeedbackSink, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly TrafficService _traffic;
    private readonly ISharedRecords _records;
    private readonly IDecisionStore _decisions;
    private readonly TimeProvider _time;
    private readonly ILogger<RewardService> _logger;
    private readonly string _replica = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<string, BanditSync> _syncs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);
    private DateTimeOffset _saved;
    private bool _isAway;

    /// <summary>Makes the service; nothing happens before <see cref="RestoreAsync"/>.</summary>
    /// <param name="traffic">The endpoints.</param>
    /// <param name="records">Where replicas share what they have learned.</param>
    /// <param name="decisions">Where this process keeps its decisions.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Log.</param>
    public RewardService(TrafficService traffic, ISharedRecords records, IDecisionStore decisions, TimeProvider time, ILogger<RewardService> logger) =>
        (_traffic, _records, _decisions, _time, _logger) = (traffic, records, decisions, time, logger);

    /// <summary>Whether there is any bandit to look after.</summary>
    public bool HasWork => Bandits().Any();

    /// <summary>Takes up what was learned and decided before. A store that is away is asked again later; decisions that can't be read are lost, which is no reason not to serve.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach ((string endpoint, Bandit bandit) in Bandits())
        {
            try
            {
                if (await _decisions.ReadAsync(endpoint, cancellationToken) is { } record)
                {
                    lock (bandit.Memory.Gate)
                    {
                        DecisionRecord.Read(endpoint, record, bandit.Memory);
                    }
                }
            }
            catch (IOException fault)
            {
                LogUnread(_logger, endpoint, fault);
            }
        }

        _saved = _time.GetUtcNow();
        await SyncAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public bool Take(Feedback feedback) => Take(feedback, out _);

    /// <inheritdoc/>
    public bool Take(Feedback feedback, out string? problem)
    {
        problem = null;
        if (_traffic.BanditOf(feedback.Endpoint) is not { } bandit || bandit.Definition.Metric != feedback.Metric)
        {
            return false;
        }

        BanditDefinition definition = bandit.Definition;
        if (feedback.RequestId is not { } id)
        {
            problem = $"the bandit of endpoint '{feedback.Endpoint}' takes rewards by requestId: the request's own id, or the answer's {RequestName.Header}";
            return false;
        }

        if (!(feedback.Value >= definition.RewardFrom && feedback.Value <= definition.RewardTo))
        {
            problem = FormattableString.Invariant($"value: a reward of endpoint '{feedback.Endpoint}' is expected from {definition.RewardFrom} to {definition.RewardTo}");
            return false;
        }

        if (bandit.Memory.Reward(id, bandit.Memory.Scaled(feedback.Value)) != RewardOutcome.Unknown)
        {
            return true;
        }

        problem = $"endpoint '{feedback.Endpoint}' waits for no reward of this requestId: this replica has not answered it, a rule or a fallback did, or its window is over";
        return false;
    }

    /// <summary>What another division of an endpoint's traffic would have earned, by the decisions that this replica has logged.</summary>
    /// <param name="endpoint">Name of an endpoint with a bandit.</param>
    /// <param name="target">The other division.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.ModelNotFound"/>: no such endpoint. <see cref="ErrorCode.FailedPrecondition"/>: it has no bandit, or the log tells nothing of this division.
    /// <see cref="ErrorCode.InvalidRequest"/>: the division makes no sense.
    /// </exception>
    public OffPolicyFindings Evaluate(string endpoint, OffPolicyTarget target)
    {
        EndpointStatus status = _traffic.Find(endpoint) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no endpoint '{endpoint}'");
        if (_traffic.BanditOf(endpoint) is not { } bandit)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"endpoint '{endpoint}' has no bandit: only its decisions are logged with their probabilities");
        }

        LoggedDecision[] log;
        lock (bandit.Memory.Gate)
        {
            bandit.Memory.Expire();
            log = [.. bandit.Memory.Log];
        }

        (string, string)[] arms = [.. status.Definition.Arms.Select(static arm => (arm.Name, Bandit.KeyOf(arm)))];
        return OffPolicyEvaluation.Evaluate(log, arms, target, (bandit.Definition.RewardFrom, bandit.Definition.RewardTo));
    }

    /// <summary>Closes windows, shares what was learned, and keeps decisions from time to time. A store that is away costs nothing but the sharing.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach ((string endpoint, Bandit bandit) in Bandits())
            {
                await ShareAsync(endpoint, bandit.Memory, cancellationToken);
            }

            if (_time.GetUtcNow() - _saved >= SaveEvery)
            {
                await SaveAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Shares and keeps what is not yet.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach ((string endpoint, Bandit bandit) in Bandits())
        {
            await ShareAsync(endpoint, bandit.Memory, CancellationToken.None);
        }

        await SaveAsync(CancellationToken.None);
        _gate.Dispose();
    }

    private async Task ShareAsync(string endpoint, BanditMemory memory, CancellationToken cancellationToken)
    {
        lock (memory.Gate)
        {
            memory.Expire();
        }

        using CancellationTokenSource patience = new(Patience, _time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _syncs.GetOrAdd(endpoint, name => new BanditSync(name, _records, _replica)).RunAsync(memory, both.Token);
            if (_isAway)
            {
                LogBack(_logger);
                _isAway = false;
            }
        }
        catch (Exception fault) when (fault is SlipwayException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (!_isAway)
            {
                LogAway(_logger, fault);
                _isAway = true;
            }
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        _saved = _time.GetUtcNow();
        foreach ((string endpoint, Bandit bandit) in Bandits())
        {
            long decided = bandit.Memory.Decided;
            if (decided == 0 || _kept.GetValueOrDefault(endpoint) == decided)
            {
                continue;
            }

            try
            {
                await _decisions.WriteAsync(endpoint, DecisionRecord.Write(bandit.Memory), cancellationToken);
                _kept[endpoint] = decided;
            }
            catch (IOException fault)
            {
                LogUnkept(_logger, endpoint, fault);
            }
        }
    }

    private IEnumerable<(string Endpoint, Bandit Bandit)> Bandits()
    {
        foreach (string name in _traffic.Names)
        {
            if (_traffic.BanditOf(name) is { } bandit)
            {
                yield return (name, bandit);
            }
        }
    }

    [LoggerMessage(8201, LogLevel.Warning, "What bandits learn can't be shared now: the store is away; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception fault);

    [LoggerMessage(8202, LogLevel.Information, "What bandits learn is shared again")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(8204, LogLevel.Warning, "Decisions of endpoint {Endpoint} can't be read; rewards for them will not be known")]
    private static partial void LogUnread(ILogger logger, string endpoint, Exception fault);

    [LoggerMessage(8203, LogLevel.Warning, "Decisions of endpoint {Endpoint} can't be kept; it is tried again")]
    private static partial void LogUnkept(ILogger logger, string endpoint, Exception fault);
}

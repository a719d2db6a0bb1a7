using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Looks at aliases and starts rollouts when they have moved. Which version an alias pointed at last is written down together with the rollout that follows, so that of several replicas one
/// starts it, and a restart starts none again. The first sight of an alias starts nothing: only a move does. For one caller at a time.
/// </summary>
internal sealed partial class RolloutTriggers(IReadOnlyList<RolloutTrigger> triggers, TrafficService traffic, RolloutPreparation preparation, RolloutLedger ledger, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, (long Version, string Problem)> _told = new(StringComparer.Ordinal);

    /// <summary>Whether there is anything to look at.</summary>
    public bool IsEmpty => triggers.Count == 0;

    /// <summary>Looks at every alias once.</summary>
    /// <param name="latest">The latest rollout of an endpoint; null when there is none.</param>
    /// <param name="start">Starts a rollout and writes down, in the same breath, which version the alias points at; does nothing when somebody else was quicker.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException">The store is away.</exception>
    public async Task LookAsync(Func<string, RolloutState?> latest, Func<RolloutStart, SharedWrite, Task> start, CancellationToken cancellationToken)
    {
        if (IsEmpty || !traffic.Models.IsReady)
        {
            return;
        }

        IReadOnlyDictionary<string, (AliasSeen Seen, long Revision)> known = await ledger.ReadAliasesAsync(cancellationToken);
        foreach (RolloutTrigger trigger in triggers)
        {
            long now = TargetOf(trigger) ?? 0;
            if (!known.TryGetValue(trigger.Endpoint, out (AliasSeen Seen, long Revision) last) || last.Seen.Alias != trigger.Alias)
            {
                await ledger.WriteAliasAsync(trigger.Endpoint, new AliasSeen(trigger.Alias, now, null), last.Revision, cancellationToken);
            }
            else if (now != 0 && now != last.Seen.Version && IsTime(trigger, last.Seen, latest(trigger.Endpoint)))
            {
                if (preparation.Answers(trigger.Endpoint) == now)
                {
                    // There is nothing to roll out, and there shall not be should somebody take the version back one day.
                    await ledger.WriteAliasAsync(trigger.Endpoint, last.Seen with { Version = now }, last.Revision, cancellationToken);
                }
                else
                {
                    await TryAsync(trigger, now, last.Revision, start);
                }
            }
        }
    }

    private long? TargetOf(RolloutTrigger trigger) =>
        traffic.Models.TryGetModel(ModelOf(trigger), out ModelSnapshot? model) && model.Labels.TryGetValue(trigger.Alias, out long version) ? version : null;

    private string ModelOf(RolloutTrigger trigger)
    {
        EndpointDefinition endpoint = preparation.Configured(trigger.Endpoint, trigger.Endpoint);
        return endpoint.Arms.First(arm => arm.Name == endpoint.DefaultArm).Model;
    }

    private bool IsTime(RolloutTrigger trigger, AliasSeen last, RolloutState? rollout) => rollout is not { IsActive: true }
        && RolloutWindow.IsOpen(trigger.Policy.Windows, time.GetUtcNow())
        && !(time.GetUtcNow() - last.Started < trigger.Every);

    private async Task TryAsync(RolloutTrigger trigger, long version, long revision, Func<RolloutStart, SharedWrite, Task> start)
    {
        try
        {
            RolloutStart wanted = new(trigger.Endpoint, version) { Plan = trigger.Plan, Policy = trigger.Policy, By = trigger.Actor };
            await start(wanted, RolloutLedger.AliasWrite(trigger.Endpoint, new AliasSeen(trigger.Alias, version, time.GetUtcNow()), revision));
        }
        catch (SlipwayException refused) when (refused.Code is not (ErrorCode.StoreUnavailable or ErrorCode.AlreadyExists))
        {
            // The version may be loading still; it is tried again until the alias moves on, and told once.
            if (_told.GetValueOrDefault(trigger.Endpoint) != (version, refused.Message))
            {
                _told[trigger.Endpoint] = (version, refused.Message);
                LogRefused(logger, trigger.Endpoint, trigger.Alias, version, refused.Message);
            }
        }
    }

    [LoggerMessage(8005, LogLevel.Warning, "Rollout of {Endpoint} does not begin although alias {Alias} has moved to version {Version}: {Reason}; it is tried again")]
    private static partial void LogRefused(ILogger logger, string endpoint, string alias, long version, string reason);
}

/// <summary>Where an alias was seen last.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version; 0: it pointed at none.</param>
/// <param name="Started">When a rollout followed from it; null: none did.</param>
internal sealed record AliasSeen(string Alias, long Version, DateTimeOffset? Started);

using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>Notes in the audit log what happened to rollouts. What can't be noted stands all the same, as the ledger has it, and is told in the server's log. Thread-safe.</summary>
/// <param name="sink">The audit log; null: there is none.</param>
/// <param name="logger">Log.</param>
internal sealed partial class RolloutAudit(IAuditSink? sink, ILogger logger)
{
    /// <summary>Notes an event; counts are none.</summary>
    public async Task RecordAsync(RolloutEvent one, CancellationToken cancellationToken)
    {
        if (sink is null || one.Kind == "counts")
        {
            return;
        }

        RolloutState state = one.State;
        try
        {
            await sink.RecordAsync(
                new AuditEvent(one.Time, one.By ?? AuditEvent.SystemActor, "rollout." + one.Kind, new AuditSubject("rollout", state.Id), AuditOutcome.Done)
                {
                    Reason = state.Reason,
                    Details = new Dictionary<string, string> { ["endpoint"] = state.Endpoint, ["from"] = $"{state.Model}:{state.From}", ["to"] = $"{state.Model}:{state.To}" },
                },
                cancellationToken);
        }
        catch (SlipwayException fault)
        {
            LogUnaudited(logger, state.Id, fault);
        }
    }

    [LoggerMessage(8003, LogLevel.Warning, "An event of rollout {Id} could not be audited")]
    private static partial void LogUnaudited(ILogger logger, string id, Exception fault);
}

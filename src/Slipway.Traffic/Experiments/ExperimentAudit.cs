using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Traffic.Experiments;

/// <summary>Notes in the audit log what people did to experiments. What can't be noted stands all the same, as the experiment's own log has it, and is told in the server's log. Thread-safe.</summary>
/// <param name="sink">The audit log; null: there is none.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class ExperimentAudit(IAuditSink? sink, TimeProvider time, ILogger logger)
{
    /// <summary>Notes what was done.</summary>
    /// <param name="what">The deed, as in <c>experiment.what</c>.</param>
    /// <param name="state">The experiment after it.</param>
    /// <param name="by">Who did it; null when unknown.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task RecordAsync(string what, ExperimentState state, string? by, CancellationToken cancellationToken)
    {
        if (sink is null)
        {
            return;
        }

        try
        {
            await sink.RecordAsync(
                new AuditEvent(time.GetUtcNow(), by ?? AuditEvent.SystemActor, "experiment." + what, new AuditSubject("experiment", state.Definition.Name), AuditOutcome.Done)
                {
                    Reason = state.Reason,
                    Details = new Dictionary<string, string> { ["endpoint"] = state.Definition.Endpoint, ["primary"] = state.Definition.Primary },
                },
                cancellationToken);
        }
        catch (SlipwayException fault)
        {
            LogUnaudited(logger, state.Definition.Name, fault);
        }
    }

    [LoggerMessage(8104, LogLevel.Warning, "What was done to experiment {Name} could not be audited")]
    private static partial void LogUnaudited(ILogger logger, string name, Exception fault);
}

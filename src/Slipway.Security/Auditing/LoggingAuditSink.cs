using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Security.Auditing;

/// <summary>Writes audit events to the server's log, where there is no audit log.</summary>
internal sealed partial class LoggingAuditSink(ILogger<LoggingAuditSink> logger) : IAuditSink
{
    /// <inheritdoc/>
    public ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        LogEvent(logger, auditEvent.Actor, auditEvent.Action, auditEvent.Subject.Kind, auditEvent.Subject.Name, auditEvent.Outcome, auditEvent.Reason ?? "", auditEvent.RemoteAddress ?? "");
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(9102, LogLevel.Information, "Audit: {Actor} {Action} {Kind} {Subject}: {Outcome} {Reason} ({Remote})")]
    private static partial void LogEvent(ILogger logger, string actor, string action, string kind, string subject, AuditOutcome outcome, string reason, string remote);
}

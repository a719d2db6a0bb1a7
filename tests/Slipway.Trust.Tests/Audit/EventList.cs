using Slipway.Core;

namespace Slipway.Trust.Tests.Audit;

internal sealed class EventList : IAuditSink
{
    public List<AuditEvent> Events { get; } = [];

    public ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        Events.Add(auditEvent);
        return ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Security.Tests.Hosting;

/// <summary>Keeps audit events for the test to look at.</summary>
internal sealed class AuditTrail : IAuditSink
{
    private readonly ConcurrentQueue<AuditEvent> _events = new();

    public IReadOnlyList<AuditEvent> Events => [.. _events];

    public ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        _events.Enqueue(auditEvent);
        return ValueTask.CompletedTask;
    }
}

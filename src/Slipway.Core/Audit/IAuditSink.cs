namespace Slipway.Core;

/// <summary>Takes what is to be kept for ever: management actions and denied attempts. Thread-safe.</summary>
public interface IAuditSink
{
    /// <summary>Keeps one event; it is durable when the task has completed. Events of one caller of this method are kept in the order in which they were given.</summary>
    /// <exception cref="SlipwayException">The event can't be kept; an action that must be audited then has to fail.</exception>
    ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken);
}

using Slipway.Core;
using Slipway.Server.Trust;

namespace Slipway.Server.Registry;

/// <summary>
/// Keeps in the audit log who decided which version answers, who approved and who deleted: through the management API, and in a data folder without a server. What is published and
/// described is in the registry's own events.
/// </summary>
/// <param name="sink">The audit log.</param>
/// <param name="time">The clock.</param>
/// <param name="embedded">The audit log of a command without a server, which is opened before anything is done; null in a server, which has opened its own at the start.</param>
internal sealed class RegistryAudit(IAuditSink sink, TimeProvider time, EmbeddedAudit? embedded = null)
{
    /// <summary>Does something and records how it ended. What was done but can't be recorded fails.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="action">What, in words that never change.</param>
    /// <param name="subject">To what.</param>
    /// <param name="reason">Why; null: nothing was said.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> RunAsync<T>(string actor, string action, AuditSubject subject, string? reason, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (embedded is not null)
        {
            await embedded.OpenAsync(cancellationToken);
        }

        T done;
        try
        {
            done = await work();
        }
        catch (SlipwayException refused)
        {
            AuditOutcome outcome = refused.Code is ErrorCode.PermissionDenied or ErrorCode.Unauthenticated ? AuditOutcome.Denied : AuditOutcome.Failed;
            await RecordAsync(actor, action, subject, outcome, refused.Message, cancellationToken);
            throw;
        }

        await RecordAsync(actor, action, subject, AuditOutcome.Done, reason, cancellationToken);
        return done;
    }

    private ValueTask RecordAsync(string actor, string action, AuditSubject subject, AuditOutcome outcome, string? reason, CancellationToken cancellationToken) => sink.RecordAsync(
        new AuditEvent(time.GetUtcNow(), actor, action, subject, outcome) { Reason = reason, RemoteAddress = AuditScope.Current?.RemoteAddress }, cancellationToken);
}

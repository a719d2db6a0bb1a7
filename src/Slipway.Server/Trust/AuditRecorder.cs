using Slipway.Core;

namespace Slipway.Server.Trust;

/// <summary>Runs management actions and records how they ended.</summary>
internal sealed class AuditRecorder(IAuditSink sink, TimeProvider time)
{
    /// <summary>Runs an action and records it. An action that was done but can't be recorded fails.</summary>
    public async Task RunAsync(string name, AuditSubject subject, Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            bool isDenied = failure is SlipwayException { Code: ErrorCode.PermissionDenied or ErrorCode.Unauthenticated };
            await RecordAsync(name, subject, isDenied ? AuditOutcome.Denied : AuditOutcome.Failed, failure is SlipwayException ? failure.Message : "internal error", cancellationToken);
            throw;
        }

        await RecordAsync(name, subject, AuditOutcome.Done, null, cancellationToken);
    }

    /// <summary>Records one event, with the caller of the action that runs now.</summary>
    public ValueTask RecordAsync(string name, AuditSubject subject, AuditOutcome outcome, string? reason, CancellationToken cancellationToken)
    {
        AuditScope? scope = AuditScope.Current;
        return sink.RecordAsync(
            new AuditEvent(time.GetUtcNow(), scope?.Actor ?? AuditEvent.SystemActor, name, subject, outcome) { Reason = reason, RemoteAddress = scope?.RemoteAddress },
            cancellationToken);
    }
}

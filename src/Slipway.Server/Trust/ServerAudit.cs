using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Trust.Audit;

namespace Slipway.Server.Trust;

/// <summary>The audit log of this server: in the data folder where there is one, else in the ordinary log only. Opened before anything else starts.</summary>
/// <param name="data">The data folder; null: none.</param>
/// <param name="key">Private key of the checkpoints; null: one of its own.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes events when there is no data folder.</param>
internal sealed partial class ServerAudit(string? data, string? key, TimeProvider time, ILogger<ServerAudit> logger) : IAuditSink, IHostedLifecycleService, IAsyncDisposable
{
    private AuditLog? _log;

    /// <inheritdoc/>
    public async ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        if (AuditScope.Current is { } scope)
        {
            scope.IsRecorded = true;
        }

        if (_log is { } log)
        {
            await log.RecordAsync(auditEvent, cancellationToken);
        }
        else
        {
            LogEvent(logger, auditEvent.Action, auditEvent.Subject.Kind, auditEvent.Subject.Name, auditEvent.Actor, auditEvent.Outcome, auditEvent.Reason ?? "");
        }
    }

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken) =>
        _log = data is null ? null : await AuditFolder.OpenAsync(data, key, time, cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _log?.DisposeAsync() ?? ValueTask.CompletedTask;

    [LoggerMessage(9101, LogLevel.Information, "Audit: {Action} {Kind} '{Name}' by {Actor}: {Outcome} {Reason}")]
    private static partial void LogEvent(ILogger logger, string action, string kind, string name, string actor, AuditOutcome outcome, string reason);
}

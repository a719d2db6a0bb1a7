using Slipway.Core;
using Slipway.Trust.Audit;

namespace Slipway.Server.Trust;

/// <summary>The audit log of a data folder for commands that work on it without a server; opened when there is something to record, beside those of servers that run there.</summary>
/// <param name="data">The data folder.</param>
/// <param name="key">Private key of the checkpoints; null: the folder's own.</param>
/// <param name="time">The clock.</param>
internal sealed class EmbeddedAudit(string data, string? key, TimeProvider time) : IAuditSink, IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private AuditLog? _log;

    /// <inheritdoc/>
    public async ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken) =>
        await (await OpenAsync(cancellationToken)).RecordAsync(auditEvent, cancellationToken);

    /// <summary>Opens the log unless it is open: whoever asks before it acts does nothing that can't be recorded.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: the log is damaged, or its key can't be read.</exception>
    public async ValueTask<AuditLog> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _log ??= await AuditFolder.OpenAsync(data, key, time, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        _opening.Dispose();
    }
}

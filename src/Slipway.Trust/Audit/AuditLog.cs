using System.Buffers;
using System.Globalization;
using System.Threading.Channels;
using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Audit;

/// <summary>
/// The audit log of a server: events become entries of a hash chain and are durable before the caller goes on; what came together is written together. Checkpoints are
/// signed from time to time and at the end. Thread-safe.
/// </summary>
public sealed class AuditLog : IAuditSink, IAsyncDisposable
{
    private readonly IAuditStore _store;
    private readonly SigningKey _key;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly AuditChain _chain;
    private readonly Channel<Waiting> _waiting;
    private Task _writing = Task.CompletedTask;
    private long _signed;
    private bool _failed;

    private AuditLog(IAuditStore store, SigningKey key, AuditOptions options, TimeProvider time, AuditChain chain, long signed)
    {
        (_store, _key, _options, _time, _chain, _signed) = (store, key, options, time, chain, signed);
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
    }

    /// <summary>Number of entries.</summary>
    public long Count => _chain.Count;

    /// <summary>Opens a log: checks it, removes what a crash left of a line at its end, and writes on.</summary>
    /// <param name="store">Where it is kept; belongs to the log from now on.</param>
    /// <param name="key">Signs checkpoints; belongs to the log from now on.</param>
    /// <param name="options">How it is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: an entry has been altered or is missing; the message names it.</exception>
    public static async Task<AuditLog> OpenAsync(IAuditStore store, SigningKey key, AuditOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        long removed = await store.RecoverAsync(cancellationToken);
        AuditChain chain = new();
        List<AuditCheckpoint> checkpoints = await ReadCheckpointsAsync(store, key.PublicKey, cancellationToken);
        (_, AuditFault? fault) = await AuditVerifier.ReplayAsync(chain, store, checkpoints, null, cancellationToken);
        if (fault is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration,
                $"data: the audit log is damaged: {fault.Problem}; look into it with 'slipway audit verify', then put its folder aside to begin a new one");
        }

        AuditLog log = new(store, key, options, time, chain, checkpoints.Max(static checkpoint => (long?)checkpoint.Size) ?? 0);
        log._writing = log.WriteAsync();
        if (removed > 0)
        {
            AuditEvent recovered = new(time.GetUtcNow(), AuditEvent.SystemActor, "audit.recover", new AuditSubject("audit", "log"), AuditOutcome.Done)
            {
                Reason = "an entry was being written when the server ended",
                Details = new Dictionary<string, string> { ["bytes"] = removed.ToString(CultureInfo.InvariantCulture) },
            };
            await log.RecordAsync(recovered, cancellationToken);
        }

        return log;
    }

    /// <inheritdoc/>
    public async ValueTask RecordAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        Waiting waiting = new(auditEvent, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_waiting.Writer.TryWrite(waiting))
        {
            throw new SlipwayException(ErrorCode.Overloaded, "the audit log can't keep up: the action is refused");
        }

        await waiting.Written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what waits, signs a last checkpoint and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        _store.Dispose();
        _key.Dispose();
    }

    // Checkpoints of an earlier key say nothing here; whoever checks the log offline gives all keys.
    private static async ValueTask<List<AuditCheckpoint>> ReadCheckpointsAsync(IAuditStore store, VerificationKey key, CancellationToken cancellationToken)
    {
        List<AuditCheckpoint> checkpoints = [];
        foreach (ReadOnlyMemory<byte> line in await store.ReadCheckpointsAsync(cancellationToken))
        {
            try
            {
                checkpoints.Add(AuditCheckpoint.Open(line, [key]));
            }
            catch (SlipwayException)
            {
                continue;
            }
        }

        return checkpoints;
    }

    private async Task WriteAsync()
    {
        List<Waiting> batch = [];
        long? due = null;
        while (await WaitAsync(due))
        {
            batch.Clear();
            while (batch.Count < _options.CheckpointEntries && _waiting.Reader.TryRead(out Waiting? next))
            {
                batch.Add(next);
            }

            await WriteAsync(batch);
            bool isDue = due is { } at && _time.GetTimestamp() >= at;
            if (_chain.Count - _signed >= _options.CheckpointEntries || isDue)
            {
                await SignAsync();
            }

            due = _chain.Count == _signed ? null : due is { } still && !isDue ? still : _time.GetTimestamp() + (long)(_options.CheckpointInterval.TotalSeconds * _time.TimestampFrequency);
        }

        await SignAsync();
    }

    // Goes on when something waits, or a checkpoint is due; false at the end.
    private async ValueTask<bool> WaitAsync(long? due)
    {
        ValueTask<bool> ready = _waiting.Reader.WaitToReadAsync();
        if (ready.IsCompleted || due is not { } at)
        {
            return await ready;
        }

        Task<bool> waiting = ready.AsTask();
        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), at);
        try
        {
            return await waiting.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private async ValueTask WriteAsync(List<Waiting> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        ArrayBufferWriter<byte> lines = new();
        List<AuditEntry> entries = [];
        byte[] previous = _chain.Last;
        foreach (Waiting waiting in batch)
        {
            AuditEntry entry = AuditEntry.Of(waiting.Event, _chain.Count + entries.Count + 1, previous);
            entries.Add(entry);
            previous = entry.Hash;
            lines.Write(entry.ToLine());
        }

        try
        {
            // After a failed write nobody knows what is on the disk: only a new start, which reads it, may write on.
            if (_failed)
            {
                throw new IOException("an earlier write has failed");
            }

            _failed = true;
            await _store.AppendAsync(_chain.Count + 1, lines.WrittenMemory, CancellationToken.None);
            _failed = false;
            entries.ForEach(_chain.Append);
            batch.ForEach(static waiting => waiting.Written.SetResult());
        }
        catch (Exception fault)
        {
            SlipwayException refused = new(ErrorCode.Internal, "the audit log can't be written: the action is refused", fault);
            batch.ForEach(waiting => waiting.Written.SetException(refused));
        }
    }

    private async ValueTask SignAsync()
    {
        if (_chain.Count == _signed || _failed)
        {
            return;
        }

        try
        {
            await _store.AppendCheckpointAsync(new AuditCheckpoint(_chain.Count, _chain.Tree.Root(), _time.GetUtcNow()).Sign(_key), CancellationToken.None);
            _signed = _chain.Count;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The entries are kept all the same; the next checkpoint covers them.
        }
    }

    private sealed record Waiting(AuditEvent Event, TaskCompletionSource Written);
}

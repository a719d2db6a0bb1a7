namespace Slipway.Trust.Audit;

/// <summary>Where the lines of a log and its checkpoints are kept; nothing is ever changed or removed. One writer at a time.</summary>
public interface IAuditStore : IDisposable
{
    /// <summary>All lines in their order, without line feeds. A last line that was cut off comes with <see cref="AuditLine.IsWhole"/> false.</summary>
    IAsyncEnumerable<AuditLine> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Removes what a crash left of a line at the end. To be called before the first <see cref="AppendAsync"/>, when the log was read.</summary>
    /// <returns>Bytes removed.</returns>
    ValueTask<long> RecoverAsync(CancellationToken cancellationToken);

    /// <summary>Adds lines, each ended by a line feed; they are durable when the task has completed.</summary>
    /// <param name="first">Number of the first of them.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="cancellationToken">Heeded before anything is written.</param>
    ValueTask AppendAsync(long first, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);

    /// <summary>All checkpoints in their order, one line each; empty when there are none.</summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadCheckpointsAsync(CancellationToken cancellationToken);

    /// <summary>Adds a checkpoint; durable when the task has completed.</summary>
    ValueTask AppendCheckpointAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken);
}

/// <summary>A line of a log.</summary>
/// <param name="Bytes">The line, without its line feed; valid until the next one is asked for.</param>
/// <param name="IsWhole">Whether it ended with a line feed.</param>
public readonly record struct AuditLine(ReadOnlyMemory<byte> Bytes, bool IsWhole);

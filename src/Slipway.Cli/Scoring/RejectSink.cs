using Slipway.Cli.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>Takes the rejected rows: into a file that exists only when there are some, or nowhere, in which case they are counted. Not thread-safe.</summary>
/// <param name="name">The file; null for none.</param>
internal sealed class RejectSink(string? name) : IAsyncDisposable
{
    private OutputFile? _file;

    /// <summary>The file; null when rejected rows are only counted.</summary>
    public string? Name => name;

    /// <summary>Rows taken.</summary>
    public long Count { get; private set; }

    /// <summary>Takes the rejects of a block.</summary>
    public async ValueTask WriteAsync(ScoreBlock block, CancellationToken cancellationToken)
    {
        Count += block.RejectCount;
        if (name is null)
        {
            return;
        }

        if (_file is null)
        {
            _file = OutputFile.Create(name);
            await _file.WriteAsync(RejectText.Header.ToArray(), cancellationToken);
        }

        await _file.WriteAsync(block.Rejects.WrittenMemory, cancellationToken);
    }

    /// <summary>Gives the file its name.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _file?.CompleteAsync(cancellationToken) ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Slipway.Cli.Rows;
using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>
/// Moves blocks of rows from the input to the output: one reader cuts them, each worker scores whole blocks on a thread of its own, one writer puts them down
/// in the order they were read. The number of blocks is fixed, so that memory is bounded and a slow stage holds back the others. Runs once.
/// </summary>
/// <param name="reader">The input, its columns read.</param>
/// <param name="workers">One for each thread.</param>
/// <param name="header">Writes what stands before the first row; shares the outputs of the workers' encoders.</param>
/// <param name="output">Takes the answers.</param>
/// <param name="rejects">Takes the rejected rows.</param>
/// <param name="isStrict">Whether the first rejected row ends it.</param>
internal sealed class ScoringPipeline(
    RowBlockReader reader, IReadOnlyList<ScoreWorker> workers, RowEncoder header, OutputFile output, RejectSink rejects, bool isStrict)
{
    private readonly Channel<ScoreBlock> _free = Channel.CreateUnbounded<ScoreBlock>();
    private readonly Channel<ScoreBlock> _ordered = Channel.CreateUnbounded<ScoreBlock>();

    // Each worker has a block at hand and one waiting; two more are being read and written.
    private readonly int _blocks = (2 * workers.Count) + 2;
    private long _rows;

    /// <summary>Rows written so far.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Scores everything.</summary>
    /// <exception cref="SlipwayException">The input or the model is bad.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using BlockingCollection<ScoreBlock> work = [];
        for (int i = 0; i < _blocks; i++)
        {
            _free.Writer.TryWrite(new ScoreBlock());
        }

        Task[] scoring =
        [
            .. workers.Select(worker => Task.Factory.StartNew(
                () => Score(worker, work, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
        Task reading = ReadAsync(work, stop.Token);
        try
        {
            await WriteAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(scoring);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(BlockingCollection<ScoreBlock> work, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            // Standard input can't be interrupted: the wait for it can.
            while (await reader.ReadAsync(cancellationToken).AsTask().WaitAsync(cancellationToken) is var (bytes, line))
            {
                ScoreBlock block = await _free.Reader.ReadAsync(cancellationToken);
                block.Fill(bytes.Span, line);
                _ordered.Writer.TryWrite(block);
                work.Add(block, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            // Comes out where the blocks before it have been written.
            failure = exception;
        }
        finally
        {
            work.CompleteAdding();
            _ordered.Writer.Complete(failure);
        }
    }

    private static void Score(ScoreWorker worker, BlockingCollection<ScoreBlock> work, CancellationToken cancellationToken)
    {
        try
        {
            foreach (ScoreBlock block in work.GetConsumingEnumerable(cancellationToken))
            {
                try
                {
                    worker.Score(block, cancellationToken);
                    block.Complete();
                }
                catch (Exception exception)
                {
                    block.Fail(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled knows why.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        bool hasHeader = false;
        await foreach (ScoreBlock block in _ordered.Reader.ReadAllAsync(cancellationToken))
        {
            await block.Scored.WaitAsync(cancellationToken);
            if (block.RejectCount > 0)
            {
                await RejectAsync(block, cancellationToken);
            }

            if (block.RowCount > 0)
            {
                if (!hasHeader)
                {
                    await WriteHeaderAsync(cancellationToken);
                    hasHeader = true;
                }

                await output.WriteAsync(block.Answers.WrittenMemory, cancellationToken);
                Volatile.Write(ref _rows, _rows + block.RowCount);
            }

            _free.Writer.TryWrite(block);
        }

        if (!hasHeader)
        {
            await WriteHeaderAsync(cancellationToken);
        }
    }

    private async ValueTask RejectAsync(ScoreBlock block, CancellationToken cancellationToken)
    {
        if (isStrict)
        {
            throw reader.Named(new SlipwayException(ErrorCode.InvalidRequest, block.FirstReject!));
        }

        await rejects.WriteAsync(block, cancellationToken);
    }

    private ValueTask WriteHeaderAsync(CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> text = new();
        header.WriteHeader(text);
        return output.WriteAsync(text.WrittenMemory, cancellationToken);
    }
}

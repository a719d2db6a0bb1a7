using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>
/// Scores blocks: reads the rows into tensors, runs the model, writes the answers as text, all on one thread, so that a block's bytes stay in that core's
/// cache. When the model refuses a batch its rows are run one by one, and only those that it refuses alone are rejected. One per thread.
/// </summary>
internal sealed class ScoreWorker : IDisposable
{
    private readonly ILoadedModel _model;
    private readonly RowDecoder _decoder;
    private readonly RowEncoder _encoder;
    private readonly int[] _positions;
    private readonly RowBatch _batch;
    private readonly RowBatch _single;

    public ScoreWorker(ILoadedModel model, RowDecoder decoder, RowEncoder encoder)
    {
        _model = model;
        _decoder = decoder;
        _encoder = encoder;
        _positions = [.. encoder.Outputs.Positions];
        _batch = new RowBatch(decoder.Binding);
        _single = new RowBatch(decoder.Binding);
    }

    /// <summary>Scores a block and leaves the answers and the rejected rows in it.</summary>
    /// <exception cref="SlipwayException">No row of the input can be scored: it is not one row's fault.</exception>
    public void Score(ScoreBlock block, CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> bytes = block.Bytes.Span;
        long line = block.Line;
        for (int done = 0; done < bytes.Length;)
        {
            ReadOnlySpan<byte> rest = bytes[done..];
            _batch.Reset();
            done += _decoder.Decode(rest, ref line, _batch);
            int rejected = 0;
            if (_batch.Count > 0 && !TryRun(_batch, block, out _, cancellationToken))
            {
                rejected = RunOneByOne(rest, block, cancellationToken);
            }

            foreach (RowReject reject in _batch.Rejects[rejected..])
            {
                block.Reject(reject.Line, reject.Reason, rest.Slice(reject.Offset, reject.Length));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _single.Dispose();
    }

    // Returns how many of the batch's own rejects were written meanwhile, so that lines stay in order.
    private int RunOneByOne(ReadOnlySpan<byte> rest, ScoreBlock block, CancellationToken cancellationToken)
    {
        ReadOnlySpan<RowReject> rejects = _batch.Rejects;
        int rejected = 0;
        foreach (RowOrigin origin in _batch.Origins)
        {
            for (; rejected < rejects.Length && rejects[rejected].Line < origin.Line; rejected++)
            {
                RowReject reject = rejects[rejected];
                block.Reject(reject.Line, reject.Reason, rest.Slice(reject.Offset, reject.Length));
            }

            ReadOnlySpan<byte> row = rest.Slice(origin.Offset, origin.Length);
            long line = origin.Line;
            _single.Reset();
            _decoder.Decode(row, ref line, _single);
            if (!TryRun(_single, block, out SlipwayException? failure, cancellationToken))
            {
                block.Reject(origin.Line, $"the model failed: {failure!.Message}", row);
            }
        }

        return rejected;
    }

    private bool TryRun(RowBatch rows, ScoreBlock block, out SlipwayException? failure, CancellationToken cancellationToken)
    {
        failure = null;
        Tensor?[] inputs = rows.ToTensors();
        Tensor[] outputs = [];
        try
        {
            outputs = _model.Run(inputs, _positions, cancellationToken);
            _encoder.Write(outputs, rows.Count, block.Answers);
            block.RowCount += rows.Count;
            return true;
        }
        catch (SlipwayException exception) when (exception.Code is ErrorCode.ModelFailed or ErrorCode.ShapeMismatch)
        {
            failure = exception;
            return false;
        }
        finally
        {
            foreach (Tensor? tensor in inputs)
            {
                tensor?.Dispose();
            }

            foreach (Tensor tensor in outputs)
            {
                tensor.Dispose();
            }
        }
    }
}

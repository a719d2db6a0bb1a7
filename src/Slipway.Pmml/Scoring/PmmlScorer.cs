using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Scoring;

/// <summary>Scores tensors with a plan, block by block. Thread-safe: each run borrows a frame of its own.</summary>
internal sealed class PmmlScorer(PmmlPlan plan)
{
    private const int CancellationBlocks = 16;

    private readonly ConcurrentBag<Frame> _frames = [];

    /// <summary>Scores all rows.</summary>
    /// <param name="inputs">One tensor for each input of the plan; null for those left out, whose values are missing.</param>
    /// <param name="outputs">Positions of the outputs wanted.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        int rows = RowsOf(inputs);
        List<InputReader> readers = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { } tensor)
            {
                readers.Add(new InputReader(plan.Inputs[i], tensor, rows));
            }
        }

        OutputWriter[] writers = new OutputWriter[outputs.Length];
        for (int i = 0; i < writers.Length; i++)
        {
            writers[i] = OutputWriter.Create(plan.Outputs[outputs[i]], rows);
        }

        Frame frame = _frames.TryTake(out Frame? kept) ? kept : plan.NewFrame();
        try
        {
            for (int done = 0, blocks = 1; done < rows; done += frame.Capacity, blocks++)
            {
                if (blocks % CancellationBlocks == 0 && cancellationToken.IsCancellationRequested)
                {
                    throw new SlipwayException(ErrorCode.Cancelled, "the run was cancelled");
                }

                int count = Math.Min(frame.Capacity, rows - done);
                frame.Reset(count);
                foreach (InputReader reader in readers)
                {
                    reader.Read(frame, count);
                }

                plan.Evaluate(frame, count);
                foreach (OutputWriter writer in writers)
                {
                    writer.Write(frame, count);
                }
            }

            return Array.ConvertAll(writers, writer => writer.ToTensor(rows));
        }
        catch
        {
            Array.ForEach(writers, static writer => writer.Abandon());
            throw;
        }
        finally
        {
            _frames.Add(frame);
        }
    }

    private int RowsOf(ReadOnlySpan<Tensor?> inputs)
    {
        foreach (Tensor? tensor in inputs)
        {
            if (tensor is { Shape.Rank: > 0 })
            {
                return tensor.Shape[0] <= Array.MaxLength / sizeof(double)
                    ? (int)tensor.Shape[0]
                    : throw new SlipwayException(ErrorCode.ShapeMismatch, $"{tensor.Shape[0]} rows are too many for one run");
            }
        }

        throw new SlipwayException(ErrorCode.InvalidRequest, $"no input is given: the model takes {string.Join(", ", plan.Inputs.Select(static input => $"'{input.Name}'"))}");
    }
}

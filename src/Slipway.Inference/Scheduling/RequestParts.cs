using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Statistics;

namespace Slipway.Inference.Scheduling;

/// <summary>Cuts a request that is larger than a batch into parts, and puts their answers together again.</summary>
internal static class RequestParts
{
    /// <summary>Parts of at most <paramref name="maxRows"/> rows over the request's own memory.</summary>
    public static List<PendingRequest> Cut(PendingRequest request, int maxRows)
    {
        List<PendingRequest> parts = [];
        Tensor?[] rest = request.Inputs;
        for (int done = 0; done < request.Rows; done += maxRows)
        {
            int rows = Math.Min(maxRows, request.Rows - done);
            (Tensor?[] part, rest) = CutRows(rest, rows);
            long bytes = part.Sum(static tensor => (long)(tensor?.Data.Length ?? 0));
            parts.Add(new PendingRequest(part, request.Outputs, new RequestSize(rows, bytes), request.Arrived, request.CancellationToken)
            {
                Level = request.Level,
                Expiry = request.Expiry,
                Caller = request.Caller,
            });
        }

        return parts;
    }

    /// <summary>
    /// Waits for every part, since each uses the request's memory, and joins the answers in order. Null when some output does not have a row for each row of its part: then the model's
    /// rows are not independent after all, and only the whole request has an answer.
    /// </summary>
    public static async Task<InferenceResponse?> TryJoinAsync(PendingRequest request, List<PendingRequest> parts, TensorBufferPool pool)
    {
        InferenceResponse[] answers = await WaitForAllAsync(parts);
        try
        {
            if (!answers.Zip(parts).All(static pair => HasRows(pair.First, pair.Second.Rows)))
            {
                return null;
            }

            RunTimes times = new(
                parts.Sum(static part => part.Times.Input), parts.Sum(static part => part.Times.Compute), parts.Sum(static part => part.Times.Output));
            request.Taken = parts.Min(static part => part.Taken);
            request.Times = times;
            Tensor[] outputs = new Tensor[request.Outputs.Length];
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = Join(answers, i, request.Rows, pool);
            }

            return new InferenceResponse { Servable = answers[0].Servable, Outputs = outputs, Timings = Sum(answers, request.Rows) };
        }
        finally
        {
            foreach (InferenceResponse answer in answers)
            {
                answer.Dispose();
            }
        }
    }

    private static bool HasRows(InferenceResponse answer, int rows) =>
        answer.Outputs.All(output => output.Shape.Rank > 0 && output.Shape[0] == rows);

    private static async Task<InferenceResponse[]> WaitForAllAsync(List<PendingRequest> parts)
    {
        Task<InferenceResponse[]> all = Task.WhenAll(parts.Select(static part => part.Answer));
        try
        {
            return await all;
        }
        catch
        {
            foreach (PendingRequest part in parts.Where(static part => part.Answer.IsCompletedSuccessfully))
            {
                (await part.Answer).Dispose();
            }

            throw;
        }
    }

    private static (Tensor?[] Part, Tensor?[] Left) CutRows(Tensor?[] inputs, int rows)
    {
        Tensor?[] part = new Tensor?[inputs.Length];
        Tensor?[] rest = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } tensor)
            {
                continue;
            }

            long all = tensor.Shape[0];
            int length = (int)(tensor.Data.Length / all * rows);
            if (tensor.DataType == TensorDataType.String)
            {
                PackedStrings.TrySkip(tensor.Data.Span, tensor.ElementCount / all * rows, out length);
            }

            part[i] = new Tensor(tensor.Name, tensor.DataType, tensor.Shape.WithFirst(rows), tensor.Data[..length]);
            rest[i] = new Tensor(tensor.Name, tensor.DataType, tensor.Shape.WithFirst(all - rows), tensor.Data[length..]);
        }

        return (part, rest);
    }

    private static Tensor Join(InferenceResponse[] answers, int output, int rows, TensorBufferPool pool)
    {
        Tensor first = answers[0].Outputs[output];
        foreach (InferenceResponse answer in answers)
        {
            // Rows of one batch have one shape; rows of several, where the model sets the other dimensions by what it sees, need not.
            if (!answer.Outputs[output].Shape.Dimensions[1..].SequenceEqual(first.Shape.Dimensions[1..]))
            {
                throw new SlipwayException(ErrorCode.ModelFailed, $"output '{first.Name}' has another shape in each part of the request: it can't be cut up");
            }
        }

        TensorBuffer buffer = pool.Rent(answers.Sum(answer => (long)answer.Outputs[output].Data.Length));
        Span<byte> target = buffer.Span;
        foreach (InferenceResponse answer in answers)
        {
            ReadOnlySpan<byte> source = answer.Outputs[output].Data.Span;
            source.CopyTo(target);
            target = target[source.Length..];
        }

        return new Tensor(first.Name, first.DataType, first.Shape.WithFirst(rows), buffer.Memory, buffer);
    }

    private static InferenceTimings Sum(InferenceResponse[] answers, int rows)
    {
        TimeSpan input = TimeSpan.Zero;
        TimeSpan compute = TimeSpan.Zero;
        TimeSpan output = TimeSpan.Zero;
        foreach (InferenceResponse answer in answers)
        {
            input += answer.Timings.ComputeInput;
            compute += answer.Timings.Compute;
            output += answer.Timings.ComputeOutput;
        }

        return new InferenceTimings(answers.Min(static answer => answer.Timings.Queue), input, compute, output, rows, CacheHit: false);
    }
}

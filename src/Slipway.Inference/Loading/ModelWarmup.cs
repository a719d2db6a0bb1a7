using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Loading;

/// <summary>Runs a version before callers may, so that the first of them does not pay for lazy initialisation.</summary>
internal sealed partial class ModelWarmup(TimeProvider time, ILogger<ModelWarmup> logger, IInputExampleReader? examples = null)
{
    // The first run allocates, the others show the pace.
    private const int UnconfiguredRuns = 3;

    private static readonly int[] FreeSizes = [1, 16, 64];

    /// <summary>Runs what is configured, else the example that came with the model, else one made-up request.</summary>
    /// <param name="contract">What the version takes.</param>
    /// <param name="model">The engine's model.</param>
    /// <param name="config">What is to be run.</param>
    /// <param name="example">See <see cref="PreparedModel.InputExample"/>.</param>
    /// <param name="learn">Told the bytes of input and the ticks of runs that show the model's pace.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <exception cref="SlipwayException">A configured request failed; an example or a made-up request that does not suit the model is only logged.</exception>
    public void Run(
        ServableContract contract, ILoadedModel model, ModelConfig config, ReadOnlyMemory<byte> example, Action<long, long> learn, CancellationToken cancellationToken)
    {
        if (config.Warmup.Count == 0 && !RunExample(contract, model, example, learn, cancellationToken))
        {
            RunSynthetic(contract, model, learn, cancellationToken);
        }

        foreach (WarmupRequest request in config.Warmup)
        {
            RunConfigured(contract, model, request, learn, cancellationToken);
        }
    }

    private void RunConfigured(
        ServableContract contract, ILoadedModel model, WarmupRequest warmup, Action<long, long> learn, CancellationToken cancellationToken)
    {
        try
        {
            using InferenceRequest request = new() { ModelName = contract.ModelName, Inputs = [.. warmup.Inputs.Select(ToTensor)] };
            Tensor?[] bound = new Tensor?[contract.Inputs.Length];
            RequestBinder.Bind(contract, request, bound);
            RunRepeatedly(contract, model, bound, Math.Max(1, warmup.Count), learn, cancellationToken);
        }
        catch (SlipwayException exception) when (exception.Code != ErrorCode.Cancelled)
        {
            throw new SlipwayException(exception.Code, $"warm-up request '{warmup.Name}' failed: {exception.Message}", exception);
        }
    }

    private bool RunExample(ServableContract contract, ILoadedModel model, ReadOnlyMemory<byte> example, Action<long, long> learn, CancellationToken cancellationToken)
    {
        if (examples is null || example.IsEmpty)
        {
            return false;
        }

        try
        {
            using InferenceRequest request = new() { ModelName = contract.ModelName, Inputs = examples.Read(example, contract.Signature) };
            Tensor?[] bound = new Tensor?[contract.Inputs.Length];
            RequestBinder.Bind(contract, request, bound);
            RunRepeatedly(contract, model, bound, UnconfiguredRuns, learn, cancellationToken);
            LogExample(logger, contract.ModelName);
            return true;
        }
        catch (SlipwayException exception) when (exception.Code != ErrorCode.Cancelled)
        {
            // It is the trainer's note, not the operator's wish: a version is no worse for one that does not fit.
            LogExampleRefused(logger, contract.ModelName, exception.Message);
            return false;
        }
    }

    private static Tensor ToTensor(WarmupInput input, int index)
    {
        if (input.Fill == WarmupFill.Data)
        {
            return new Tensor(input.Name, input.DataType, input.Shape, input.Data);
        }

        if (!input.Shape.TryGetElementCount(out long count) || count > Array.MaxLength / 16)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"input '{input.Name}' has shape {input.Shape}, which is no size to fill");
        }

        return new Tensor(input.Name, input.DataType, input.Shape, SyntheticInputs.Fill(input.DataType, count, input.Fill, index + 1));
    }

    private void RunSynthetic(ServableContract contract, ILoadedModel model, Action<long, long> learn, CancellationToken cancellationToken)
    {
        SlipwayException? refused = null;
        foreach (int free in FreeSizes)
        {
            if (SyntheticInputs.Create(contract.Inputs, rows: 1, contract.IsBatchable, free, WarmupFill.Zero) is not { } inputs)
            {
                break;
            }

            // The model's own constants suit it better than zeros.
            Tensor?[] given = [.. inputs.Zip(contract.Inputs, static (made, input) => input.ReplacesConstant() ? null : made)];
            try
            {
                RunRepeatedly(contract, model, given, UnconfiguredRuns, learn, cancellationToken);
                return;
            }
            catch (SlipwayException exception) when (exception.Code != ErrorCode.Cancelled)
            {
                refused = exception;
            }

            if (!contract.Inputs.Any(static input => input.Shape.IsDynamic))
            {
                break;
            }
        }

        // Made-up values need not suit the model: that is no fault of the version.
        LogRefused(logger, contract.ModelName, refused?.Message ?? "none could be made");
    }

    private void RunRepeatedly(
        ServableContract contract, ILoadedModel model, Tensor?[] inputs, int times, Action<long, long> learn, CancellationToken cancellationToken)
    {
        long bytes = inputs.Sum(static input => (long)(input?.Data.Length ?? 0));
        for (int i = 0; i < times; i++)
        {
            long before = time.GetTimestamp();
            Release(model.Run(inputs, contract.AllOutputs, cancellationToken));
            if (i > 0)
            {
                // The first run pays for what is made lazily.
                learn(bytes, time.GetTimestamp() - before);
            }
        }
    }

    private static void Release(Tensor[] outputs)
    {
        foreach (Tensor output in outputs)
        {
            output.Dispose();
        }
    }

    [LoggerMessage(2021, LogLevel.Information, "Model {Model} was warmed up with the input example that came with it")]
    private static partial void LogExample(ILogger logger, string model);

    [LoggerMessage(2022, LogLevel.Warning, "Model {Model}: the input example that came with it is not what it takes ({Reason}); a made-up request warms it up instead")]
    private static partial void LogExampleRefused(ILogger logger, string model, string reason);

    [LoggerMessage(2020, LogLevel.Information, "Model {Model} was not warmed up: it refuses made-up inputs ({Reason}). Configure a warm-up request to have one")]
    private static partial void LogRefused(ILogger logger, string model, string reason);
}

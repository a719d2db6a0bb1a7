using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Loading;

/// <summary>Runs a version before callers may, so that the first of them does not pay for lazy initialisation.</summary>
internal sealed partial class ModelWarmup(ILogger<ModelWarmup> logger)
{
    // The first run allocates, the second shows the pace.
    private const int SyntheticRuns = 2;

    private static readonly int[] FreeSizes = [1, 16, 64];

    /// <summary>Runs what is configured, or one made-up request.</summary>
    /// <exception cref="SlipwayException">A configured request failed; a made-up one that does not suit the model is only logged.</exception>
    public void Run(ServableContract contract, ILoadedModel model, ModelConfig config, CancellationToken cancellationToken)
    {
        if (config.Warmup.Count == 0)
        {
            RunSynthetic(contract, model, cancellationToken);
        }

        foreach (WarmupRequest request in config.Warmup)
        {
            RunConfigured(contract, model, request, cancellationToken);
        }
    }

    private static void RunConfigured(ServableContract contract, ILoadedModel model, WarmupRequest warmup, CancellationToken cancellationToken)
    {
        try
        {
            using InferenceRequest request = new() { ModelName = contract.ModelName, Inputs = [.. warmup.Inputs.Select(ToTensor)] };
            Tensor?[] bound = new Tensor?[contract.Inputs.Length];
            RequestBinder.Bind(contract, request, bound);
            for (int i = 0; i < Math.Max(1, warmup.Count); i++)
            {
                Release(model.Run(bound, contract.AllOutputs, cancellationToken));
            }
        }
        catch (SlipwayException exception) when (exception.Code != ErrorCode.Cancelled)
        {
            throw new SlipwayException(exception.Code, $"warm-up request '{warmup.Name}' failed: {exception.Message}", exception);
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

    private void RunSynthetic(ServableContract contract, ILoadedModel model, CancellationToken cancellationToken)
    {
        SlipwayException? refused = null;
        foreach (int free in FreeSizes)
        {
            if (SyntheticInputs.Create(contract.Inputs, rows: 1, contract.IsBatchable, free, WarmupFill.Zero) is not { } inputs)
            {
                break;
            }

            try
            {
                for (int i = 0; i < SyntheticRuns; i++)
                {
                    Release(model.Run(inputs, contract.AllOutputs, cancellationToken));
                }

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
        LogRefused(logger, contract.ModelName, refused);
    }

    private static void Release(Tensor[] outputs)
    {
        foreach (Tensor output in outputs)
        {
            output.Dispose();
        }
    }

    [LoggerMessage(2020, LogLevel.Information, "Model {Model} was not warmed up: it refuses made-up inputs. Configure a warm-up request to have one")]
    private static partial void LogRefused(ILogger logger, string model, Exception? exception);
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.OnnxRuntime;

namespace Slipway.Cli.Models;

/// <summary>A model loaded into this process, without a server. Runs may go on at once from several threads.</summary>
internal sealed class OfflineModel : IDisposable
{
    private readonly OnnxModelRuntime _runtime;
    private readonly ILoadedModel _model;

    private OfflineModel(OnnxModelRuntime runtime, ILoadedModel model, ModelSignature signature)
    {
        _runtime = runtime;
        _model = model;
        Signature = signature;
    }

    /// <summary>Inputs, outputs and metadata.</summary>
    public ModelSignature Signature { get; }

    /// <summary>The loaded model.</summary>
    public ILoadedModel Loaded => _model;

    /// <summary>Reads and loads a model.</summary>
    /// <param name="path">A file or a folder, of any supported format.</param>
    /// <param name="threadsPerRun">Threads inside one run; 1 when the callers are as many as the cores.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException">The model is damaged, of no known format, or the engine refuses it.</exception>
    public static async Task<OfflineModel> LoadAsync(string path, int threadsPerRun, CancellationToken cancellationToken)
    {
        OnnxModelRuntime runtime = new(
            Options.Create(new OnnxRuntimeOptions { IntraOpThreads = threadsPerRun }),
            NullLogger<OnnxModelRuntime>.Instance);
        try
        {
            using PreparedModel prepared = await new ModelPreparer(ModelFormats.Default).PrepareAsync(LocalModelArtifact.Open(path), cancellationToken);
            if (prepared.Runtime != runtime.Name)
            {
                throw new SlipwayException(ErrorCode.NotSupported, $"models for the runtime '{prepared.Runtime}' can't be scored here");
            }

            ILoadedModel model = await runtime.LoadAsync(prepared, new EngineConfig(), cancellationToken);
            return new OfflineModel(runtime, model, WithMetadata(model.Signature, prepared.Metadata));
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _runtime.Dispose();
    }

    private static ModelSignature WithMetadata(ModelSignature signature, IReadOnlyDictionary<string, string> below)
    {
        Dictionary<string, string> merged = new(below, StringComparer.Ordinal);
        foreach ((string key, string value) in signature.Metadata)
        {
            merged[key] = value;
        }

        return new ModelSignature(signature.Inputs, ModelMetadata.WithLabels(signature.Outputs, merged)) { IsBatchable = signature.IsBatchable, Metadata = merged };
    }
}

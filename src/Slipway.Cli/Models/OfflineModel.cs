using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Conversion;
using Slipway.OnnxRuntime;
using Slipway.Server.Hosting;

namespace Slipway.Cli.Models;

/// <summary>A model loaded into this process, without a server. Runs may go on at once from several threads.</summary>
internal sealed class OfflineModel : IDisposable
{
    // Owns the runtime, which the loaded model needs.
    private readonly ServiceProvider _services;
    private readonly ILoadedModel _model;

    private OfflineModel(ServiceProvider services, ILoadedModel model, ModelSignature signature)
    {
        _services = services;
        _model = model;
        Signature = signature;
    }

    /// <summary>Inputs, outputs and metadata.</summary>
    public ModelSignature Signature { get; }

    /// <summary>The loaded model.</summary>
    public ILoadedModel Loaded => _model;

    /// <summary>Reads and loads a model.</summary>
    /// <param name="options">Which model, and how.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException">The model, which is named, is damaged, of no known format, or the engine refuses it.</exception>
    public static Task<OfflineModel> LoadAsync(OfflineModelOptions options, CancellationToken cancellationToken) =>
        Culprit.NamingAsync(options.Path, () => ReadAsync(options, cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _services.Dispose();
    }

    private static async Task<OfflineModel> ReadAsync(OfflineModelOptions options, CancellationToken cancellationToken)
    {
        ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddShippedFormats()
            .Configure<ConvertedModelOptions>(converted => converted.Folder = options.Data is null ? null : Path.Combine(Path.GetFullPath(options.Data), "converted"))
            .Configure<OnnxRuntimeOptions>(engine => engine.IntraOpThreads = options.ThreadsPerRun)
            .BuildServiceProvider();
        try
        {
            using PreparedModel prepared = await services.GetRequiredService<IModelPreparer>().PrepareAsync(StandaloneModel.Open(options.Path), cancellationToken);
            PreparedModel chosen = options.Signature is null ? prepared : ModelConverter.Signature(prepared, options.Signature);
            IModelRuntime runtime = services.GetServices<IModelRuntime>().FirstOrDefault(each => each.Name == prepared.Runtime)
                ?? throw new SlipwayException(ErrorCode.NotSupported, $"models for the runtime '{prepared.Runtime}' can't be scored here");
            if (runtime is OnnxModelRuntime)
            {
                RequireEngine();
            }

            ILoadedModel model = await runtime.LoadAsync(chosen, new EngineConfig { SessionOptions = options.SessionOptions }, cancellationToken);
            return new OfflineModel(services, model, WithMetadata(model.Signature, chosen.Metadata));
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    // That there is no engine lies neither in the model nor in the rows.
    private static void RequireEngine()
    {
        try
        {
            _ = OnnxModelRuntime.LibraryVersion;
        }
        catch (SlipwayException missing)
        {
            throw new CliException(ExitCode.Failed, missing.Message, missing);
        }
    }

    private static ModelSignature WithMetadata(ModelSignature signature, IReadOnlyDictionary<string, string> below)
    {
        Dictionary<string, string> merged = new(below, StringComparer.Ordinal);
        foreach ((string key, string value) in signature.Metadata)
        {
            merged[key] = value;
        }

        return new ModelSignature(signature.Inputs, ModelMetadata.WithLabels(signature.Outputs, merged))
        {
            IsBatchable = signature.IsBatchable,
            HasRows = signature.HasRows,
            Metadata = merged,
        };
    }
}

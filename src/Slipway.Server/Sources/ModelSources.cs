using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Inference.Repository;
using Slipway.Registry.Serving;
using Slipway.Server.Options;

namespace Slipway.Server.Sources;

/// <summary>Makes the source of models that the options ask for: a folder, a list in TensorFlow Serving's form, the registry, or several of them.</summary>
internal static class ModelSources
{
    private const string DefaultFolder = "models";

    /// <summary>Adds the <see cref="IModelSource"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: the folder asked for does not exist.</exception>
    public static void Add(IServiceCollection services, ModelsOptions options)
    {
        string? folder = options.Path ?? (options.TensorflowServingConfig is null && Directory.Exists(DefaultFolder) ? DefaultFolder : null);
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"models.path: there is no folder '{folder}'");
        }

        if (folder is not null)
        {
            services.AddSingleton(provider => MakeFolder(provider, options, folder));
        }

        if (options.TensorflowServingConfig is { } list)
        {
            services.AddSingleton(provider => MakeList(provider, options, list));
            services.AddSingleton<IModelListControl>(provider => provider.GetRequiredService<ConfiguredModelSource>());
        }

        services.AddSingleton(provider => Join(provider, options));
    }

    private static IModelSource Join(IServiceProvider services, ModelsOptions options)
    {
        IModelSource[] sources = [.. ((IModelSource?[])[services.GetService<FolderModelSource>(), services.GetService<ConfiguredModelSource>(), services.GetService<RegistryModelSource>()]).OfType<IModelSource>()];
        IModelSource source = sources switch
        {
            [] => new NoModels(),
            [var only] => only,
            _ => new CompositeModelSource(sources),
        };
        return options.Watch ? source : new ReadOnceSource(source);
    }

    private static FolderModelSource MakeFolder(IServiceProvider services, ModelsOptions options, string folder) => new(
        new FolderModelSourceOptions
        {
            Path = Path.GetFullPath(folder),
            PollInterval = options.Poll,
            SettleTime = options.Settle,
            Defaults = options.Defaults,
            LooksLikeModel = Sniffer(services),
        },
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<FolderModelSource>>());

    // A file whose name could mean anything is a model when a format that is served knows it.
    private static Func<string, long, ReadOnlyMemory<byte>, bool> Sniffer(IServiceProvider services)
    {
        ModelFormats formats = services.GetRequiredService<ModelFormats>();
        return (name, length, head) =>
            formats.Find(new FormatSample(name, length, head, [new ModelFile(name, length)])) is { Support.Serving: not FormatServing.NotServed };
    }

    private static ConfiguredModelSource MakeList(IServiceProvider services, ModelsOptions options, string list) => new(
        new ConfiguredModelSourceOptions
        {
            ListFile = Path.GetFullPath(list),
            ReloadListFile = options.Watch,
            PollInterval = options.Poll,
            SettleTime = options.Settle,
            Defaults = options.Defaults,
            LooksLikeModel = Sniffer(services),
        },
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<ConfiguredModelSource>>());
}

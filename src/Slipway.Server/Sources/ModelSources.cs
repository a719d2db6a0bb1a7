using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Repository;
using Slipway.Server.Options;

namespace Slipway.Server.Sources;

/// <summary>Makes the source of models that the options ask for.</summary>
internal static class ModelSources
{
    private const string DefaultFolder = "models";

    /// <summary>Adds the <see cref="IModelSource"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: the folder asked for does not exist.</exception>
    public static void Add(IServiceCollection services, ModelsOptions options)
    {
        string? path = options.Path ?? (Directory.Exists(DefaultFolder) ? DefaultFolder : null);
        if (path is null)
        {
            services.AddSingleton<IModelSource, NoModels>();
            return;
        }

        if (!Directory.Exists(path))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"models.path: there is no folder '{path}'");
        }

        services.AddSingleton(provider => new FolderModelSource(
            new FolderModelSourceOptions { Path = Path.GetFullPath(path), PollInterval = options.Poll, SettleTime = options.Settle },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FolderModelSource>>()));
        services.AddSingleton<IModelSource>(provider => options.Watch
            ? provider.GetRequiredService<FolderModelSource>()
            : new ReadOnceSource(provider.GetRequiredService<FolderModelSource>()));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;
using Slipway.Formats.MLmodel;

namespace Slipway.Formats;

/// <summary>Adds the reading of model files.</summary>
public static class FormatsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ModelFormats"/>, made of every registered <see cref="IModelFormat"/>, this room's among them, and the
    /// <see cref="IModelPreparer"/> (which keeps converted models where <see cref="ConvertedModelOptions"/> say) and <see cref="ModelConverter"/> over them, unless the host has its own.
    /// </summary>
    public static IServiceCollection AddModelFormats(this IServiceCollection services)
    {
        services.TryAddEnumerable(ModelFormats.Own.Select(static format => ServiceDescriptor.Singleton(format)));
        services.TryAddSingleton(static provider => new ModelFormats(provider.GetServices<IModelFormat>()));
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ConvertedModelCache>();
        services.TryAddSingleton<ModelPreparer>();
        services.TryAddSingleton<IModelPreparer>(static provider => provider.GetRequiredService<ModelPreparer>());
        services.TryAddSingleton<ModelConverter>();
        services.TryAddSingleton<IVersionInspector, MLmodelInspector>();
        return services;
    }
}

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
    /// Adds <see cref="ModelFormats"/>, made of this room's formats and every registered <see cref="IModelFormat"/>, and the
    /// <see cref="IModelPreparer"/> (which keeps converted models where <see cref="ConvertedModelOptions"/> say) and <see cref="ModelConverter"/> over them, unless the host has its own.
    /// </summary>
    public static IServiceCollection AddModelFormats(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ModelFormats([.. provider.GetServices<IModelFormat>(), .. ModelFormats.Own]));
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

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Core;

namespace Slipway.Formats;

/// <summary>Adds the reading of model files.</summary>
public static class FormatsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ModelFormats"/> and the <see cref="IModelPreparer"/> over them, unless the host has its own.</summary>
    public static IServiceCollection AddModelFormats(this IServiceCollection services)
    {
        services.TryAddSingleton(ModelFormats.Default);
        services.TryAddSingleton<ModelPreparer>();
        services.TryAddSingleton<IModelPreparer>(static provider => provider.GetRequiredService<ModelPreparer>());
        return services;
    }
}

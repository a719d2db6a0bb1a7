using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Formats.Abstractions;

namespace Slipway.Keras;

/// <summary>Adds Keras models.</summary>
public static class KerasServiceCollectionExtensions
{
    /// <summary>Adds <see cref="KerasFormat"/> to the formats that are composed.</summary>
    public static IServiceCollection AddKerasFormat(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelFormat, KerasFormat>());
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Formats.Abstractions;

namespace Slipway.Sklearn;

/// <summary>Adds scikit-learn models.</summary>
public static class SklearnServiceCollectionExtensions
{
    /// <summary>Adds <see cref="SklearnFormat"/> to the formats that are composed.</summary>
    public static IServiceCollection AddSklearnFormat(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelFormat, SklearnFormat>());
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Pmml;

/// <summary>Adds PMML to a host.</summary>
public static class PmmlServiceCollectionExtensions
{
    /// <summary>Adds <see cref="PmmlFormat"/> and the <see cref="PmmlModelRuntime"/> that evaluates what it prepares.</summary>
    public static IServiceCollection AddPmml(this IServiceCollection services)
    {
        services.AddOptions<PmmlOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelFormat, PmmlFormat>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelRuntime, PmmlModelRuntime>());
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Formats.Abstractions;

namespace Slipway.TensorFlow;

/// <summary>Adds TensorFlow's models to those that are read.</summary>
public static class TensorFlowServiceCollectionExtensions
{
    /// <summary>Adds <see cref="SavedModelFormat"/>.</summary>
    public static IServiceCollection AddTensorFlowModels(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelFormat, SavedModelFormat>());
        return services;
    }
}

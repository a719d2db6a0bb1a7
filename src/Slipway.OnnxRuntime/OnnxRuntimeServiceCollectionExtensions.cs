using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Slipway.Core;

namespace Slipway.OnnxRuntime;

/// <summary>Adds the engine to a host.</summary>
public static class OnnxRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="OnnxModelRuntime"/> as an <see cref="IModelRuntime"/>. Options are bound by the host; wrong ones stop it at start.
    /// The native library is loaded with the first model, not here.
    /// </summary>
    public static IServiceCollection AddOnnxRuntime(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<OnnxRuntimeOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OnnxRuntimeOptions>, OnnxRuntimeOptionsValidator>());
        services.TryAddSingleton<OnnxModelRuntime>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelRuntime, OnnxModelRuntime>(static provider => provider.GetRequiredService<OnnxModelRuntime>()));
        return services;
    }
}

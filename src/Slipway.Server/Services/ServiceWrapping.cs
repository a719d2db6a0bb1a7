using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Server.Services;

/// <summary>Lets one room put its own service around another's.</summary>
internal static class ServiceWrapping
{
    /// <summary>
    /// Takes the last registration of a service away and gives what makes it, once for each container: the caller registers the service anew, made from the former.
    /// </summary>
    /// <exception cref="InvalidOperationException">The service is not registered.</exception>
    public static Func<IServiceProvider, T> TakeOut<T>(this IServiceCollection services)
        where T : class
    {
        ServiceDescriptor descriptor = services.LastOrDefault(static service => service.ServiceType == typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered");
        services.Remove(descriptor);

        // The container keeps and disposes what it makes, under a key of its own.
        object key = new();
        services.AddKeyedSingleton(key, (provider, _) => (T)(descriptor.ImplementationInstance
            ?? descriptor.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!)));
        return provider => provider.GetRequiredKeyedService<T>(key);
    }
}

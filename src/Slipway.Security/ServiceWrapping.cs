using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Security;

/// <summary>Puts one implementation of a service around another.</summary>
internal static class ServiceWrapping
{
    /// <summary>Replaces the service that the container would give by <paramref name="wrap"/> around it; nothing where it has none.</summary>
    public static void Wrap<T>(this IServiceCollection services, Func<T, IServiceProvider, T> wrap)
        where T : class
    {
        int index = services.Count - 1;
        while (index >= 0 && (services[index].ServiceType != typeof(T) || services[index].IsKeyedService))
        {
            index--;
        }

        if (index < 0)
        {
            return;
        }

        ServiceDescriptor inner = services[index];
        services[index] = ServiceDescriptor.Describe(typeof(T), provider => wrap((T)Create(inner, provider), provider), inner.Lifetime);
    }

    private static object Create(ServiceDescriptor descriptor, IServiceProvider provider) => descriptor switch
    {
        { ImplementationInstance: { } instance } => instance,
        { ImplementationFactory: { } factory } => factory(provider),
        _ => ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!),
    };
}

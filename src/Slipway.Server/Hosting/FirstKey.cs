using Microsoft.Extensions.DependencyInjection;
using Slipway.Security.Keys;

namespace Slipway.Server.Hosting;

/// <summary>The administrator's key of a server that starts for the first time with authentication on: random, and shown on this one occasion.</summary>
internal static class FirstKey
{
    private const string Name = "bootstrap";

    /// <summary>Makes and shows it where there never was a key.</summary>
    /// <param name="services">The server's parts.</param>
    /// <param name="writer">Standard error: the logs may go elsewhere, and stay there.</param>
    public static void Create(IServiceProvider services, TextWriter writer)
    {
        if (services.GetService<ApiKeys>()?.CreateFirst(Name) is { } created)
        {
            writer.WriteLine($"slipway: first start: the administrator's API key is {created.Key}");
            writer.WriteLine($"slipway: it is shown only now; make keys of your own with 'slipway key create' and then revoke it with 'slipway key revoke {Name}'");
        }
    }
}

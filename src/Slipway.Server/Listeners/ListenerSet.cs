using Slipway.Core;
using Slipway.Server.Options;

namespace Slipway.Server.Listeners;

/// <summary>The listeners as they were asked for, checked.</summary>
internal sealed class ListenerSet
{
    private ListenerSet(IReadOnlyList<Listener> listeners)
    {
        All = listeners;
    }

    /// <summary>All listeners: <c>http</c>, <c>grpc</c>, <c>admin</c>.</summary>
    public IReadOnlyList<Listener> All { get; }

    /// <summary>Names of the listeners that other machines can reach in clear or without being asked who they are.</summary>
    public required IReadOnlyList<string> Exposed { get; init; }

    /// <summary>Checks addresses, that no two are the same, and that nothing is open to other machines unless that was asked for.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming every fault.</exception>
    public static ListenerSet Create(ServerOptions options)
    {
        List<string> faults = [];
        List<Listener> listeners = [];
        Add("http", options.Listeners.Http, Plane.Data, ListenerProtocols.Http1);
        Add("grpc", options.Listeners.Grpc, Plane.Data, ListenerProtocols.Http2);
        Add("admin", options.Listeners.Admin, Plane.Admin, ListenerProtocols.Http1);

        foreach (IGrouping<ListenerAddress, Listener> same in listeners.Where(listener => listener.Address.Port != 0).GroupBy(listener => listener.Address))
        {
            if (same.Count() > 1)
            {
                faults.Add($"listeners {string.Join(" and ", same.Select(listener => listener.Name))} both want {same.Key}");
            }
        }

        return faults.Count == 0
            ? new ListenerSet(listeners) { Exposed = [.. listeners.Where(listener => !IsProtected(listener, options)).Select(listener => $"{listener.Name} on {listener.Address}")] }
            : throw new SlipwayException(ErrorCode.InvalidConfiguration, string.Join("; ", faults));

        void Add(string name, ListenerOptions listener, Plane plane, ListenerProtocols protocols)
        {
            if (!ListenerAddress.TryParse(listener.Address, out ListenerAddress address))
            {
                faults.Add($"listeners.{name}: '{listener.Address}' is not {ListenerAddress.Expected}");
                return;
            }

            if (listener.Tls?.Fault is { } fault)
            {
                faults.Add($"listeners.{name}.tls: {fault}");
            }

            Listener added = new(name, address, plane, listener.Tls is null ? protocols : ListenerProtocols.Http1AndHttp2, listener.Tls);
            listeners.Add(added);
            if (!options.Insecure && !IsProtected(added, options))
            {
                faults.Add($"listeners.{name}: {listener.Address} can be reached from other machines, and {Missing(added, options)}; give it both, "
                    + "use a loopback address, or --insecure if something in front of the server protects it");
            }
        }
    }

    private static bool IsProtected(Listener listener, ServerOptions options) => listener.Address.IsLoopback || (listener.Tls is not null && options.Security.RequireAuthentication);

    private static string Missing(Listener listener, ServerOptions options) => (listener.Tls, options.Security.RequireAuthentication) switch
    {
        (null, false) => "there is neither TLS (tls: {certificate, key}) nor authentication (security.authentication: required)",
        (null, true) => "there is no TLS (tls: {certificate, key})",
        _ => "there is no authentication (security.authentication: required)",
    };
}

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

    /// <summary>Names of the listeners that other machines can reach, with nothing that asks who calls.</summary>
    public IEnumerable<string> Exposed => All.Where(listener => !listener.Address.IsLoopback).Select(listener => $"{listener.Name} on {listener.Address}");

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
            ? new ListenerSet(listeners)
            : throw new SlipwayException(ErrorCode.InvalidConfiguration, string.Join("; ", faults));

        void Add(string name, ListenerOptions listener, Plane plane, ListenerProtocols protocols)
        {
            if (!ListenerAddress.TryParse(listener.Address, out ListenerAddress address))
            {
                faults.Add($"listeners.{name}: '{listener.Address}' is not {ListenerAddress.Expected}");
                return;
            }

            if (!address.IsLoopback && !options.Insecure)
            {
                faults.Add($"listeners.{name}: {listener.Address} can be reached from other machines, and there is no authentication; "
                    + "use a loopback address, or --insecure if something in front of the server protects it");
            }

            if (listener.Tls is { } tls && (tls.Certificate.Length == 0 || tls.Key.Length == 0))
            {
                faults.Add($"listeners.{name}.tls: both certificate and key are needed");
            }

            listeners.Add(new Listener(name, address, plane, listener.Tls is null ? protocols : ListenerProtocols.Http1AndHttp2, listener.Tls));
        }
    }
}

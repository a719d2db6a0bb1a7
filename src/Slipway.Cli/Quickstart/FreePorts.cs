using System.Net;
using System.Net.Sockets;
using Slipway.Server.Options;

namespace Slipway.Cli.Quickstart;

/// <summary>Finds out whether the default ports are free.</summary>
internal static class FreePorts
{
    /// <summary>Lets the system choose a port for every listener whose own is taken.</summary>
    /// <returns>The addresses that are taken.</returns>
    public static IReadOnlyList<string> Avoid(ListenersOptions listeners)
    {
        List<string> taken = [];
        foreach (ListenerOptions listener in (ListenerOptions[])[listeners.Http, listeners.Grpc, listeners.Admin])
        {
            if (IPEndPoint.TryParse(listener.Address, out IPEndPoint? address) && !IsFree(address))
            {
                taken.Add(listener.Address);
                listener.Address = new IPEndPoint(address.Address, 0).ToString();
            }
        }

        return taken;
    }

    private static bool IsFree(IPEndPoint address)
    {
        using TcpListener probe = new(address);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

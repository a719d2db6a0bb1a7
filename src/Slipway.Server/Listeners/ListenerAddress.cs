using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Slipway.Server.Listeners;

/// <summary>A checked address to listen on.</summary>
/// <param name="Address">The local address.</param>
/// <param name="Port">The port; 0 lets the system choose.</param>
internal readonly record struct ListenerAddress(IPAddress Address, int Port)
{
    /// <summary>What <see cref="TryParse"/> takes, for error messages.</summary>
    public const string Expected = "HOST:PORT with an IP address, localhost or * and a port from 0 to 65535, such as 127.0.0.1:8080";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>HOST:PORT</c>. Host names other than <c>localhost</c> are refused: what they resolve to may change.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ListenerAddress address)
    {
        address = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
        {
            return false;
        }

        if (ParseHost(text![..colon]) is not { } host)
        {
            return false;
        }

        address = new ListenerAddress(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => new IPEndPoint(Address, Port).ToString();

    private static IPAddress? ParseHost(string host) => host switch
    {
        "*" => IPAddress.IPv6Any,
        "localhost" => IPAddress.Loopback,
        ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out IPAddress? six) && inner.Contains(':', StringComparison.Ordinal) ? six : null,
        _ => ParseDotted(host),
    };

    // Four dotted parts only: IPAddress also reads "1" and "0x7f.1", which are more often typing errors than addresses.
    private static IPAddress? ParseDotted(string host) =>
        host.Count(character => character == '.') == 3 && IPAddress.TryParse(host, out IPAddress? four) ? four : null;
}

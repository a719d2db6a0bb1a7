namespace Slipway.Server.Options;

/// <summary>One listener.</summary>
/// <param name="address">Host and port, see <see cref="Address"/>.</param>
public sealed class ListenerOptions(string address)
{
    /// <summary>
    /// <c>HOST:PORT</c>: an IP address (IPv6 in brackets), <c>localhost</c> (127.0.0.1) or <c>*</c> (every address of the machine). Port 0 lets the
    /// system choose; the ready line says which.
    /// </summary>
    public string Address { get; set; } = address;

    /// <summary>Certificate and key; null (default): no TLS.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>Whether nothing was said but the address, as on the command line.</summary>
    internal bool IsAddressOnly { get; init; }

    /// <summary>This listener in place of an earlier one. Where only an address was given the earlier one's TLS stays: another port must not mean less protection.</summary>
    internal ListenerOptions Over(ListenerOptions earlier) => IsAddressOnly ? new ListenerOptions(Address) { Tls = earlier.Tls } : this;

    /// <summary>The address, and whether there is TLS.</summary>
    public override string ToString() => Tls is null ? Address : $"{Address} with TLS";
}

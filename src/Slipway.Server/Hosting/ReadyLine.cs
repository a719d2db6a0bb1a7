using System.Globalization;
using System.Text;

namespace Slipway.Server.Hosting;

/// <summary>The one line on standard output that says that the server is ready. Scripts read it: fields are only ever added at the end.</summary>
public static class ReadyLine
{
    /// <summary><c>slipway ready http=HOST:PORT grpc=HOST:PORT admin=HOST:PORT models=N</c>.</summary>
    /// <param name="listeners">Listeners by name, where they really are.</param>
    /// <param name="models">Models that answer requests.</param>
    public static string Format(IReadOnlyDictionary<string, Uri> listeners, int models)
    {
        StringBuilder line = new("slipway ready");
        foreach (string name in (ReadOnlySpan<string>)["http", "grpc", "admin"])
        {
            line.Append(CultureInfo.InvariantCulture, $" {name}={listeners[name].Authority}");
        }

        return line.Append(CultureInfo.InvariantCulture, $" models={models}").ToString();
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;

namespace Slipway.Cli.Commands;

/// <summary>Reads addresses of servers.</summary>
internal static class UriOption
{
    /// <summary>The option that names a server's control plane; without it the command asks <see cref="ServerAddress.Admin"/>.</summary>
    public static Option<Uri?> ControlPlane() =>
        new("--url") { Description = "The server's control plane (default: $SLIPWAY_URL, else http://127.0.0.1:8090).", HelpName = "U", CustomParser = Parse };

    /// <summary>An option's value, as <see cref="Read"/> takes it.</summary>
    public static Uri? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        Uri? address = Read(text);
        if (address is null)
        {
            result.AddError(Problem(text));
        }

        return address;
    }

    /// <summary>Takes <c>http://HOST:PORT</c>, <c>https://HOST:PORT</c>, and <c>HOST:PORT</c> as the former; null for anything else.</summary>
    public static Uri? Read(string text)
    {
        string full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(full, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? address : null;
    }

    /// <summary>What is wrong with a text that <see cref="Read"/> doesn't take.</summary>
    public static string Problem(string text) => $"'{text}' is not an address: expected http://HOST:PORT";
}

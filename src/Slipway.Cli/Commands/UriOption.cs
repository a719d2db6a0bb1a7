using System.CommandLine.Parsing;

namespace Slipway.Cli.Commands;

/// <summary>Reads addresses of servers.</summary>
internal static class UriOption
{
    /// <summary>Takes <c>http://HOST:PORT</c>, <c>https://HOST:PORT</c>, and <c>HOST:PORT</c> as the former.</summary>
    public static Uri? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(full, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
        {
            return address;
        }

        result.AddError($"'{text}' is not an address: expected http://HOST:PORT");
        return null;
    }
}

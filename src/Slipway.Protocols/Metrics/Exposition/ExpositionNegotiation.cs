using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>Chooses format and compression by the scraper's headers.</summary>
internal static class ExpositionNegotiation
{
    /// <summary>Content type of Prometheus text 0.0.4.</summary>
    public const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of OpenMetrics 1.0.</summary>
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>
    /// The format with the higher <c>q</c>; Prometheus text when both are wanted alike, nothing is said, or neither is known. A version of
    /// OpenMetrics other than 1.0.0 and 0.0.1 is not offered.
    /// </summary>
    public static ExpositionFormat ChooseFormat(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? ranges))
        {
            return ExpositionFormat.PrometheusText;
        }

        double text = 0;
        double openMetrics = 0;
        foreach (MediaTypeHeaderValue range in ranges)
        {
            double quality = range.Quality ?? 1;
            if (range.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
            {
                if (Parameter(range, "version") is null or "1.0.0" or "0.0.1")
                {
                    openMetrics = Math.Max(openMetrics, quality);
                }
            }
            else if (range.MatchesAllTypes || range.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
                || range.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, quality);
            }
        }

        return openMetrics > text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    /// <summary>Whether the scraper takes gzip.</summary>
    public static bool AcceptsGzip(StringValues acceptEncoding)
    {
        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding, out IList<StringWithQualityHeaderValue>? codings))
        {
            return false;
        }

        double? any = null;
        foreach (StringWithQualityHeaderValue coding in codings)
        {
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return (coding.Quality ?? 1) > 0;
            }

            any = coding.Value == "*" ? coding.Quality ?? 1 : any;
        }

        return any > 0;
    }

    private static string? Parameter(MediaTypeHeaderValue range, string name)
    {
        foreach (NameValueHeaderValue parameter in range.Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return HeaderUtilities.RemoveQuotes(parameter.Value).ToString();
            }
        }

        return null;
    }
}

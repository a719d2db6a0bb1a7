namespace Slipway.Bench.Load;

/// <summary>The same request, again and again, closed loop.</summary>
/// <param name="Url">Where to.</param>
/// <param name="BodyFile">File with the body, gRPC prefix included.</param>
/// <param name="Headers">Headers, content type included.</param>
/// <param name="Connections">Connections.</param>
/// <param name="StreamsPerConnection">Requests at once on a connection; 0: HTTP/1.1, one at a time.</param>
internal sealed record LoadPlan(
    Uri Url,
    string BodyFile,
    IReadOnlyDictionary<string, string> Headers,
    int Connections,
    int StreamsPerConnection = 0)
{
    /// <summary>Whether it is HTTP/2.</summary>
    public bool Http2 => StreamsPerConnection > 0;

    /// <summary>The same load at another address.</summary>
    public LoadPlan At(Uri? server) => this with { Url = new Uri(server!, Url.PathAndQuery) };
}

/// <summary>What came of a load.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Failed">Requests that failed, or were answered with a status other than 2xx.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile of latency.</param>
internal sealed record LoadResult(long Requests, long Failed, double Seconds, TimeSpan? P50 = null, TimeSpan? P99 = null)
{
    /// <summary>Answers per second.</summary>
    public double Rate => Requests / Seconds;
}

/// <summary>Makes load.</summary>
internal interface ILoadGenerator
{
    /// <summary>Its name, for reports.</summary>
    string Name { get; }

    /// <summary>Makes the load for some seconds.</summary>
    Task<LoadResult> RunAsync(LoadPlan plan, double seconds);
}

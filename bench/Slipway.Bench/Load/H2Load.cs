using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Bench.Processes;

namespace Slipway.Bench.Load;

/// <summary>HTTP/2 without TLS by h2load. It does not see gRPC's own status: the harness asks once, by hand, before it measures.</summary>
internal sealed partial class H2Load(string h2load) : ILoadGenerator
{
    public string Name => "h2load";

    public async Task<LoadResult> RunAsync(LoadPlan plan, double seconds)
    {
        List<string> arguments =
        [
            "-t", "1",
            "-c", plan.Connections.ToString(CultureInfo.InvariantCulture),
            "-m", plan.StreamsPerConnection.ToString(CultureInfo.InvariantCulture),
            "-D", Math.Max(1, (int)Math.Round(seconds)).ToString(CultureInfo.InvariantCulture),
            "-d", plan.BodyFile,
        ];
        foreach ((string name, string value) in plan.Headers)
        {
            arguments.AddRange(["-H", $"{name}: {value}"]);
        }

        arguments.Add(plan.Url.ToString());
        string output = await Tool.RunAsync(h2load, arguments);
        Match figures = Figures().Match(output);
        long requests = long.Parse(figures.Groups[2].Value, CultureInfo.InvariantCulture);
        return new LoadResult(
            requests,
            long.Parse(Failures().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            requests / Math.Max(1e-9, double.Parse(figures.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"finished in [\d.]+\w+, ([\d.]+) req/s[\s\S]*?status codes: (\d+) 2xx")]
    private static partial Regex Figures();

    [GeneratedRegex(@"(\d+) failed")]
    private static partial Regex Failures();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Bench.Processes;

namespace Slipway.Bench.Load;

/// <summary>HTTP/1.1 by wrk.</summary>
internal sealed partial class WrkLoad(string wrk) : ILoadGenerator
{
    public string Name => "wrk";

    public async Task<LoadResult> RunAsync(LoadPlan plan, double seconds)
    {
        string script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Script(plan));
            string output = await Tool.RunAsync(
                wrk,
                [
                    "-t", "1", "-c", plan.Connections.ToString(CultureInfo.InvariantCulture),
                    "-d", $"{Math.Max(1, (int)Math.Round(seconds))}s", "--timeout", "10s", "-s", script, plan.Url.ToString(),
                ]);
            double[] figures = [.. Figures().Match(output).Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
            return new LoadResult(
                (long)(figures[0] - figures[2]),
                (long)(figures[2] + figures[3]),
                figures[1] / 1e6,
                TimeSpan.FromMicroseconds(figures[4]),
                TimeSpan.FromMicroseconds(figures[5]));
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Script(LoadPlan plan) => string.Concat(
        $"local f = io.open('{plan.BodyFile}', 'rb')\nwrk.method = 'POST'\nwrk.body = f:read('*a')\nf:close()\n",
        string.Concat(plan.Headers.Select(header => $"wrk.headers['{header.Key}'] = '{header.Value}'\n")),
        "function done(summary, latency, requests)\n",
        "  local e = summary.errors\n",
        "  print(string.format('FIGURES %d %d %d %d %f %f', summary.requests, summary.duration, e.status,",
        " e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))\nend\n");

    [GeneratedRegex(@"FIGURES (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)")]
    private static partial Regex Figures();
}

using System.Globalization;
using Slipway.Cli.Terminal;
using Spectre.Console;

namespace Slipway.Cli.Benchmarking;

/// <summary>A report for people: a table on a terminal, plain lines in a pipe.</summary>
internal static class BenchSummary
{
    /// <summary>Writes the report.</summary>
    public static void Write(CliTerminal terminal, BenchReport report)
    {
        string loop = report.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"open loop, {rate:0.##} requests/s") : "closed loop";
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Model} at {report.Url}: {report.Protocol}, {report.RequestBytes:N0} bytes a request, {report.Connections} connections, {loop}, {report.Seconds:0.0} s"));
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.RequestsPerSecond:N1} requests/s; {report.Succeeded:N0} succeeded, {report.Failed:N0} failed{Kinds(report)}"));
        if (report.LatencyMicroseconds.Count == 0)
        {
            return;
        }

        if (terminal.IsOutInteractive)
        {
            WriteTable(terminal, report);
            return;
        }

        foreach ((string name, double microseconds) in report.LatencyMicroseconds)
        {
            terminal.Out.WriteLine($"{name,-7}{Shown(microseconds),12}");
        }
    }

    private static void WriteTable(CliTerminal terminal, BenchReport report)
    {
        IAnsiConsole console = Plain.Console(terminal);
        Table table = new Table().Border(Plain.Border(terminal)).AddColumn("latency").AddColumn(new TableColumn("").RightAligned());
        foreach ((string name, double microseconds) in report.LatencyMicroseconds)
        {
            table.AddRow(name, Shown(microseconds));
        }

        console.Write(table);
    }

    private static string Kinds(BenchReport report) => report.Failures.Count == 0
        ? ""
        : $" ({string.Join(", ", report.Failures.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key}: {kind.Value}"))})";

    private static string Shown(double microseconds) => microseconds switch
    {
        < 1_000 => microseconds.ToString("0.0 µs", CultureInfo.InvariantCulture),
        < 1_000_000 => (microseconds / 1_000).ToString("0.000 ms", CultureInfo.InvariantCulture),
        _ => (microseconds / 1_000_000).ToString("0.000 s", CultureInfo.InvariantCulture),
    };
}

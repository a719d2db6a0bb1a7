using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Benchmarking;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Client.Models;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway bench</c>: makes load for a server and measures how it answers.</summary>
internal sealed class BenchCommand
{
    private const int MostConnections = 10_000;

    private readonly CliTerminal _terminal;
    private readonly Option<Uri> _url = new("--url") { Description = "The server's HTTP listener (default http://127.0.0.1:8080).", HelpName = "U", CustomParser = UriOption.Parse };
    private readonly Option<Uri?> _grpcUrl = new("--grpc-url") { Description = "The server's gRPC listener (default the host of --url, port 8081).", HelpName = "U", CustomParser = UriOption.Parse };
    private readonly Option<string> _model = new("--model") { Required = true, Description = "Model to ask: NAME, NAME@ALIAS or NAME:VERSION.", HelpName = "NAME" };
    private readonly Option<string> _protocol = new("--protocol") { Description = "json, binary or grpc.", DefaultValueFactory = _ => "json" };
    private readonly Option<int> _connections = new("--connections", "-c") { Description = "Connections, each with one request in flight.", HelpName = "N", DefaultValueFactory = _ => 8 };
    private readonly Option<double?> _rate = new("--rate") { Description = "Requests per second that arrive whatever the server does; absent: as fast as answers come.", HelpName = "R" };
    private readonly Option<double> _duration = new("--duration", "-d") { Description = "Seconds to measure.", HelpName = "S", DefaultValueFactory = _ => 10 };
    private readonly Option<double> _warmup = new("--warmup") { Description = "Seconds of the same load before that.", HelpName = "S", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _batch = new("--batch") { Description = "Rows in one request, where the first dimension is free.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _shape = new("--shape") { Description = "Shape of an input with free dimensions: NAME:1,3,224,224. May be given several times." };
    private readonly Option<string?> _json = new("--json") { Description = "Also write the report as JSON to this file; - for standard output.", HelpName = "FILE" };

    private BenchCommand(CliTerminal terminal)
    {
        _terminal = terminal;
        _protocol.AcceptOnlyFromAmong("json", "binary", "grpc");
    }

    public static Command Create(CliTerminal terminal)
    {
        BenchCommand bench = new(terminal);
        Command command = new("bench", "Make load for a server and measure latency, open or closed loop.")
        {
            bench._url, bench._grpcUrl, bench._model, bench._protocol, bench._connections, bench._rate, bench._duration, bench._warmup, bench._batch, bench._shape, bench._json,
        };
        command.SetAction(bench.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        BenchPlan plan = ReadPlan(parsed);
        Uri url = parsed.GetValue(_url) ?? ServerAddress.Http;
        ModelReference model = ModelReference.Parse(parsed.GetValue(_model)!);
        BenchProtocol protocol = Enum.Parse<BenchProtocol>(parsed.GetValue(_protocol)!, ignoreCase: true);
        int batch = Positive(parsed.GetValue(_batch), "--batch");
        Dictionary<string, long[]> shapes = ReadShapes(parsed.GetValue(_shape) ?? []);

        IReadOnlyList<ClientTensor> inputs;
        using (SlipwayClient client = new(url))
        {
            ModelMetadata metadata = await client.GetModelAsync(model.Name, model.Version, cancellationToken);
            inputs = SyntheticInputs.Create(metadata, batch, shapes);
        }

        Uri target = protocol == BenchProtocol.Grpc ? parsed.GetValue(_grpcUrl) ?? ServerAddress.GrpcBeside(url) : url;
        BenchRequest request = BenchRequest.Create(target, protocol, new InferCall(model.Name, inputs) { Version = model.Version });
        LoadRunner runner = new(plan, request.Connect, _terminal.Time);
        Task<(WorkerResult, TimeSpan)> load = runner.RunAsync(cancellationToken);
        await BenchProgress.ShowAsync(_terminal, plan.Warmup + plan.Duration, () => runner.Answered, load);
        (WorkerResult result, TimeSpan measured) = await load;

        BenchReport report = new()
        {
            Url = target.ToString(),
            Model = model.ToString(),
            Protocol = protocol.ToString().ToLowerInvariant(),
            Connections = plan.Connections,
            Rate = plan.Rate,
            RequestBytes = request.Bytes,
            Seconds = measured.TotalSeconds,
            Succeeded = result.Latency.Count,
            Failed = result.Failures.Values.Sum(),
            Failures = result.Failures,
            RequestsPerSecond = result.Latency.Count / measured.TotalSeconds,
            LatencyMicroseconds = BenchReport.Latencies(result.Latency),
        };
        await WriteAsync(report, parsed.GetValue(_json), cancellationToken);
        return report.Succeeded > 0 ? ExitCode.Done : throw new CliException(ExitCode.Failed, $"no request succeeded ({string.Join(", ", report.Failures.Keys)})");
    }

    private async Task WriteAsync(BenchReport report, string? file, CancellationToken cancellationToken)
    {
        if (file != "-")
        {
            BenchSummary.Write(_terminal, report);
        }

        if (file is null)
        {
            return;
        }

        string json = JsonSerializer.Serialize(report, BenchJson.Default.BenchReport);
        await (file == "-" ? _terminal.Out.WriteLineAsync(json) : File.WriteAllTextAsync(file, json + "\n", cancellationToken));
    }

    private BenchPlan ReadPlan(ParseResult parsed)
    {
        double? rate = parsed.GetValue(_rate);
        int connections = parsed.GetValue(_connections);
        if (rate is not null and not (> 0 and < 10_000_000))
        {
            throw new CliException(ExitCode.Usage, $"--rate {rate}: expected requests per second above 0");
        }

        return new BenchPlan
        {
            Connections = connections is >= 1 and <= MostConnections ? connections : throw new CliException(ExitCode.Usage, $"--connections {connections}: expected 1 to {MostConnections}"),
            Rate = rate,
            Duration = Seconds(parsed.GetValue(_duration), 0.01, "--duration"),
            Warmup = Seconds(parsed.GetValue(_warmup), 0, "--warmup"),
        };
    }

    private static Dictionary<string, long[]> ReadShapes(string[] shapes)
    {
        Dictionary<string, long[]> read = [];
        foreach (string shape in shapes)
        {
            // Names of inputs may hold colons themselves (TensorFlow's do).
            int colon = shape.LastIndexOf(':');
            string[] sizes = colon > 0 ? shape[(colon + 1)..].Split(',') : [];
            long[] dimensions = new long[sizes.Length];
            for (int i = 0; i < sizes.Length; i++)
            {
                if (!long.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i]))
                {
                    colon = 0;
                }
            }

            read[colon > 0 ? shape[..colon] : throw new CliException(ExitCode.Usage, $"--shape '{shape}': expected NAME:SIZE,SIZE,…")] = dimensions;
        }

        return read;
    }

    private static int Positive(int value, string option) => value >= 1 ? value : throw new CliException(ExitCode.Usage, $"{option} {value}: expected 1 or more");

    private static TimeSpan Seconds(double seconds, double least, string option) => seconds >= least && seconds <= 86_400
        ? TimeSpan.FromSeconds(seconds)
        : throw new CliException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"{option} {seconds}: expected {least} to 86400 seconds"));
}

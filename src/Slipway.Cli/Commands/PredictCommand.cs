using System.CommandLine;
using Slipway.Cli.Prediction;
using Slipway.Cli.Rows;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Core.Rows;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway predict</c>: rows of a file to a running server.</summary>
internal sealed class PredictCommand
{
    private const int MostRows = 65_536;

    private readonly Argument<string> _model = new("MODEL") { Description = "NAME, NAME@ALIAS or NAME:VERSION." };
    private readonly Option<string> _input = new("--input", "-i") { Required = true, Description = "Rows: .csv or .jsonl, also .gz; - for standard input.", HelpName = "FILE" };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Where the answers go; - for standard output.", HelpName = "FILE", DefaultValueFactory = _ => RowFiles.Standard };
    private readonly Option<Uri?> _url = new("--url") { Description = "The server's HTTP listener (default http://127.0.0.1:8080).", HelpName = "U", CustomParser = UriOption.Parse };
    private readonly Option<string?> _outputs = new("--outputs") { Description = "Outputs wanted, with commas between; 'all' for everything." };
    private readonly RowReadArguments _reading = new();
    private readonly Option<string?> _inputFormat = new("--input-format") { Description = "csv or jsonl, where the name does not say." };
    private readonly Option<string?> _outputFormat = new("--output-format") { Description = "csv or jsonl (default: as the output's name says, else as the input)." };
    private readonly Option<int> _batch = new("--batch") { Description = "Most rows in one request.", HelpName = "N", DefaultValueFactory = _ => 256 };

    public static Command Create()
    {
        PredictCommand predict = new();
        Command command = new("predict", "Ask a running server for predictions of the rows of a file.")
        {
            predict._model, predict._input, predict._output, predict._url, predict._outputs, predict._inputFormat, predict._outputFormat, predict._batch,
        };
        predict._reading.AddTo(command);
        command.SetAction(predict.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModelReference model = ModelReference.Parse(parsed.GetValue(_model)!);
        PredictOptions options = Read(parsed);
        using SlipwayClient client = new(parsed.GetValue(_url) ?? ServerAddress.Http);
        await new PredictRun(client, model.Name, model.Version).RunAsync(options, cancellationToken);
        return ExitCode.Done;
    }

    private PredictOptions Read(ParseResult parsed)
    {
        string input = parsed.GetValue(_input)!;
        string output = parsed.GetValue(_output)!;
        RowFiles.RequireDifferent(("--input", input), ("--output", output));
        int batch = parsed.GetValue(_batch);
        RowFormat inputFormat = RowFiles.FormatOf(input, parsed.GetValue(_inputFormat), "--input-format");
        string? outputFormat = parsed.GetValue(_outputFormat);
        return new PredictOptions
        {
            Input = input,
            InputFormat = inputFormat,
            Output = output,
            OutputFormat = output == RowFiles.Standard && outputFormat is null ? inputFormat : RowFiles.FormatOf(output, outputFormat, "--output-format"),
            Reading = _reading.Read(parsed),
            Outputs = RowReadArguments.Names(parsed.GetValue(_outputs)),
            Batch = batch is >= 1 and <= MostRows ? batch : throw new CliException(ExitCode.Usage, $"--batch {batch}: expected 1 to {MostRows}"),
        };
    }
}

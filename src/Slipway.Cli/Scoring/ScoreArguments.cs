using System.CommandLine;
using Slipway.Cli.Rows;
using Slipway.Cli.Terminal;
using Slipway.Core.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>Arguments and options of <c>slipway score</c>.</summary>
internal sealed class ScoreArguments
{
    private const int MaxBatch = 1 << 20;
    private const int MaxThreads = 256;

    private readonly Argument<string> _model = new("MODELFILE") { Description = "The model: a file, or a folder for formats of several files." };
    private readonly Option<string> _input = new("--input", "-i") { Required = true, Description = "Rows to score: .csv or .jsonl, also .gz; - for standard input." };
    private readonly Option<string> _output = new("--output", "-o") { Required = true, Description = "Where the answers go: .csv or .jsonl, also .gz; - for standard output." };
    private readonly Option<int?> _batch = new("--batch")
    {
        Description = $"Rows in one run of the model (default {ScoreOptions.DefaultBatch}; 1 for a model whose answer for a row depends on those beside it).",
        HelpName = "N",
    };
    private readonly Option<string?> _outputs = new("--outputs") { Description = "Outputs to write, with commas between; 'all' for everything the model offers." };
    private readonly RowReadArguments _reading = new();
    private readonly Option<string?> _inputFormat = new("--input-format") { Description = "csv or jsonl, where the input's name does not say." };
    private readonly Option<string?> _outputFormat = new("--output-format") { Description = "csv or jsonl, where the output's name does not say." };
    private readonly Option<string?> _rejects = new("--rejects") { Description = "Where rejected rows go, as CSV of line, reason, row (default: beside the output, .rejected.csv)." };
    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at the first row that can't be scored, and write nothing." };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads that score (default: one for each core).", DefaultValueFactory = static _ => Environment.ProcessorCount };

    private readonly Option<string?> _signature = new("--signature") { Description = "Signature of a model that has several, such as a TensorFlow SavedModel (default: serving_default, or the first by name).", HelpName = "NAME" };
    private readonly Option<string[]> _sessionOptions = new("--session-option") { Description = "An option of the engine, as engine.sessionOptions in model.yaml; may be given again.", HelpName = "KEY=VALUE" };
    private readonly Option<string?> _data = new("--data") { Description = "Folder where a converted model is kept for the next time, such as the server's (default: none is kept).", HelpName = "DIR" };

    /// <summary>Whether the summary is written as JSON on standard output.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the summary as JSON on standard output." };

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (Option option in (Option[])[_input, _output, _batch, _outputs])
        {
            command.Add(option);
        }

        _reading.AddTo(command);
        foreach (Option option in (Option[])[_inputFormat, _outputFormat, _rejects, _strict, _threads, _signature, _sessionOptions, _data, Json])
        {
            command.Add(option);
        }
    }

    /// <summary>Checks and gathers what was given.</summary>
    /// <exception cref="CliException">A value makes no sense.</exception>
    public ScoreOptions Read(ParseResult parsed)
    {
        string input = parsed.GetValue(_input)!;
        string output = parsed.GetValue(_output)!;
        string model = parsed.GetValue(_model)!;
        string? rejects = parsed.GetValue(_rejects) ?? (output == RowFiles.Standard ? null : BesideOutput(output));
        RowFiles.RequireDifferent(("--input", input), ("the model", model), ("--output", output), ("--rejects", rejects));
        return new ScoreOptions
        {
            Model = model,
            Input = input,
            Output = output,
            InputFormat = RowFiles.FormatOf(input, parsed.GetValue(_inputFormat), "--input-format"),
            OutputFormat = RowFiles.FormatOf(output, parsed.GetValue(_outputFormat), "--output-format"),
            Reading = _reading.Read(parsed),
            Outputs = RowReadArguments.Names(parsed.GetValue(_outputs)),
            Batch = parsed.GetValue(_batch) is { } batch ? Between(batch, MaxBatch, "--batch") : null,
            Threads = Between(parsed.GetValue(_threads), MaxThreads, "--threads"),
            Rejects = rejects,
            IsStrict = parsed.GetValue(_strict),
            Data = parsed.GetValue(_data),
            Signature = parsed.GetValue(_signature),
            SessionOptions = SessionOptionsOf(parsed.GetValue(_sessionOptions) ?? []),
        };
    }

    private static Dictionary<string, string> SessionOptionsOf(string[] given)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !options.TryAdd(text[..equals].Trim(), text[(equals + 1)..].Trim()))
            {
                throw new CliException(ExitCode.Usage, $"--session-option '{text}': expected KEY=VALUE, each key once");
            }
        }

        return options;
    }

    private static string BesideOutput(string output)
    {
        string name = RowFormats.IsCompressed(output) ? output[..^3] : output;
        return Path.ChangeExtension(name, ".rejected.csv");
    }

    private static int Between(int value, int most, string option) => value >= 1 && value <= most
        ? value
        : throw new CliException(ExitCode.Usage, $"{option} {value}: expected 1 to {most}");
}

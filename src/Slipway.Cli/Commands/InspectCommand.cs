using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Server.Hosting;
using Spectre.Console;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway inspect</c>: what a model file is and holds, and what is wrong with it. Nothing is run.</summary>
internal static class InspectCommand
{
    private const int MostOperators = 12;

    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODELFILE") { Description = "A model file, or a folder for formats of several files." };
        Option<bool> json = new("--json") { Description = "Print everything as JSON." };
        Command command = new("inspect", "Show what a model file is, its signature, operators and problems.") { model, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(model)!;
            using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
            ModelInspection inspection = Culprit.Naming(path, () => services.GetRequiredService<ModelPreparer>().Inspect(StandaloneModel.Open(path), cancellationToken));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(inspection, InspectJson.Default.ModelInspection));
            }
            else
            {
                Write(terminal, path, inspection);
            }

            return inspection.Problems.FirstOrDefault(problem => problem.IsError) is { } error
                ? throw new CliException(ExitCode.BadInput, Culprit.Named(path, error.Message))
                : Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Write(CliTerminal terminal, string path, ModelInspection model)
    {
        IAnsiConsole console = Plain.Console(terminal);
        Grid facts = new Grid().AddColumn().AddColumn();
        Add("file", $"{Path.GetFileName(path)}, {Bytes(model.FileBytes)}");
        Add("format", model.Format + (model.FormatVersion is { } version ? $" (version {version})" : ""));
        Add("producer", $"{model.Producer} {model.ProducerVersion}".Trim());
        Add("model", string.Join(", ", Known(model, "estimator", "objective").Concat(Sizes(model))));
        Add("features", Features(model));
        Add("operator sets", string.Join(", ", model.Opsets.Select(set => $"{set.Domain} {set.Version}")));
        Add("nodes", model.NodeCount.ToString("N0", CultureInfo.InvariantCulture));
        Add("parameters", string.Create(CultureInfo.InvariantCulture, $"{model.ParameterCount:N0} ({Bytes(model.ParameterBytes)})"));
        Add("operators", Operators(model));
        Add("files beside it", string.Join(", ", model.ExternalFiles.Select(file => $"{file.Name} ({Bytes(file.Length)})")));
        console.Write(facts);

        Tensors("input", model.Inputs);
        Tensors("output", model.Outputs);
        foreach (ModelProblem problem in model.Problems)
        {
            console.WriteLine($"{(problem.IsError ? "error" : "note")}: {problem.Message}");
        }

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                facts.AddRow(name, Markup.Escape(value));
            }
        }

        void Tensors(string kind, IReadOnlyList<InspectedTensor> tensors)
        {
            Table table = new Table().Border(Plain.Border(terminal)).AddColumns(kind, "type", "shape");
            foreach (InspectedTensor tensor in tensors)
            {
                string shape = tensor.Shape is null ? "?" : $"[{string.Join(", ", tensor.Shape)}]";
                table.AddRow(Markup.Escape(tensor.Name), Markup.Escape(tensor.Type), Markup.Escape(shape + (tensor.IsOptional ? " optional" : "")));
            }

            console.Write(table);
        }
    }

    private static IEnumerable<string> Known(ModelInspection model, params string[] names) =>
        names.Select(name => model.Metadata.GetValueOrDefault(name, "")).Where(static value => value.Length > 0);

    private static IEnumerable<string> Sizes(ModelInspection model) => new[] { ("trees", "trees"), ("tree_nodes", "nodes in them"), ("support_vectors", "support vectors") }
        .Where(size => model.Metadata.ContainsKey(size.Item1)).Select(size => $"{model.Metadata[size.Item1]} {size.Item2}");

    private static string Features(ModelInspection model)
    {
        IReadOnlyList<string> names = ModelMetadata.FeatureNames(model.Metadata);
        return string.Join(", ", names.Take(MostOperators)) + (names.Count > MostOperators ? $" and {names.Count - MostOperators} more" : "");
    }

    private static string Operators(ModelInspection model)
    {
        string shown = string.Join(", ", model.Operators.Take(MostOperators).Select(used => used.Count == 1 ? used.Name : $"{used.Name} ×{used.Count}"));
        int more = model.Operators.Count - MostOperators;
        return more > 0 ? $"{shown} and {more} more" : shown;
    }

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => (bytes / 1024.0).ToString("0.0 KiB", CultureInfo.InvariantCulture),
        < 1 << 30 => (bytes / 1048576.0).ToString("0.0 MiB", CultureInfo.InvariantCulture),
        _ => (bytes / 1073741824.0).ToString("0.00 GiB", CultureInfo.InvariantCulture),
    };
}

/// <summary>JSON of an inspection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ModelInspection))]
internal sealed partial class InspectJson : JsonSerializerContext;

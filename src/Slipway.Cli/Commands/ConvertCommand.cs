using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Models;
using Slipway.Cli.Rows;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Server.Hosting;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway convert</c>: any model that can become ONNX as one ONNX file, checked before it appears.</summary>
internal static class ConvertCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODELFILE") { Description = "A model file, or a folder for formats of several files." };
        Option<string> output = new("--output", "-o") { Required = true, Description = "The ONNX file to write; - for standard output.", HelpName = "FILE" };
        Option<bool> force = new("--force") { Description = "Replace the output file if it is there." };
        Option<bool> check = new("--check") { Description = $"Have the engine judge the result, also when it is larger than {EngineCheck.LargestUnasked >> 20} MiB." };
        Option<string?> signature = new("--signature") { Description = "Signature of a model that has several (default: serving_default, or the first by name).", HelpName = "NAME" };
        Option<bool> json = new("--json") { Description = "Print what was written as JSON." };
        Command command = new("convert", "Write a model of any format that can become ONNX as an ONNX file.") { model, output, force, check, signature, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string source = parsed.GetValue(model)!;
            string target = parsed.GetValue(output)!;
            RefuseTarget(source, target, parsed.GetValue(force), parsed.GetValue(json));
            long start = terminal.Time.GetTimestamp();
            await using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
            ConvertedModel converted = await Culprit.NamingAsync(source, async () =>
            {
                ConvertedModel made = await services.GetRequiredService<ModelConverter>().ConvertAsync(StandaloneModel.Open(source), parsed.GetValue(signature), cancellationToken);
                if (parsed.GetValue(check) || !made.IsTyped || made.Onnx.Length <= EngineCheck.LargestUnasked)
                {
                    await EngineCheck.AcceptsAsync(made, cancellationToken);
                }

                return made;
            });

            await using (OutputFile file = OutputFile.Create(target))
            {
                await file.WriteAsync(converted.Onnx, cancellationToken);
                await file.CompleteAsync(cancellationToken);
            }

            double seconds = terminal.Time.GetElapsedTime(start).TotalSeconds;
            if (parsed.GetValue(json))
            {
                ConvertSummary summary = ConvertSummary.Of(converted, target, seconds);
                await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(summary, ConvertJson.Default.ConvertSummary));
            }
            else
            {
                await terminal.Error.WriteLineAsync(Describe(converted, target, seconds));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void RefuseTarget(string source, string target, bool force, bool isJson)
    {
        if (target == RowFiles.Standard)
        {
            if (isJson)
            {
                throw new CliException(ExitCode.Usage, "--json and --output - would both write to standard output");
            }

            return;
        }

        if (target.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException(ExitCode.Usage, $"--output '{target}': an ONNX file is written uncompressed");
        }

        if (Directory.Exists(target))
        {
            throw new CliException(ExitCode.Usage, $"--output '{target}' is a folder");
        }

        if (string.Equals(Path.GetFullPath(source), Path.GetFullPath(target), StringComparison.Ordinal))
        {
            throw new CliException(ExitCode.Usage, $"--output '{target}' is the model itself");
        }

        if (!force && File.Exists(target))
        {
            throw new CliException(ExitCode.Usage, $"--output '{target}' is there already; --force replaces it");
        }
    }

    private static string Describe(ConvertedModel converted, string target, double seconds)
    {
        ModelInspection model = converted.Inspection;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"converted {converted.Format} to {target}: {model.NodeCount:N0} nodes, {converted.Onnx.Length:N0} bytes, {seconds:0.00} s\n"
            + $"  inputs  {Names(model.Inputs)}\n  outputs {Names(model.Outputs)}");
        return model.Opsets.Any(static set => set.Domain == OwnOperators.Domain)
            ? $"{text}\n  it has operators of the domain {OwnOperators.Domain}, which Slipway brings: other runtimes refuse it"
            : text;
    }

    private static string Names(IReadOnlyList<InspectedTensor> tensors)
    {
        const int Most = 12;
        string shown = string.Join(", ", tensors.Take(Most).Select(static tensor => $"{tensor.Name} {tensor.Type}[{string.Join(',', tensor.Shape ?? ["?"])}]"));
        return tensors.Count > Most ? $"{shown} and {tensors.Count - Most} more" : shown;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Server.Hosting;
using Slipway.Trust.Documents;
using Slipway.Trust.Folders;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway model sbom</c> and <c>slipway model card</c>: documents about a model file or folder, offline, from what the files say. Nothing is run.</summary>
internal static class ModelDocumentCommands
{
    public static Command Sbom(CliTerminal terminal) => Create(
        terminal, "sbom", "Write a model's bill of materials (CycloneDX 1.6 JSON).", null, (facts, _) => BillOfMaterials.Write(facts, terminal.Time.GetUtcNow(), Version));

    public static Command Card(CliTerminal terminal)
    {
        Option<bool> html = new("--html") { Description = "Write HTML (default: Markdown)." };
        return Create(terminal, "card", "Write a model's card.", html, (facts, asHtml) => Encoding.UTF8.GetBytes(asHtml ? ModelCard.ToHtml(facts) : ModelCard.ToMarkdown(facts)));
    }

    private static string Version => typeof(ModelDocumentCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static Command Create(CliTerminal terminal, string name, string description, Option<bool>? html, Func<ModelFacts, bool, byte[]> write)
    {
        Argument<string> path = new("PATH") { Description = "A model file, or a folder for formats of several files." };
        Option<string?> modelName = new("--name") { Description = "Name of the model (default: that of the file or folder).", HelpName = "NAME" };
        Option<string> version = new("--model-version") { Description = "Version of the model.", HelpName = "VERSION", DefaultValueFactory = static _ => "1" };
        Option<string?> output = new("--output") { Description = "File to write (default: standard output).", HelpName = "FILE" };
        Command command = new(name, description) { path, modelName, version, output };
        if (html is not null)
        {
            command.Options.Add(html);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(path)!;
            string name = parsed.GetValue(modelName) ?? Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(file));
            ModelFacts facts = Culprit.Naming(file, () => Read(file, name, parsed.GetValue(version)!, cancellationToken));
            byte[] document = write(facts, html is not null && parsed.GetValue(html));
            if (parsed.GetValue(output) is { } target)
            {
                await File.WriteAllBytesAsync(target, document, cancellationToken);
            }
            else
            {
                await terminal.Out.WriteLineAsync(Encoding.UTF8.GetString(document).TrimEnd());
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static ModelFacts Read(string path, string name, string version, CancellationToken cancellationToken)
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
        StandaloneModel model = StandaloneModel.Open(path);
        ModelInspection inspection = services.GetRequiredService<ModelPreparer>().Inspect(model, cancellationToken);
        FileFact[] files = [.. model.Files.Where(static file => file.Name != ModelOnDisk.SignatureName).Select(file => new FileFact(file.Name, HashOf(model, file), file.Length))];
        return new ModelFacts(name, version)
        {
            Digest = VersionManifest.ComputeDigest(files.Select(static file => new VersionManifest.Entry(file.Name, file.Sha256, file.Length))),
            Format = inspection.Format,
            Producer = $"{inspection.Producer} {inspection.ProducerVersion}".Trim() is { Length: > 0 } producer ? producer : null,
            Files = files,
            Inputs = [.. inspection.Inputs.Select(Describe)],
            Outputs = [.. inspection.Outputs.Select(Describe)],
            Provenance =
            [
                KeyValuePair.Create("learned parameters", inspection.ParameterCount.ToString(CultureInfo.InvariantCulture)),
                KeyValuePair.Create("operators", string.Join(", ", inspection.Operators.Select(static used => used.Name))),
            ],
        };
    }

    private static TensorFact Describe(InspectedTensor tensor) => new(tensor.Name, tensor.Type, tensor.Shape is null ? "?" : $"[{string.Join(", ", tensor.Shape)}]");

    private static string HashOf(StandaloneModel model, ModelFile file)
    {
        using Stream stream = model.OpenRead(file.Name);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

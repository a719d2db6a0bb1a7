using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model lineage</c>: what a version was made from, and what was made from it.</summary>
internal static class LineageCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODEL") { Description = "NAME:VERSION or NAME@ALIAS." };
        Command command = new("lineage", "Show what a version was made from, and what was made from it.") { model };
        return RegistryOptions.On(terminal, command, async session =>
        {
            (string name, string version) = VersionReference.Parse(session.Parsed.GetValue(model)!);
            RegistryLineage lineage = await session.Api.GetLineageAsync(name, version, session.Cancellation);
            await session.WriteAsync(lineage, RegistryJson.Indented.RegistryLineage, terminal => RegistryText.Facts(
                terminal,
                ("version", Name(lineage.Version)),
                ("digest", lineage.Version.Digest),
                ("made from", lineage.Parent is { } parent ? Name(parent) : null),
                ("run", lineage.Run is { } run ? $"{run.Name} ({run.Id}), {run.Status}" : lineage.Version.RunId),
                ("parameters", lineage.Run is { } made ? RegistryText.Pairs(made.Parameters) : null),
                ("datasets", string.Join(", ", lineage.Datasets.Select(static dataset => $"{dataset.Name} ({dataset.Digest})"))),
                ("training data", lineage.Version.TrainingDataDigest),
                ("made from it", Names(lineage.Children)),
                ("same training data", Names(lineage.SameData)),
                ("same files", Names(lineage.SameContent))));
        });
    }

    private static string Name(RegistryVersion version) => $"{version.Model}:{version.Number}";

    private static string Names(IReadOnlyList<RegistryVersion> versions) => string.Join(", ", versions.Select(Name));
}

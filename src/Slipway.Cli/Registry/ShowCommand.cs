using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Server.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model show</c>: a model or a version, now or at a moment of the past.</summary>
internal static class ShowCommand
{
    private const int MostVersions = 20;

    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODEL") { Description = "NAME, NAME@ALIAS or NAME:VERSION." };
        Option<string?> asOf = new("--as-of") { Description = "What it was at a time, as 2026-03-01T12:00Z: where each alias pointed, who moved it there, who had approved.", HelpName = "TIME" };
        Command command = new("show", "Show a model or one of its versions, now or in the past.") { model, asOf };
        return RegistryOptions.On(terminal, command, session =>
        {
            ModelReference reference = ModelReference.Parse(session.Parsed.GetValue(model)!);
            return session.Parsed.GetValue(asOf) is { } time ? ShowPastAsync(session, reference, TimeOf(time))
                : reference.Version is { } version ? ShowVersionAsync(session, reference.Name, version)
                : ShowModelAsync(session, reference.Name);
        });
    }

    private static DateTimeOffset TimeOf(string text)
    {
        try
        {
            return AsOfTime.Parse(text);
        }
        catch (SlipwayException wrong)
        {
            throw new CliException(ExitCode.Usage, $"--as-of: {wrong.Message}", wrong);
        }
    }

    private static async Task ShowModelAsync(RegistrySession session, string name)
    {
        RegistryModel model = await session.Api.GetModelAsync(name, session.Cancellation);
        RegistryVersionPage versions = await session.Api.ListVersionsAsync(name, null, MostVersions, session.Cancellation);
        await session.WriteAsync(model, RegistryJson.Indented.RegistryModel, terminal =>
        {
            RegistryText.Facts(
                terminal,
                ("model", model.Name),
                ("description", model.Description),
                ("aliases", RegistryText.Aliases(model.Aliases)),
                ("tags", RegistryText.Pairs(model.Tags)),
                ("created", $"{RegistryText.Time(model.CreatedAt)} by {model.CreatedBy}"),
                ("changed", RegistryText.Time(model.UpdatedAt)));
            WriteVersions(terminal, versions.Versions);
            if (versions.NextPageToken is not null)
            {
                terminal.Error.WriteLine($"slipway: only the newest {MostVersions} versions are shown");
            }
        });
    }

    private static async Task ShowVersionAsync(RegistrySession session, string name, string number)
    {
        RegistryVersion version = await session.Api.GetVersionAsync(name, number, session.Cancellation);
        await session.WriteAsync(version, RegistryJson.Indented.RegistryVersion, terminal =>
        {
            RegistryText.Facts(
                terminal,
                ("model", version.Model),
                ("version", version.Number.ToString(CultureInfo.InvariantCulture)),
                ("digest", version.Digest),
                ("status", version.StatusMessage is { } message ? $"{version.Status}: {message}" : version.Status),
                ("format", version.Format),
                ("inputs", Tensors(version.Signature, "inputs")),
                ("outputs", Tensors(version.Signature, "outputs")),
                ("aliases", string.Join(", ", version.Aliases)),
                ("stage", version.Stage),
                ("approvals", RegistryText.Approvals(version.Approvals)),
                ("description", version.Description),
                ("tags", RegistryText.Pairs(version.Tags)),
                ("parameters", RegistryText.Pairs(version.Parameters)),
                ("metrics", RegistryText.Pairs(version.Metrics)),
                ("source", version.Source),
                ("run", version.RunId),
                ("training data", version.TrainingDataDigest),
                ("made from", version.ParentVersion is { } parent ? $"version {parent}" : null),
                ("created", $"{RegistryText.Time(version.CreatedAt)} by {version.CreatedBy}"));
            RegistryText.Table(terminal, ["file", "size", "digest"], version.Files.Select(static file => (string[])[file.Path, RegistryText.Size(file.Length), file.Digest]));
        });
    }

    private static async Task ShowPastAsync(RegistrySession session, ModelReference reference, DateTimeOffset time)
    {
        RegistryPast past = await session.Api.GetPastAsync(reference.Name, time, session.Cancellation);
        if (reference.Version is { } asked)
        {
            past = Narrow(past, asked, reference);
        }

        await session.WriteAsync(past, RegistryJson.Indented.RegistryPast, terminal =>
        {
            terminal.Out.WriteLine($"{past.Model.Name} at {RegistryText.Time(past.AsOf)}");
            RegistryText.Table(terminal, ["alias", "version", "since", "moved by", "reason", "approved by"], past.Aliases.Select(static alias => (string[])
            [
                alias.Alias, alias.Version.ToString(CultureInfo.InvariantCulture), RegistryText.Time(alias.MovedAt), alias.MovedBy, alias.Reason ?? "",
                RegistryText.Approvals(alias.Approvals),
            ]));
            WriteVersions(terminal, [.. past.Versions.OrderByDescending(static version => version.Number)]);
        });
    }

    private static RegistryPast Narrow(RegistryPast past, string asked, ModelReference reference)
    {
        bool isNumber = long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        PastAlias[] aliases = [.. past.Aliases.Where(alias => isNumber ? alias.Version == number : alias.Alias == asked)];
        long? version = isNumber ? number : aliases is [var only] ? only.Version : null;
        RegistryVersion[] versions = [.. past.Versions.Where(candidate => candidate.Number == version)];
        return versions.Length > 0
            ? past with { Aliases = aliases, Versions = versions }
            : throw new CliException(ExitCode.Failed, $"there was no {reference} at {RegistryText.Time(past.AsOf)}");
    }

    private static void WriteVersions(CliTerminal terminal, IReadOnlyList<RegistryVersion> versions) => RegistryText.Table(
        terminal,
        ["version", "digest", "format", "size", "aliases", "stage", "created", "by", "approved by"],
        versions.Select(static version => (string[])
        [
            version.Number.ToString(CultureInfo.InvariantCulture), RegistryText.Short(version.Digest), version.Format ?? "", RegistryText.Size(version.Bytes),
            string.Join(", ", version.Aliases), version.Stage, RegistryText.Time(version.CreatedAt), version.CreatedBy,
            string.Join(", ", version.Approvals.Select(static approval => approval.Actor)),
        ]));

    private static string Tensors(JsonElement? signature, string side) =>
        signature is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(side, out JsonElement tensors) && tensors.ValueKind == JsonValueKind.Array
            ? string.Join(", ", tensors.EnumerateArray().Select(static tensor =>
                $"{Text(tensor, "name")} {Text(tensor, "datatype")}{(tensor.TryGetProperty("shape", out JsonElement shape) ? shape.GetRawText() : "")}"))
            : "";

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.ToString() : "?";
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Registry;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Server.Imports;

namespace Slipway.Cli.Imports;

/// <summary>Takes models of another repository into the registry, and tells what it did.</summary>
/// <param name="session">The registry.</param>
/// <param name="kind">Kind of the other repository.</param>
/// <param name="isDry">Whether nothing is to be changed.</param>
/// <param name="servesNewest">Whether a model without labels gets an alias for its newest version, as the other server would serve it.</param>
internal sealed class ImportRun(RegistrySession session, string kind, bool isDry, bool servesNewest)
{
    private const string Champion = "champion";

    private readonly List<ImportedResult> _results = [];
    private int _failed;

    /// <summary>Takes over one model.</summary>
    public async Task TakeAsync(ImportedModel model)
    {
        foreach (string notice in model.Notices)
        {
            await session.Terminal.Error.WriteLineAsync($"slipway: {model.Name}: {notice}");
        }

        if (model.Problem is { } problem)
        {
            _failed++;
            await session.Terminal.Error.WriteLineAsync($"slipway: {model.Name} is not taken over: {problem}");
            return;
        }

        if (isDry)
        {
            await TellAsync(new ImportedResult(model.Name, [.. model.Versions.Select(static version => new ImportedNumber(version.Number, null))], Wanted(model)));
            return;
        }

        try
        {
            await PublishAsync(model);
        }
        catch (SlipwayException fault) when (fault.Code is ErrorCode.InvalidModel or ErrorCode.InvalidRequest or ErrorCode.NotSupported)
        {
            _failed++;
            await session.Terminal.Error.WriteLineAsync($"slipway: {model.Name} is not taken over: {fault.Message}");
        }
    }

    /// <summary>Ends the run.</summary>
    /// <exception cref="CliException">Some models were not taken over.</exception>
    public async Task FinishAsync()
    {
        ImportReport report = new(!isDry, _results);
        await session.WriteAsync(report, ImportJson.Default.ImportReport, terminal => terminal.Error.WriteLine(
            $"{_results.Count} {(_results.Count == 1 ? "model" : "models")} {(isDry ? "to be taken over" : "taken over")}"));
        if (_failed > 0)
        {
            throw new CliException(ExitCode.BadInput, $"{_failed} {(_failed == 1 ? "model was" : "models were")} not taken over, see above");
        }
    }

    private async Task PublishAsync(ImportedModel model)
    {
        PublishedVersions there = await PublishedVersions.ReadAsync(session.Api, model.Name, session.Cancellation);
        if (there.Model is null)
        {
            await session.Api.CreateModelAsync(new NewRegistryModel(model.Name) { Description = model.Description, Tags = model.Tags, Reason = $"import {kind}" }, session.Cancellation);
        }

        Dictionary<long, long> numbers = [];
        foreach (ImportedVersion version in model.Versions)
        {
            numbers[version.Number] = await PublishAsync(model.Name, version, there);
        }

        Dictionary<string, long> pointed = new(StringComparer.Ordinal);
        foreach ((string alias, long number) in Wanted(model))
        {
            if (there.Model?.Aliases.ContainsKey(alias) == true)
            {
                // Who moved it here knows more than the other repository.
                continue;
            }

            if (!numbers.TryGetValue(number, out long here))
            {
                await session.Terminal.Error.WriteLineAsync($"slipway: {model.Name}: {alias} is left out: it points at version {number}, which is not there");
                continue;
            }

            await session.Api.SetAliasAsync(model.Name, alias, new AliasMove(here) { Expect = "none", Reason = $"import {kind}" }, session.Cancellation);
            pointed[alias] = here;
        }

        await TellAsync(new ImportedResult(model.Name, [.. numbers.Select(static pair => new ImportedNumber(pair.Key, pair.Value))], pointed));
    }

    private async Task<long> PublishAsync(string model, ImportedVersion version, PublishedVersions there)
    {
        List<RegistryFile> files = [];
        foreach (ImportedFile file in version.Files)
        {
            ArtifactPath.Check(file.Name);
            await using Stream content = await file.OpenAsync(session.Cancellation);
            UploadedBlob blob = await session.Api.UploadAsync(content, session.Cancellation);
            files.Add(new RegistryFile(file.Name, blob.Digest, blob.Length));
        }

        ModelManifest manifest = new(files.Select(static file => new ArtifactFile(file.Path, Sha256Digest.Parse(file.Digest), file.Length)));
        if (there.ByDigest.TryGetValue(manifest.Digest.ToString(), out RegistryVersion? known))
        {
            return known.Number;
        }

        string number = version.Number.ToString(CultureInfo.InvariantCulture);
        NewRegistryVersion published = new(files)
        {
            CreateModel = true,
            Source = $"{kind}:{model}/{number}",
            Description = version.Description,
            Tags = new Dictionary<string, string>(version.Tags) { ["import.source"] = kind, ["import.version"] = number },
            RunId = version.RunId,
            Reason = $"import {kind}",
        };
        RegistryVersion created = await session.Api.PublishAsync(model, published, session.Cancellation);
        foreach (string notice in created.Notices)
        {
            await session.Terminal.Error.WriteLineAsync($"slipway: {model}:{created.Number}: {notice}");
        }

        if (version.Stage is { } stage)
        {
            string here = created.Number.ToString(CultureInfo.InvariantCulture);
            await session.Api.SetStageAsync(model, here, new StageMove(stage) { Reason = $"import {kind}" }, session.Cancellation);
        }

        return created.Number;
    }

    private IReadOnlyDictionary<string, long> Wanted(ImportedModel model) => model.Aliases.Count > 0 || !servesNewest || model.Versions.Count == 0
        ? model.Aliases
        : new Dictionary<string, long> { [Champion] = model.Versions[^1].Number };

    private async Task TellAsync(ImportedResult result)
    {
        _results.Add(result);
        if (!session.IsJson)
        {
            string versions = string.Join(", ", result.Versions.Select(static version =>
                version.Number is { } number && number != version.Imported ? $"{version.Imported} as {number}" : version.Imported.ToString(CultureInfo.InvariantCulture)));
            string aliases = result.Aliases.Count > 0 ? $"; {RegistryText.Aliases(result.Aliases)}" : "";
            await session.Terminal.Out.WriteLineAsync($"{result.Model}: {(result.Versions.Count == 1 ? "version" : "versions")} {versions}{aliases}");
        }
    }
}

/// <summary>What an import did, for machines.</summary>
internal sealed record ImportReport(bool Applied, IReadOnlyList<ImportedResult> Models);

/// <summary>One model of it.</summary>
internal sealed record ImportedResult(string Model, IReadOnlyList<ImportedNumber> Versions, IReadOnlyDictionary<string, long> Aliases);

/// <summary>A version's number there and here; the latter null when nothing was done.</summary>
internal sealed record ImportedNumber(long Imported, long? Number);

/// <summary>JSON of it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ImportReport))]
internal sealed partial class ImportJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;

namespace Slipway.Registry.Serving;

/// <summary>Keeps what is served in a file of this machine, so that a server can start with it while the store is away. Written beside and renamed: it is there whole or not at all.</summary>
/// <param name="file">The file.</param>
internal sealed class ServingSnapshot(string file)
{
    private const int Form = 1;

    /// <summary>Replaces what was kept.</summary>
    public async Task WriteAsync(IEnumerable<ModelEntry> models, CancellationToken cancellationToken)
    {
        KeptState state = new(Form, [.. models.Where(static entry => entry.Desired.Versions.Count > 0).Select(Keep)]);
        string temporary = file + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using (FileStream stream = File.Create(temporary))
        {
            await JsonSerializer.SerializeAsync(stream, state, SnapshotJson.Default.KeptState, cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>What was kept; null when there is nothing, or it can't be read.</summary>
    public async Task<IReadOnlyList<(RegisteredModel Model, IReadOnlyList<ModelVersion> Versions)>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = File.OpenRead(file);
            KeptState? state = await JsonSerializer.DeserializeAsync(stream, SnapshotJson.Default.KeptState, cancellationToken);
            return state?.Form == Form ? [.. state.Models.Select(Restore)] : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or SlipwayException)
        {
            return null;
        }
    }

    private static KeptModel Keep(ModelEntry entry) => new(
        entry.Model.Name,
        entry.Model.Aliases.ToDictionary(),
        [.. entry.Versions.Where(static version => version.Manifest is not null).Select(static version => new KeptVersion(
            version.Number, [.. version.Manifest!.Files.Select(static file => new KeptFile(file.Path, file.Digest.ToString(), file.Length))]))]);

    private static (RegisteredModel Model, IReadOnlyList<ModelVersion> Versions) Restore(KeptModel kept)
    {
        // What is not served is not kept: nobody looks at times and people here.
        RegisteredModel model = new() { Name = kept.Name, Aliases = kept.Aliases, CreatedAt = default, UpdatedAt = default, CreatedBy = "" };
        return (model, [.. kept.Versions.Select(version => new ModelVersion
        {
            Model = kept.Name,
            Number = version.Number,
            Manifest = new ModelManifest(version.Files.Select(static file => new ArtifactFile(file.Path, Sha256Digest.Parse(file.Digest), file.Length))),
            CreatedAt = default,
            UpdatedAt = default,
            CreatedBy = "",
        })]);
    }
}

/// <summary>The file. Stored: change the form's number with it.</summary>
internal sealed record KeptState(int Form, IReadOnlyList<KeptModel> Models);

/// <summary>A model of the file.</summary>
internal sealed record KeptModel(string Name, Dictionary<string, long> Aliases, IReadOnlyList<KeptVersion> Versions);

/// <summary>A version of the file.</summary>
internal sealed record KeptVersion(long Number, IReadOnlyList<KeptFile> Files);

/// <summary>A version's file.</summary>
internal sealed record KeptFile(string Path, string Digest, long Length);

/// <summary>JSON of the file.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KeptState))]
internal sealed partial class SnapshotJson : JsonSerializerContext;

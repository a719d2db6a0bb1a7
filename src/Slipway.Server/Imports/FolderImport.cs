using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Inference.Repository;
using Slipway.Server.Hosting;

namespace Slipway.Server.Imports;

/// <summary>
/// Reads repositories in folders as the server itself would serve them: Triton's and Slipway's layout, TensorFlow Serving's base paths and lists of models. What would not be served is not
/// taken over, with the same reason.
/// </summary>
public static class FolderImport
{
    private const string Warmup = "warmup";

    /// <summary>The models of a repository folder: <c>NAME/config.pbtxt</c> and <c>NAME/VERSION/…</c>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: there is no such folder.</exception>
    public static async Task<IReadOnlyList<ImportedModel>> ReadRepositoryAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"there is no folder '{path}'");
        }

        string root = Path.GetFullPath(path);
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
        using FolderModelSource source = new(
            new FolderModelSourceOptions { Path = root, SettleTime = TimeSpan.Zero, LooksLikeModel = Sniffer(services) },
            TimeProvider.System,
            NullLogger<FolderModelSource>.Instance);
        DesiredState state = await source.RefreshAsync(cancellationToken);
        return [.. state.Models.Values.OrderBy(static model => model.Name, StringComparer.Ordinal).Select(model => Take(model, Path.Combine(root, model.Name)))];
    }

    /// <summary>What TensorFlow Serving serves: the base path of one model, a folder of base paths, or a list of models (<c>model_config_list</c>).</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: there is nothing; <see cref="ErrorCode.InvalidConfiguration"/>: the list is wrong.</exception>
    public static async Task<IReadOnlyList<ImportedModel>> ReadTensorFlowServingAsync(string path, CancellationToken cancellationToken)
    {
        bool isBasePath = Directory.Exists(path) && Directory.EnumerateDirectories(path).Any(static folder => IsNumber(Path.GetFileName(folder)));
        if (Directory.Exists(path) && !isBasePath)
        {
            return await ReadRepositoryAsync(path, cancellationToken);
        }

        if (!isBasePath && !File.Exists(path))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"there is no file or folder '{path}'");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
        ConfiguredModelSourceOptions options = new()
        {
            ListFile = isBasePath ? null : full,
            Models = isBasePath ? [new ConfiguredModel(Path.GetFileName(full), full)] : [],
            SettleTime = TimeSpan.Zero,
            LooksLikeModel = Sniffer(services),
        };
        using ConfiguredModelSource source = new(options, TimeProvider.System, NullLogger<ConfiguredModelSource>.Instance);
        DesiredState state = await source.RefreshAsync(cancellationToken);
        return [.. state.Models.Values.OrderBy(static model => model.Name, StringComparer.Ordinal).Select(static model => Take(model, null))];
    }

    private static ImportedModel Take(DesiredModel model, string? folder)
    {
        // Configuration and label files beside the version folders belong to every version.
        ImportedFile[] beside = folder is not null && Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Any(static entry => IsNumber(Path.GetFileName(entry)))
            ? [.. Beside(folder)]
            : folder is not null && Directory.Exists(folder) ? [.. Beside(folder).Where(static file => file.Name is "config.pbtxt" or "model.yaml")] : [];
        return new ImportedModel(model.Name, [.. model.Versions.OrderBy(static version => version.Key).Select(version => Take(version.Key, version.Value, beside))])
        {
            Aliases = model.Config.Labels,
            Problem = model.Problem ?? (model.Versions.Count == 0 ? "there is no version of it" : null),
            Notices = model.Notices,
        };
    }

    private static ImportedVersion Take(long number, ModelArtifact artifact, ImportedFile[] beside)
    {
        HashSet<string> own = [.. artifact.Files.Select(static file => file.Name)];
        return new ImportedVersion(
            number,
            [
                .. artifact.Files.Select(file => new ImportedFile(file.Name, _ => Task.FromResult(artifact.OpenRead(file.Name)))),
                .. beside.Where(file => !own.Contains(file.Name)),
            ]);
    }

    private static IEnumerable<ImportedFile> Beside(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            yield return FileAt(Path.GetFileName(path), path);
        }

        string warmup = Path.Combine(folder, Warmup);
        foreach (string path in Directory.Exists(warmup) ? Directory.GetFiles(warmup).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            yield return FileAt($"{Warmup}/{Path.GetFileName(path)}", path);
        }
    }

    private static ImportedFile FileAt(string name, string path) => new(name, _ => new FileInfo(path).LinkTarget is null
        ? Task.FromResult<Stream>(File.OpenRead(path))
        : throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' is a symbolic link: that is refused"));

    private static bool IsNumber(string name) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static Func<string, long, ReadOnlyMemory<byte>, bool> Sniffer(IServiceProvider services)
    {
        ModelFormats formats = services.GetRequiredService<ModelFormats>();
        return (name, length, head) =>
            formats.Find(new FormatSample(name, length, head, [new ModelFile(name, length)])) is { Support.Serving: not FormatServing.NotServed };
    }
}

using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;

namespace Slipway.Inference.Repository;

/// <summary>Looks at the base paths of a list. Not thread-safe, but for <see cref="Check"/>.</summary>
internal sealed partial class ConfiguredScanner : IModelScanner
{
    private const int MaxModels = 10_000;
    private const int MaxListBytes = 4 << 20;

    private readonly ConfiguredModelSourceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ModelFolderReader _reader;
    private volatile string[] _roots;
    private Dictionary<string, (ConfiguredModel Model, Footprint Footprint, ModelListing Listing)> _seen = new(StringComparer.Ordinal);
    private IReadOnlyList<ConfiguredModel> _models;
    private (DateTime, long) _listStamp;

    public ConfiguredScanner(ConfiguredModelSourceOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _reader = new ModelFolderReader(options);
        _models = options.ListFile is null ? options.Models : ReadListFile(options.ListFile);
        Check(_models, isOperator: true);
        _roots = RootsOf(_models);
    }

    public IReadOnlyList<string> Folders => [.. _models.Select(static model => model.BasePath)];

    /// <summary>Makes these the list; they have been checked.</summary>
    public void Replace(IReadOnlyList<ConfiguredModel> models) => _models = [.. models];

    /// <summary>Refuses a list that can't be taken over.</summary>
    /// <exception cref="SlipwayException">With the first fault; an operator's own are all <see cref="ErrorCode.InvalidConfiguration"/>.</exception>
    public void Check(IReadOnlyList<ConfiguredModel> models, bool isOperator)
    {
        ErrorCode Code(ErrorCode code) => isOperator ? ErrorCode.InvalidConfiguration : code;
        if (models.Count > MaxModels)
        {
            throw new SlipwayException(Code(ErrorCode.InvalidRequest), $"at most {MaxModels} models are allowed in a list, {models.Count} are given");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ConfiguredModel model in models)
        {
            if (!ModelNames.IsValid(model.Name))
            {
                throw new SlipwayException(Code(ErrorCode.InvalidRequest), "a model of the list has no name, or one that can't be a model's");
            }

            if (!names.Add(model.Name))
            {
                throw new SlipwayException(Code(ErrorCode.InvalidRequest), $"model '{model.Name}' is in the list twice");
            }

            if (model.Platform is not ("" or "tensorflow" or "onnx" or "onnxruntime_onnx"))
            {
                throw new SlipwayException(Code(ErrorCode.NotSupported), $"model '{model.Name}': platform '{model.Platform}' is not served");
            }

            if (!Path.IsPathRooted(model.BasePath) || model.BasePath.Contains('\0', StringComparison.Ordinal))
            {
                throw new SlipwayException(Code(ErrorCode.InvalidRequest), $"model '{model.Name}': an absolute base path on this machine is expected");
            }

            CheckVersions(model, Code(ErrorCode.InvalidRequest));
            if (!isOperator)
            {
                CheckFolder(model);
            }
        }
    }

    private static void CheckVersions(ConfiguredModel model, ErrorCode code)
    {
        if (model.VersionPolicy is VersionPolicy.Specific { Versions.Count: 0 })
        {
            throw new SlipwayException(code, $"model '{model.Name}': its version policy names no version");
        }

        if (model.Labels.Keys.FirstOrDefault(static label => !ModelLabels.IsValid(label)) is { } wrong)
        {
            throw new SlipwayException(code, $"model '{model.Name}': '{wrong}' can't be a label: {ModelLabels.Rule}");
        }
    }

    // A path that a caller gave may be named to that caller; what lies outside the allowed folders is not told apart.
    private void CheckFolder(ConfiguredModel model)
    {
        if (RootOf(model.BasePath) is null)
        {
            throw new SlipwayException(ErrorCode.PermissionDenied, $"model '{model.Name}': its base path is outside the folders that the operator allows");
        }

        if (!Directory.Exists(model.BasePath))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"model '{model.Name}': there is no folder '{model.BasePath}', its base path");
        }
    }

    public IReadOnlyDictionary<string, ModelListing> Scan()
    {
        ReloadListFile();
        DateTime now = _time.GetUtcNow().UtcDateTime;
        Dictionary<string, (ConfiguredModel, Footprint, ModelListing)> seen = new(StringComparer.Ordinal);
        foreach (ConfiguredModel model in _models)
        {
            bool isKnown = _seen.TryGetValue(model.Name, out (ConfiguredModel Model, Footprint Footprint, ModelListing Listing) known)
                && known.Model.BasePath == model.BasePath;
            if (!isKnown || !known.Footprint.IsUnchanged())
            {
                Footprint footprint = new(now);
                known = (model, footprint, Read(model, footprint, isKnown ? known.Footprint : null) with { TrustAge = !isKnown });
            }

            if (!ReferenceEquals(known.Listing.Listed, model))
            {
                known = (model, known.Footprint, known.Listing with { Listed = model });
            }

            seen.Add(model.Name, known);
        }

        _seen = seen;
        return seen.ToDictionary(static pair => pair.Key, static pair => pair.Value.Item3, StringComparer.Ordinal);
    }

    // What the operator lists is allowed by being listed.
    private string[] RootsOf(IReadOnlyList<ConfiguredModel> models) =>
        [.. _options.AllowedBasePaths.Concat(models.Select(static model => model.BasePath)).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)];

    private ModelListing Read(ConfiguredModel model, Footprint footprint, Footprint? before)
    {
        // Links may have changed since the list was checked.
        if (RootOf(model.BasePath) is not { } root || RealPath.Of(model.BasePath) is not { } real || !Directory.Exists(real))
        {
            footprint.MarkUncertain();
            return new ModelListing(model.Name, null, []) { Problem = "its base path is not there, or leads out of the folders that the operator allows" };
        }

        try
        {
            return _reader.ReadFolder(model.Name, root, real, footprint, before);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            footprint.MarkUncertain();
            return new ModelListing(model.Name, null, []) { Problem = $"the folder can't be read: {PlainFile.Reason(fault)}" };
        }
    }

    // The real allowed folder that a base path really lies in. What does not exist yet is judged as far as it does.
    private string? RootOf(string basePath)
    {
        string full = Path.GetFullPath(basePath);
        string? real = RealPath.Of(full) ?? (RealPath.Of(Path.GetDirectoryName(full) ?? full) is { } parent ? Path.Combine(parent, Path.GetFileName(full)) : null);
        return real is null ? null : _roots.Select(static root => RealPath.Of(root) ?? root).FirstOrDefault(root => RealPath.IsWithin(real, root));
    }

    private void ReloadListFile()
    {
        if (!_options.ReloadListFile || _options.ListFile is not { } path)
        {
            return;
        }

        FileInfo file = new(path);
        (DateTime, long) stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (!file.Exists || stamp == _listStamp)
        {
            return;
        }

        try
        {
            IReadOnlyList<ConfiguredModel> models = ReadListFile(path);
            Check(models, isOperator: true);
            _roots = RootsOf(models);
            _models = models;
        }
        catch (SlipwayException fault)
        {
            // Told once; the next change of the file is tried again.
            _listStamp = stamp;
            Log.ListRefused(_logger, fault.Message);
        }
    }

    private IReadOnlyList<ConfiguredModel> ReadListFile(string path)
    {
        ConfigReader reader = new();
        IReadOnlyList<ConfiguredModel> models;
        try
        {
            FileInfo file = new(path);
            if (file.Length > MaxListBytes)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"the model list has more than {MaxListBytes} bytes");
            }

            _listStamp = (file.LastWriteTimeUtc, file.Length);
            models = TfServingModelList.Read(Encoding.UTF8.GetString(File.ReadAllBytes(path)), reader);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"the model list can't be read: {PlainFile.Reason(fault)}", fault);
        }

        return reader.IsClean ? models : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"model list: {string.Join("; ", reader.Problems)}");
    }

    private static partial class Log
    {
        [LoggerMessage(2501, LogLevel.Error, "The changed model list is refused, the last one stays: {Reason}")]
        public static partial void ListRefused(ILogger logger, string reason);
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Conversion;

/// <summary>
/// Keeps what formats converted, so that the next load need not convert again. A file's name says for what it was made: the version's digest, which of its files is the model, the format, and the very build
/// of the code that converted it. What is damaged, cut off or made by another build is made anew. Several processes may share a folder: files appear whole, under a name that
/// means the same to all. Thread-safe.
/// </summary>
public sealed partial class ConvertedModelCache
{
    private const string Extension = ".converted";
    private const string Unfinished = ".unfinished";

    // A file that a process left half written when it died; a live one takes seconds.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly string? _folder;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>A cache as the options say; the folder is made with the first model that is kept.</summary>
    public ConvertedModelCache(IOptions<ConvertedModelOptions> options, TimeProvider time, ILogger<ConvertedModelCache> logger)
    {
        _folder = options.Value.MaxBytes > 0 ? options.Value.Folder : null;
        _maxBytes = options.Value.MaxBytes;
        _time = time;
        _logger = logger;
    }

    /// <summary>What was kept of a version, or what its format makes of it now. The result belongs to the caller.</summary>
    /// <exception cref="SlipwayException">As <see cref="IModelFormat.Prepare"/>.</exception>
    internal PreparedModel GetOrPrepare(IModelFormat format, VersionFiles files, CancellationToken cancellationToken)
    {
        if (_folder is null || format.Support.Serving != FormatServing.Converted)
        {
            return format.Prepare(files, cancellationToken);
        }

        string digest = files.ComputeDigest(cancellationToken);
        string path = Path.Combine(_folder, Key(format, files.MainFile, digest) + Extension);
        if (TryRead(path, digest) is { } kept)
        {
            return kept;
        }

        PreparedModel made = format.Prepare(files, cancellationToken);
        if (KeptModel.CanKeep(made) && KeptModel.LengthOf(made) < _maxBytes)
        {
            Keep(path, made);
        }

        return made;
    }

    private PreparedModel? TryRead(string path, string digest)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            if (KeptModel.TryRead(File.ReadAllBytes(path), digest) is not { } kept)
            {
                LogDamaged(_logger, Path.GetFileName(path));
                return null;
            }

            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return kept;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            LogDamaged(_logger, Path.GetFileName(path));
            return null;
        }
    }

    private void Keep(string path, PreparedModel model)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            Directory.CreateDirectory(_folder!);
            using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                KeptModel.Write(file, model);
            }

            File.SetLastWriteTimeUtc(unfinished, _time.GetUtcNow().UtcDateTime);
            File.Move(unfinished, path, overwrite: true);
            Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotKept(_logger, exception);
            TryDelete(unfinished);
        }
    }

    // Other processes may add, use and remove files meanwhile: what can't be removed now goes another time.
    private void Trim()
    {
        FileInfo[] files = new DirectoryInfo(_folder!).GetFiles();
        DateTime now = _time.GetUtcNow().UtcDateTime;
        foreach (FileInfo file in files.Where(file => file.Name.EndsWith(Unfinished, StringComparison.Ordinal) && now - file.LastWriteTimeUtc > Abandoned))
        {
            TryDelete(file.FullName);
        }

        long total = 0;
        foreach (FileInfo file in files.Where(static file => file.Name.EndsWith(Extension, StringComparison.Ordinal)).OrderByDescending(static file => file.LastWriteTimeUtc))
        {
            total += file.Length;
            if (total > _maxBytes)
            {
                TryDelete(file.FullName);
            }
        }
    }

    // The identity of a module changes with its code, and builds are deterministic: no version number has to be remembered.
    private static string Key(IModelFormat format, string mainFile, string digest)
    {
        string text = $"{digest}\n{mainFile}\n{format.Name}\n{format.GetType().Module.ModuleVersionId:N}\n{typeof(ConvertedModelCache).Module.ModuleVersionId:N}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    [LoggerMessage(3000, LogLevel.Warning, "The converted model {File} is damaged and is made again")]
    private static partial void LogDamaged(ILogger logger, string file);

    [LoggerMessage(3001, LogLevel.Warning, "A converted model was not kept")]
    private static partial void LogNotKept(ILogger logger, Exception exception);
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Makes a session of <paramref name="length"/> bytes of model at <paramref name="data"/>.</summary>
internal unsafe delegate SessionHandle OpenModel(byte* data, long length);

/// <summary>
/// Keeps optimised copies of models, so that the next load need not optimise again. A copy's name says for what it was made: model, engine,
/// options, processor. Each has its digest beside it; one that does not fit, or that the engine refuses, is made anew.
/// </summary>
/// <param name="folder">Where they are kept; null when they are not.</param>
/// <param name="logger">Hears of copies that could not be used or written.</param>
internal sealed unsafe partial class OptimizedModelCache(string? folder, ILogger logger)
{
    // The engine writes models of less than 2 GiB only.
    private const long LargestModel = 1L << 30;

    private const string Extension = ".onnx";
    private const string DigestExtension = ".sha256";
    private const string Unfinished = ".unfinished";

    // A copy that is being written is a matter of seconds.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>Opens the copy, or the model itself, leaving a copy for the next time.</summary>
    public SessionHandle Open(PreparedModel model, EngineConfig config, MappedContent content, SessionOptionsHandle options, OpenModel open)
    {
        if (folder is null || !CanKeep(model, config))
        {
            return open(content.Pointer, content.Length);
        }

        string path = Path.Combine(folder, Key(model, config) + Extension);
        return TryOpen(path, options, open) ?? OpenAndKeep(path, config, content, options, open);
    }

    private SessionHandle OpenAndKeep(string path, EngineConfig config, MappedContent content, SessionOptionsHandle options, OpenModel open)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtStatusCheck.Check(api->SetSessionGraphOptimizationLevel(options.Pointer, (int)config.Optimization));
        string unfinished = Path.GetFullPath($"{path}.{Guid.NewGuid():N}{Unfinished}");
        SessionHandle? session = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(unfinished)!);
            session = TryOpenWriting(unfinished, content, options, open);
            if (session is not null && File.Exists(unfinished))
            {
                Keep(unfinished, path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, exception);
        }

        // Kept under its own name by now, or cut off by a full disk, or of a graph that can't be written.
        Delete(unfinished);
        return session ?? open(content.Pointer, content.Length);
    }

    // Some graphs load but can't be written, and a disk may be full: null, and the options write nothing any more.
    private SessionHandle? TryOpenWriting(string unfinished, MappedContent content, SessionOptionsHandle options, OpenModel open)
    {
        using (NativeStrings target = new([unfinished], asPaths: true))
        {
            OrtStatusCheck.Check(OrtLibrary.Api->SetOptimizedModelFilePath(options.Pointer, target.First));
        }

        try
        {
            return open(content.Pointer, content.Length);
        }
        catch (OrtException exception)
        {
            Log.NotKept(logger, exception);
            using NativeStrings nowhere = new([""], asPaths: true);
            OrtStatusCheck.Check(OrtLibrary.Api->SetOptimizedModelFilePath(options.Pointer, nowhere.First));
            return null;
        }
    }

    private SessionHandle? TryOpen(string path, SessionOptionsHandle options, OpenModel open)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(path);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != File.ReadAllText(path + DigestExtension))
            {
                Log.Damaged(logger, Path.GetFileName(path));
                return null;
            }

            // What is optimised already is not optimised again.
            OrtStatusCheck.Check(OrtLibrary.Api->SetSessionGraphOptimizationLevel(options.Pointer, (int)GraphOptimization.None));
            fixed (byte* data = bytes)
            {
                return open(data, bytes.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OrtException)
        {
            Log.Unusable(logger, Path.GetFileName(path), exception);
            return null;
        }
    }

    private static void Keep(string unfinished, string path)
    {
        DeleteAbandoned(unfinished);
        string digest;
        using (FileStream stream = File.OpenRead(unfinished))
        {
            digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        // The digest goes last: a copy without one, or with that of another, is not used.
        File.Delete(path + DigestExtension);
        File.Move(unfinished, path, overwrite: true);
        File.WriteAllText(path + DigestExtension, digest);
    }

    // What a process left half written when it died, by the clock that dates the files.
    private static void DeleteAbandoned(string unfinished)
    {
        DateTime now = File.GetLastWriteTimeUtc(unfinished);
        foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(unfinished)!, "*" + Unfinished))
        {
            if (now - File.GetLastWriteTimeUtc(other) > Abandoned)
            {
                Delete(other);
            }
        }
    }

    private static void Delete(string unfinished)
    {
        try
        {
            File.Delete(unfinished);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    // Providers other than the CPU compile parts of the graph into something that a file can't hold.
    private static bool CanKeep(PreparedModel model, EngineConfig config) =>
        config.Optimization != GraphOptimization.None
        && !config.Profiling
        && model.Model.Length + model.ExternalData.Values.Sum(static file => file.Length) <= LargestModel
        && config.ExecutionProviders.All(static provider => ExecutionProviders.Canonical(provider.Name) == "cpu");

    private static string Key(PreparedModel model, EngineConfig config)
    {
        StringBuilder text = new();
        text.Append(model.Digest).Append('\n')
            .Append(model.MainFile).Append('\n')
            .Append(Converted(model)).Append('\n')
            .Append(OrtLibrary.Version).Append('\n')
            .Append((int)config.Optimization).Append('\n')
            .Append(Processor()).Append('\n');
        foreach ((string key, string value) in config.SessionOptions.OrderBy(static option => option.Key, StringComparer.Ordinal))
        {
            text.Append(key).Append('=').Append(value).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..40];
    }

    // A converted model's digest is that of the files it was made from: what was made of them depends on the converter too.
    private static string Converted(PreparedModel model) => model.Model.File is null ? Convert.ToHexStringLower(SHA256.HashData(model.Model.Bytes.Span)) : "";

    // Layouts are chosen for the widest vectors that there are.
    private static string Processor() => string.Join(
        '-',
        RuntimeInformation.ProcessArchitecture,
        Avx2.IsSupported,
        Fma.IsSupported,
        Avx512F.IsSupported,
        Avx512BW.IsSupported,
        AvxVnni.IsSupported,
        Dp.IsSupported);

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "The optimised copy {File} is damaged and is made again")]
        public static partial void Damaged(ILogger logger, string file);

        [LoggerMessage(1011, LogLevel.Warning, "The optimised copy {File} can't be used and is made again")]
        public static partial void Unusable(ILogger logger, string file, Exception exception);

        [LoggerMessage(1012, LogLevel.Warning, "No optimised copy was kept")]
        public static partial void NotKept(ILogger logger, Exception exception);
    }
}

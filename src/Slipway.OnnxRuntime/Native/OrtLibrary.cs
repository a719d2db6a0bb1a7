using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.OnnxRuntime.Native;

/// <summary>
/// The engine's library: found once, loaded once, never unloaded. Where it is missing or too old, the reason is kept and every use of
/// <see cref="Api"/> reports it.
/// </summary>
internal static unsafe class OrtLibrary
{
    /// <summary>Environment variable that names a library file, or a folder that holds one, in place of the one beside the program.</summary>
    public const string Variable = "SLIPWAY_ONNXRUNTIME";

    private static readonly Lazy<Loaded> Instance = new(static () => Load(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>The function table.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when there is no usable library.</exception>
    public static OrtApi* Api
    {
        get
        {
            Loaded loaded = Instance.Value;
            return loaded.Api is null ? throw new SlipwayException(ErrorCode.NotSupported, loaded.Problem!) : loaded.Api;
        }
    }

    /// <summary>The library's version (<c>1.30.0</c>), or null when there is none.</summary>
    public static string? Version => Instance.Value.Version;

    /// <summary>Folders that the library may name in its messages, with their last separator; callers are not told.</summary>
    public static IReadOnlyList<string> Folders { get; } = FoldersOf(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Why there is no usable library, or null when there is one.</summary>
    public static string? Problem => Instance.Value.Problem;

    /// <summary>Loads the library that <paramref name="replacement"/> names, or the one beside the program when it is null or empty.</summary>
    internal static Loaded Load(string? replacement)
    {
        OrtTelemetry.TurnOff();
        List<string> tried = [];
        foreach (string candidate in Candidates(replacement))
        {
            tried.Add(Path.GetFileName(candidate));
            if (NativeLibrary.TryLoad(candidate, out nint handle))
            {
                return Bind(handle, Path.GetFileName(candidate));
            }
        }

        string source = string.IsNullOrEmpty(replacement) ? "beside the program" : $"at the place that {Variable} names";
        return new Loaded(null, null, $"the ONNX Runtime library was not found {source} (tried {string.Join(", ", tried)})");
    }

    private static Loaded Bind(nint handle, string file)
    {
        if (!NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out nint export))
        {
            return new Loaded(null, null, $"'{file}' is not an ONNX Runtime library: it has no OrtGetApiBase");
        }

        // OrtApiBase: GetApi, GetVersionString.
        nint* root = ((delegate* unmanaged<nint*>)export)();
        var getApi = (delegate* unmanaged<uint, OrtApi*>)root[0];
        string version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)root[1])()) ?? "unknown";

        // The library prints to its standard error when it is asked for more than it has, so a look at the version comes first.
        if (System.Version.TryParse(version, out Version? parsed) && parsed.Major == 1 && parsed.Minor < OrtApiVersion.Required)
        {
            return TooOld(file, version);
        }

        OrtApi* api = getApi(OrtApiVersion.Required);
        return api is null ? TooOld(file, version) : new Loaded(api, version, null);
    }

    private static Loaded TooOld(string file, string version) => new(
        null,
        version,
        $"'{file}' is ONNX Runtime {version}, which is too old: 1.{OrtApiVersion.Required} or later is needed");

    private static string[] FoldersOf(string? replacement)
    {
        string beside = AppContext.BaseDirectory;
        if (string.IsNullOrEmpty(replacement))
        {
            return [beside];
        }

        string full = Path.GetFullPath(replacement);
        string folder = Directory.Exists(full) ? full : Path.GetDirectoryName(full) ?? full;
        return [Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, beside];
    }

    private static IEnumerable<string> Candidates(string? replacement)
    {
        string[] names = OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
            : OperatingSystem.IsMacOS() ? ["libonnxruntime.1.dylib", "libonnxruntime.dylib"]
            : ["libonnxruntime.so.1", "libonnxruntime.so"];

        if (!string.IsNullOrEmpty(replacement))
        {
            return Directory.Exists(replacement) ? names.Select(name => Path.Combine(replacement, name)) : [Path.GetFullPath(replacement)];
        }

        return names.Select(name => Path.Combine(AppContext.BaseDirectory, name)).Concat(names);
    }

    /// <summary>What loading came to.</summary>
    internal sealed unsafe class Loaded(OrtApi* api, string? version, string? problem)
    {
        /// <summary>The table, or null.</summary>
        public OrtApi* Api { get; } = api;

        /// <summary>The library's version, when it got that far.</summary>
        public string? Version { get; } = version;

        /// <summary>Why there is no table.</summary>
        public string? Problem { get; } = problem;
    }
}

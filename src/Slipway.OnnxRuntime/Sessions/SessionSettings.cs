using System.Globalization;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// Free session options of a model: a few words of our own for what the C API sets by function, and the engine's own configuration keys.
/// A key that is neither is an error, since the engine keeps unknown keys silently.
/// </summary>
internal static unsafe class SessionSettings
{
    private const string FreeDimension = "free_dimension.";
    private const int MostThreads = 4096;

    private static readonly string[] OwnKeys = ["execution_mode", "inter_op_threads", "memory_pattern", "cpu_memory_arena"];

    // The engine's families of keys; each family has its own documentation in onnxruntime_session_options_config_keys.h.
    private static readonly string[] Families = ["session.", "optimization.", "ep.", "mlas.", "memory."];

    // These name files that the engine would open or write by itself.
    private static readonly string[] Refused =
    [
        "session.optimized_model_external_initializers_file_name", "session.model_external_initializers_file_folder_path",
        "session.debug_layout_transformation", "session.load_model_format", "session.save_model_format", "session.node_partition_config_file",
        "session.collect_node_memory_stats_to_file", "session.resource_cuda_partitioning_settings", "session.layering_settings",
    ];

    /// <summary>Applies all of <paramref name="settings"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> names the key.</exception>
    public static void Apply(SessionOptionsHandle options, IReadOnlyDictionary<string, string> settings)
    {
        foreach ((string key, string value) in settings)
        {
            if (key.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
            {
                throw Wrong(key, "must not contain a zero character");
            }

            try
            {
                Apply(options.Pointer, key, value);
            }
            catch (OrtException exception)
            {
                throw Wrong(key, RunFailures.Clean(exception.Message));
            }
        }
    }

    /// <summary>Adds one entry of the engine's own.</summary>
    public static void Add(OrtSessionOptions* options, string key, string value)
    {
        using NativeStrings texts = new([key, value]);
        OrtStatusCheck.Check(OrtLibrary.Api->AddSessionConfigEntry(options, texts.Pointer[0], texts.Pointer[1]));
    }

    private static void Apply(OrtSessionOptions* options, string key, string value)
    {
        OrtApi* api = OrtLibrary.Api;
        switch (key)
        {
            case "execution_mode":
                OrtStatusCheck.Check(api->SetSessionExecutionMode(options, OneOf(key, value, "sequential", "parallel")));
                break;
            case "inter_op_threads":
                OrtStatusCheck.Check(api->SetInterOpNumThreads(options, (int)Number(key, value, 0, MostThreads)));
                break;
            case "memory_pattern":
                OrtStatusCheck.Check(OneOf(key, value, "false", "true") == 1 ? api->EnableMemPattern(options) : api->DisableMemPattern(options));
                break;
            case "cpu_memory_arena":
                OrtStatusCheck.Check(OneOf(key, value, "false", "true") == 1 ? api->EnableCpuMemArena(options) : api->DisableCpuMemArena(options));
                break;
            case not null when key.StartsWith(FreeDimension, StringComparison.Ordinal):
                using (NativeStrings name = new([key[FreeDimension.Length..]]))
                {
                    OrtStatusCheck.Check(api->AddFreeDimensionOverrideByName(options, name.Pointer[0], Number(key, value, 1, long.MaxValue)));
                }

                break;
            case not null when Refused.Contains(key, StringComparer.Ordinal):
                throw Wrong(key, "can't be set");
            case not null when Array.Exists(Families, family => key.StartsWith(family, StringComparison.Ordinal)):
                Add(options, key, value);
                break;
            default:
                throw Wrong(key ?? "", $"is unknown: use {string.Join(", ", OwnKeys)}, {FreeDimension}NAME, or a key of the engine ({string.Join(", ", Families.Select(f => f + "…"))})");
        }
    }

    private static int OneOf(string key, string value, string zero, string one) =>
        value.Equals(zero, StringComparison.OrdinalIgnoreCase) ? 0
        : value.Equals(one, StringComparison.OrdinalIgnoreCase) ? 1
        : throw Wrong(key, $"must be {zero} or {one}");

    private static long Number(string key, string value, long least, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw Wrong(key, $"must be a whole number from {least}");

    private static SlipwayException Wrong(string key, string what) => new(ErrorCode.InvalidConfiguration, $"session option '{key}' {what}");
}

using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Execution providers by their short names.</summary>
internal static unsafe class ExecutionProviders
{
    private const string Suffix = "ExecutionProvider";

    // Short name → name in the library's list (without the suffix) and name that its options call takes.
    private static readonly Dictionary<string, (string Listed, string Appended)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cpu"] = ("CPU", "CPU"),
        ["cuda"] = ("CUDA", "CUDA"),
        ["tensorrt"] = ("Tensorrt", "TensorRT"),
        ["nvtensorrtrtx"] = ("NvTensorRTRTX", "NvTensorRtRtx"),
        ["openvino"] = ("OpenVINO", "OpenVINO"),
        ["coreml"] = ("CoreML", "CoreML"),
        ["directml"] = ("Dml", "DML"),
        ["dml"] = ("Dml", "DML"),
        ["xnnpack"] = ("Xnnpack", "XNNPACK"),
        ["webgpu"] = ("WebGpu", "WebGPU"),
        ["qnn"] = ("QNN", "QNN"),
        ["migraphx"] = ("MIGraphX", "MIGraphX"),
        ["vitisai"] = ("VitisAI", "VitisAI"),
        ["snpe"] = ("SNPE", "SNPE"),
        ["azure"] = ("Azure", "AZURE"),
    };

    /// <summary>Short names of the providers that the library has, in its order of preference.</summary>
    public static IReadOnlyList<string> Available()
    {
        OrtApi* api = OrtLibrary.Api;
        byte** names;
        int count;
        OrtStatusCheck.Check(api->GetAvailableProviders(&names, &count));
        try
        {
            List<string> available = [];
            for (int i = 0; i < count; i++)
            {
                available.Add(ShortName(Marshal.PtrToStringUTF8((nint)names[i]) ?? ""));
            }

            return available;
        }
        finally
        {
            OrtStatusCheck.Check(api->ReleaseAvailableProviders(names, count));
        }
    }

    /// <summary>Adds a provider to the options of a session.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when the library lacks it; <see cref="ErrorCode.InvalidConfiguration"/> for its options.</exception>
    public static void Append(SessionOptionsHandle options, ExecutionProviderConfig provider)
    {
        IReadOnlyList<string> available = Available();
        string name = Canonical(provider.Name);
        if (!available.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new SlipwayException(
                ErrorCode.NotSupported,
                $"execution provider '{provider.Name}' is not in this ONNX Runtime library, which has: {string.Join(", ", available)}");
        }

        if (name == "cpu")
        {
            // Always there, and last: it takes what the others leave.
            if (provider.Options.Count > 0)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"execution provider '{provider.Name}' takes no options, but '{provider.Options.Keys.First()}' is given");
            }

            return;
        }

        try
        {
            using NativeStrings keys = new(provider.Options.Keys);
            using NativeStrings values = new(provider.Options.Values);
            Append(options.Pointer, name, keys, values);
        }
        catch (OrtException exception)
        {
            // A provider may be in the list although its own library, or the device, is not there. Wrong options are told by name.
            bool isOption = provider.Options.Keys.Any(key => exception.Message.Contains(key, StringComparison.Ordinal));
            throw new SlipwayException(
                isOption ? ErrorCode.InvalidConfiguration : ErrorCode.NotSupported,
                $"execution provider '{provider.Name}' can't be used here: {RunFailures.Clean(exception.Message)} (the library lists: {string.Join(", ", available)})",
                exception);
        }
    }

    /// <summary>The usual short name of a provider, for any spelling: <c>CUDAExecutionProvider</c>, <c>dml</c>.</summary>
    public static string Canonical(string name)
    {
        string trimmed = name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? name[..^Suffix.Length] : name;
        return ShortName((Known.TryGetValue(trimmed, out (string Listed, string Appended) known) ? known.Listed : trimmed) + Suffix);
    }

    private static void Append(OrtSessionOptions* options, string name, NativeStrings keys, NativeStrings values)
    {
        OrtApi* api = OrtLibrary.Api;
        switch (name)
        {
            case "cuda":
                OrtCUDAProviderOptionsV2* cuda;
                OrtStatusCheck.Check(api->CreateCUDAProviderOptions(&cuda));
                try
                {
                    OrtStatusCheck.Check(api->UpdateCUDAProviderOptions(cuda, keys.Pointer, values.Pointer, keys.Count));
                    OrtStatusCheck.Check(api->SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda));
                }
                finally
                {
                    api->ReleaseCUDAProviderOptions(cuda);
                }

                break;

            case "tensorrt":
                OrtTensorRTProviderOptionsV2* tensorRt;
                OrtStatusCheck.Check(api->CreateTensorRTProviderOptions(&tensorRt));
                try
                {
                    OrtStatusCheck.Check(api->UpdateTensorRTProviderOptions(tensorRt, keys.Pointer, values.Pointer, keys.Count));
                    OrtStatusCheck.Check(api->SessionOptionsAppendExecutionProvider_TensorRT_V2(options, tensorRt));
                }
                finally
                {
                    api->ReleaseTensorRTProviderOptions(tensorRt);
                }

                break;

            default:
                Utf8Name appended = new(Known.TryGetValue(name, out (string Listed, string Appended) known) ? known.Appended : name);
                OrtStatusCheck.Check(api->SessionOptionsAppendExecutionProvider(options, appended.Pointer, keys.Pointer, values.Pointer, keys.Count));
                GC.KeepAlive(appended);
                break;
        }
    }

    private static string ShortName(string listed)
    {
        string bare = listed.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? listed[..^Suffix.Length] : listed;
        return bare.Equals("Dml", StringComparison.OrdinalIgnoreCase) ? "directml" : bare.ToLowerInvariant();
    }
}

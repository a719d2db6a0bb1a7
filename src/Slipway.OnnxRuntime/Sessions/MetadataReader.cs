using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.OnnxRuntime.Models;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Collects what a model says of itself.</summary>
internal static unsafe class MetadataReader
{
    /// <summary>
    /// The model's own entries, then <c>onnx.*</c>: producer, versions, graph and operator sets where they are not empty; over what was found while preparing.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read(
        SessionHandle session, OrtAllocator* allocator, OnnxFacts facts, IReadOnlyDictionary<string, string> prepared)
    {
        OrtApi* api = OrtLibrary.Api;
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        foreach ((string key, string value) in prepared)
        {
            all[key] = value;
        }

        OrtModelMetadata* metadata;
        OrtStatusCheck.Check(api->SessionGetModelMetadata(session.Pointer, &metadata));
        try
        {
            byte* text;
            OrtStatusCheck.Check(api->ModelMetadataGetProducerName(metadata, allocator, &text));
            Add(all, "onnx.producer_name", EngineText.Take(text, allocator));
            OrtStatusCheck.Check(api->ModelMetadataGetGraphName(metadata, allocator, &text));
            Add(all, "onnx.graph_name", EngineText.Take(text, allocator));
            OrtStatusCheck.Check(api->ModelMetadataGetDomain(metadata, allocator, &text));
            Add(all, "onnx.domain", EngineText.Take(text, allocator));
            OrtStatusCheck.Check(api->ModelMetadataGetDescription(metadata, allocator, &text));
            Add(all, "onnx.description", EngineText.Take(text, allocator));
            OrtStatusCheck.Check(api->ModelMetadataGetGraphDescription(metadata, allocator, &text));
            Add(all, "onnx.graph_description", EngineText.Take(text, allocator));
            long version;
            OrtStatusCheck.Check(api->ModelMetadataGetVersion(metadata, &version));
            Add(all, "onnx.model_version", version is 0 or long.MaxValue ? "" : version.ToString(CultureInfo.InvariantCulture));
            AddCustom(metadata, allocator, all);
        }
        finally
        {
            api->ReleaseModelMetadata(metadata);
        }

        Add(all, "onnx.producer_version", facts.ProducerVersion);
        Add(all, "onnx.ir_version", facts.IrVersion.ToString(CultureInfo.InvariantCulture));
        Add(all, "onnx.opset", string.Join(',', facts.OperatorSets.Select(set => $"{set.Key}:{set.Value}")));
        return all;
    }

    private static void AddCustom(OrtModelMetadata* metadata, OrtAllocator* allocator, SortedDictionary<string, string> all)
    {
        OrtApi* api = OrtLibrary.Api;
        byte** keys;
        long count;
        OrtStatusCheck.Check(api->ModelMetadataGetCustomMetadataMapKeys(metadata, allocator, &keys, &count));
        try
        {
            for (long i = 0; i < count; i++)
            {
                byte* value;
                OrtStatusCheck.Check(api->ModelMetadataLookupCustomMetadataMap(metadata, allocator, keys[i], &value));
                all[Marshal.PtrToStringUTF8((nint)keys[i]) ?? ""] = EngineText.Take(value, allocator);
            }
        }
        finally
        {
            for (long i = 0; i < count; i++)
            {
                OrtStatusCheck.Check(api->AllocatorFree(allocator, keys[i]));
            }

            if (keys is not null)
            {
                OrtStatusCheck.Check(api->AllocatorFree(allocator, keys));
            }
        }
    }

    private static void Add(SortedDictionary<string, string> all, string key, string value)
    {
        if (value.Length > 0)
        {
            all[key] = value;
        }
    }
}

using Slipway.Core;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Triton's names of element types: <c>TYPE_FP32</c> and so on; <c>TYPE_STRING</c> is the protocol's <c>BYTES</c>.</summary>
internal static class TritonTypes
{
    private const string Prefix = "TYPE_";

    // In the order of their numbers in Triton's ModelConfig.
    private static readonly string[] Names =
    [
        "TYPE_INVALID", "TYPE_BOOL", "TYPE_UINT8", "TYPE_UINT16", "TYPE_UINT32", "TYPE_UINT64", "TYPE_INT8", "TYPE_INT16", "TYPE_INT32", "TYPE_INT64",
        "TYPE_FP16", "TYPE_FP32", "TYPE_FP64", "TYPE_STRING", "TYPE_BF16",
    ];

    /// <summary>Reads a field that must be there; null with a problem when it is missing or no such type.</summary>
    public static TensorDataType? Read(TextFields fields, string name)
    {
        string? word = fields.Word(name, Names);
        if (word is null or "TYPE_INVALID")
        {
            fields.Refuse(name, "a data type is expected, such as TYPE_FP32");
            return null;
        }

        string type = word.StartsWith(Prefix, StringComparison.Ordinal) ? word[Prefix.Length..] : "";
        if (TensorDataTypes.TryParse(type == "STRING" ? "BYTES" : type == "BYTES" ? "" : type, out TensorDataType known) && known <= TensorDataType.BFloat16)
        {
            return known;
        }

        fields.Refuse(name, $"'{word}' is no data type");
        return null;
    }
}

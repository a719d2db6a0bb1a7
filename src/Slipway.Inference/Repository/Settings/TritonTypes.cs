using Slipway.Core;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Triton's names of element types: <c>TYPE_FP32</c> and so on; <c>TYPE_STRING</c> is the protocol's <c>BYTES</c>.</summary>
internal static class TritonTypes
{
    private const string Prefix = "TYPE_";

    /// <summary>Reads a field that must be there; null with a problem when it is missing or no such type.</summary>
    public static TensorDataType? Read(TextFields fields, string name)
    {
        string? word = fields.Word(name);
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

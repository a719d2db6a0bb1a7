using System.Globalization;
using Slipway.Core;
using Slipway.Inference.Configuration;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads types of tensors: <c>FP32[-1, 4]</c>, or <c>datatype</c> and <c>shape</c>.</summary>
internal static class TensorSettings
{
    private const int MaxRank = 16;

    /// <summary>A mapping of names to types.</summary>
    public static IReadOnlyList<TensorSignature>? ReadAll(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        List<TensorSignature> tensors = [];
        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (Read(name, one) is { } tensor)
            {
                tensors.Add(tensor);
            }
        }

        return tensors;
    }

    /// <summary>A datatype by the name that the Open Inference protocol has for it.</summary>
    public static TensorDataType? ReadDataType(ConfigValue value)
    {
        if (value.AsText() is not { } text)
        {
            return null;
        }

        if (TensorDataTypes.TryParse(text, out TensorDataType type))
        {
            return type;
        }

        value.Refuse($"a datatype is expected, such as FP32, INT64, BOOL or BYTES, not '{text}'");
        return null;
    }

    private static TensorSignature? Read(string name, ConfigValue value)
    {
        if (value.IsScalar)
        {
            if (TryParse(value.Node.Text) is var (parsed, sizes))
            {
                return new TensorSignature(name, parsed, new TensorShape(sizes));
            }

            value.Refuse($"a datatype and a shape are expected, as in 'FP32[-1, 4]' (-1 is any size), not '{value.Node.Text}'");
            return null;
        }

        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        TensorDataType? type = mapping.TryGet("datatype", out ConfigValue typeValue) ? ReadDataType(typeValue) : null;
        long[]? shape = mapping.GetObject("shape", static one => one.AsList()?.Select(static size => size.AsInt64(-1) ?? 0).ToArray(), null);
        mapping.Finish();
        if (!mapping.Has("datatype") || shape is null || shape.Length > MaxRank)
        {
            value.Refuse($"'datatype' and 'shape' with at most {MaxRank} sizes are expected");
            return null;
        }

        return type is { } known ? new TensorSignature(name, known, new TensorShape(shape)) : null;
    }

    private static (TensorDataType Type, long[] Shape)? TryParse(string text)
    {
        int open = text.IndexOf('[', StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith(']') || !TensorDataTypes.TryParse(text[..open].Trim(), out TensorDataType type))
        {
            return null;
        }

        string inner = text[(open + 1)..^1].Trim();
        string[] parts = inner.Length == 0 ? [] : inner.Split(',');
        long[] shape = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out shape[i]) || shape[i] < -1)
            {
                return null;
            }
        }

        return parts.Length <= MaxRank ? (type, shape) : null;
    }
}

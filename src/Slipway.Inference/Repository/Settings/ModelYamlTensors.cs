using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Reads <c>inputs</c>, <c>outputs</c> and <c>outputLabels</c> of <c>model.yaml</c>.</summary>
internal static class ModelYamlTensors
{
    private const int MaxRank = 64;

    public static ModelConfig Read(ConfigMapping root, ModelConfig config, ModelFolder folder) => config with
    {
        DeclaredInputs = root.GetObject("inputs", static IReadOnlyList<TensorSignature>? (value) => ReadTensors(value, isInput: true), config.DeclaredInputs),
        DeclaredOutputs = root.GetObject("outputs", static IReadOnlyList<TensorSignature>? (value) => ReadTensors(value, isInput: false), config.DeclaredOutputs),
        OutputLabels = root.GetObject("outputLabels", value => (IReadOnlyDictionary<string, IReadOnlyList<string>>?)ReadLabels(value, folder), config.OutputLabels),
    };

    /// <summary>Reads an element type by its Open Inference name.</summary>
    public static TensorDataType? ReadType(ConfigValue value)
    {
        if (value.AsText() is { } text && !TensorDataTypes.TryParse(text, out _))
        {
            string? near = NearestKey.Of(text, Enum.GetValues<TensorDataType>().Where(static type => type != TensorDataType.Undefined).Select(static type => type.ToName()));
            value.Refuse($"'{text}' is no datatype{(near is null ? ", such as FP32, INT64 or BYTES" : $"; did you mean '{near}'?")}");
        }

        return value.IsScalar && TensorDataTypes.TryParse(value.Node.Text, out TensorDataType type) ? type : null;
    }

    /// <summary>Reads a list of sizes.</summary>
    public static TensorShape? ReadShape(ConfigValue value, long least)
    {
        if (value.AsList() is not { } list)
        {
            return null;
        }

        if (list.Count > MaxRank)
        {
            value.Refuse($"at most {MaxRank} dimensions are allowed");
            return null;
        }

        long[] sizes = [.. list.Select(size => size.AsInt64(least)).OfType<long>()];
        return sizes.Length == list.Count ? new TensorShape(sizes) : null;
    }

    private static List<TensorSignature>? ReadTensors(ConfigValue value, bool isInput)
    {
        if (value.AsList() is not { } list)
        {
            return null;
        }

        List<TensorSignature> tensors = [];
        foreach (ConfigValue item in list)
        {
            if (ReadTensor(item, isInput) is not { } tensor)
            {
                continue;
            }

            if (tensors.Any(other => other.Name == tensor.Name))
            {
                item.Refuse($"'{tensor.Name}' is declared twice");
            }
            else
            {
                tensors.Add(tensor);
            }
        }

        return tensors;
    }

    private static TensorSignature? ReadTensor(ConfigValue value, bool isInput)
    {
        if (value.AsMapping() is not { } fields)
        {
            return null;
        }

        string? name = fields.GetObject("name", static text => text.AsText(), null);
        TensorDataType? type = fields.TryGet("dataType", out ConfigValue dataType) ? ReadType(dataType) : null;
        TensorShape? shape = fields.TryGet("shape", out ConfigValue sizes) ? ReadShape(sizes, -1) : null;
        bool optional = isInput && fields.Get("optional", static flag => flag.AsBool(), false);
        fields.Finish();
        if (string.IsNullOrEmpty(name) || !fields.Has("dataType") || !fields.Has("shape"))
        {
            value.Refuse("name, dataType and shape are expected");
        }

        return string.IsNullOrEmpty(name) || type is null || shape is null ? null : new TensorSignature(name, type.Value, shape.Value) { IsOptional = optional };
    }

    private static Dictionary<string, IReadOnlyList<string>>? ReadLabels(ConfigValue value, ModelFolder folder)
    {
        if (value.AsMapping() is not { } outputs)
        {
            return null;
        }

        Dictionary<string, IReadOnlyList<string>> labels = new(StringComparer.Ordinal);
        foreach ((string output, ConfigValue given) in outputs.All())
        {
            if (given.IsSequence)
            {
                labels[output] = [.. given.AsList()!.Select(static label => label.AsText()).OfType<string>()];
            }
            else if (given.AsText() is { } file)
            {
                try
                {
                    labels[output] = folder.ReadLines(file);
                }
                catch (SlipwayException fault)
                {
                    given.Refuse(fault.Message);
                }
            }
        }

        return labels;
    }
}

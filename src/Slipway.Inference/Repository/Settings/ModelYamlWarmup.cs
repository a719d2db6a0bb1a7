using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Reads <c>warmup</c> of <c>model.yaml</c>: true, false, or a list of requests.</summary>
internal static class ModelYamlWarmup
{
    private const long MaxElements = 1 << 26;

    private static readonly IReadOnlyDictionary<string, WarmupFill> FillWords =
        new Dictionary<string, WarmupFill> { ["zero"] = WarmupFill.Zero, ["random"] = WarmupFill.Random };

    public static ModelConfig Read(ConfigMapping root, ModelConfig config, ModelFolder folder)
    {
        if (!root.TryGet("warmup", out ConfigValue value))
        {
            return config;
        }

        if (value.IsScalar)
        {
            return config with { WarmupEnabled = value.AsBool() ?? config.WarmupEnabled };
        }

        return value.AsList() is { } list
            ? config with { WarmupEnabled = true, Warmup = [.. list.Select((request, index) => ReadRequest(request, index, folder)).OfType<WarmupRequest>()] }
            : config;
    }

    private static WarmupRequest? ReadRequest(ConfigValue value, int index, ModelFolder folder)
    {
        if (value.AsMapping() is not { } fields)
        {
            return null;
        }

        string name = fields.GetObject("name", static text => text.AsText(), null) ?? $"warmup {index}";
        int count = fields.Get("count", static times => times.AsInt32(1, 10_000), 1);
        List<WarmupInput> inputs = [];
        if (fields.TryGet("inputs", out ConfigValue given) && given.AsMapping() is { } mapping)
        {
            foreach ((string input, ConfigValue description) in mapping.All())
            {
                if (ReadInput(input, description, folder) is { } warmup)
                {
                    inputs.Add(warmup);
                }
            }
        }

        fields.Finish();
        if (inputs.Count == 0)
        {
            value.Refuse("inputs are expected");
        }

        return new WarmupRequest(name, inputs, count);
    }

    private static WarmupInput? ReadInput(string name, ConfigValue value, ModelFolder folder)
    {
        if (value.AsMapping() is not { } fields)
        {
            return null;
        }

        TensorDataType? type = fields.TryGet("dataType", out ConfigValue dataType) ? ModelYamlTensors.ReadType(dataType) : null;
        TensorShape? shape = fields.TryGet("shape", out ConfigValue sizes) ? ModelYamlTensors.ReadShape(sizes, 0) : null;
        WarmupFill fill = fields.Get("fill", static word => word.AsOneOf(FillWords), WarmupFill.Zero);
        byte[]? data = null;
        if (fields.TryGet("file", out ConfigValue file) && file.AsText() is { } fileName)
        {
            fill = WarmupFill.Data;
            data = ReadData(file, fileName, folder);
        }

        fields.Finish();
        if (type is null || shape is null)
        {
            value.Refuse("dataType and shape are expected");
            return null;
        }

        if (!shape.Value.TryGetElementCount(out long elements) || elements > MaxElements)
        {
            value.Refuse($"a shape of at most {MaxElements} elements is expected");
            return null;
        }

        return new WarmupInput(name, type.Value, shape.Value, fill) { Data = data };
    }

    private static byte[]? ReadData(ConfigValue value, string file, ModelFolder folder)
    {
        try
        {
            return folder.ReadBytes(file);
        }
        catch (SlipwayException fault)
        {
            value.Refuse(fault.Message);
            return null;
        }
    }
}

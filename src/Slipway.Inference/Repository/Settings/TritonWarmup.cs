using Slipway.Core;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Reads <c>model_warmup</c> of <c>config.pbtxt</c>. Data files lie in the folder <c>warmup</c> of the model.</summary>
internal static class TritonWarmup
{
    private const long MaxElements = 1 << 26;

    public static IReadOnlyList<WarmupRequest> Read(TextFields root, ModelFolder folder, bool isBatching)
    {
        List<WarmupRequest> requests = [];
        foreach (TextFields fields in root.Messages("model_warmup"))
        {
            string name = fields.Text("name") ?? "";
            long rows = fields.Integer("batch_size", 0, int.MaxValue) ?? 0;
            int count = (int)(fields.Integer("count", 0, 10_000) ?? 0);
            List<WarmupInput> inputs = [];
            foreach ((string input, TextFields entry) in fields.Map("inputs"))
            {
                if (entry.Message("value") is { } value && ReadInput(input, value, folder, isBatching ? Math.Max(1, rows) : null) is { } warmup)
                {
                    inputs.Add(warmup);
                }
            }

            fields.Finish();
            requests.Add(new WarmupRequest(name.Length > 0 ? name : $"warmup {requests.Count}", inputs, Math.Max(1, count)));
        }

        return requests;
    }

    private static WarmupInput? ReadInput(string name, TextFields fields, ModelFolder folder, long? rows)
    {
        TensorDataType? type = TritonTypes.Read(fields, "data_type");
        IReadOnlyList<long> dimensions = fields.Integers("dims", 0);
        bool zero = fields.Bool("zero_data") ?? false;
        bool random = fields.Bool("random_data") ?? false;
        string? file = fields.Text("input_data_file");
        fields.Finish();
        if ((zero ? 1 : 0) + (random ? 1 : 0) + (file is null ? 0 : 1) != 1)
        {
            fields.Refuse("", "one of zero_data, random_data and input_data_file is expected");
            return null;
        }

        TensorShape shape = new(rows is { } batch ? [batch, .. dimensions] : [.. dimensions]);
        if (type is null || !shape.TryGetElementCount(out long elements) || elements > MaxElements)
        {
            fields.Refuse("dims", $"a shape of at most {MaxElements} elements is expected");
            return null;
        }

        try
        {
            return new WarmupInput(name, type.Value, shape, file is not null ? WarmupFill.Data : random ? WarmupFill.Random : WarmupFill.Zero)
            {
                Data = file is null ? default : folder.ReadBytes($"warmup/{file}"),
            };
        }
        catch (SlipwayException fault)
        {
            fields.Refuse("input_data_file", fault.Message);
            return null;
        }
    }
}

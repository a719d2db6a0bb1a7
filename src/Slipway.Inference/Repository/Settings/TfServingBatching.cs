using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>
/// Reads TensorFlow Serving's <c>BatchingParameters</c> (<c>--batching_parameters_file</c>) over defaults. What the file leaves out is as there: 1000 rows, no
/// delay, ten batches waiting.
/// </summary>
public static class TfServingBatching
{
    private const int DefaultRows = 1000;
    private const int DefaultBatches = 10;
    private const long MaxMicroseconds = 3_600_000_000; // one hour

    /// <summary>Reads the text. Problems go to <paramref name="reader"/>; then the defaults are returned.</summary>
    public static ModelSettings Read(string text, ModelConfig defaults, ConfigReader reader)
    {
        TextMessage message;
        try
        {
            message = TextFormatParser.Parse(text);
        }
        catch (TextFormatException fault)
        {
            reader.Report(new ConfigProblem("", fault.Message, fault.Line, fault.Column));
            return new ModelSettings(defaults);
        }

        TextFields fields = new(message, "", reader);
        int rows = (int)(Wrapped(fields, "max_batch_size", 1, int.MaxValue) ?? DefaultRows);
        bool split = WrappedBool(fields, "enable_large_batch_splitting") ?? false;
        int run = (int)(Wrapped(fields, "max_execution_batch_size", 1, rows) ?? rows);
        int batches = (int)(Wrapped(fields, "max_enqueued_batches", 1, 1 << 20) ?? DefaultBatches);
        long threads = Wrapped(fields, "num_batch_threads", 1, 1024) ?? 0;
        BatchingConfig batching = new()
        {
            MaxBatchSize = split ? run : rows,
            MaxQueueDelay = TimeSpan.FromMicroseconds(Wrapped(fields, "batch_timeout_micros", 0, MaxMicroseconds) ?? 0),
            AllowedBatchSizes = [.. fields.Integers("allowed_batch_sizes", 1, int.MaxValue).Select(static size => (int)size)],
            SplitLargeRequests = split,
        };
        CheckAllowedSizes(fields, batching);
        if (fields.Bool("pad_variable_length_inputs") == true)
        {
            fields.Refuse("pad_variable_length_inputs", "inputs of different shape are run apart, never padded");
        }

        ModelSettings settings = new(defaults with
        {
            Batching = batching,
            MaxBatchSize = split ? defaults.MaxBatchSize : rows,
            Instances = threads > 0 ? (int)threads : defaults.Instances,
            Queue = defaults.Queue with { MaxRows = (int)Math.Min(int.MaxValue, (long)batches * batching.MaxBatchSize) },
        });
        if (fields.Text("thread_pool_name") is not null)
        {
            settings = settings.WithNotice("batching parameters: 'thread_pool_name' means nothing here");
        }

        fields.Finish();
        return reader.IsClean ? settings : new ModelSettings(defaults);
    }

    private static void CheckAllowedSizes(TextFields fields, BatchingConfig batching)
    {
        IReadOnlyList<int> sizes = batching.AllowedBatchSizes;
        bool increasing = sizes.Zip(sizes.Skip(1)).All(static pair => pair.First < pair.Second);
        if (sizes.Count > 0 && (!increasing || sizes[^1] != batching.MaxBatchSize))
        {
            fields.Refuse("allowed_batch_sizes", $"increasing sizes are expected, the last being {batching.MaxBatchSize}");
        }
    }

    // Numbers come in a message of their own, so that "not said" differs from zero.
    private static long? Wrapped(TextFields fields, string name, long least, long most)
    {
        TextFields? wrapper = fields.Message(name);
        long? value = wrapper?.Integer("value", least, most);
        wrapper?.Finish();
        return value;
    }

    private static bool? WrappedBool(TextFields fields, string name)
    {
        TextFields? wrapper = fields.Message(name);
        bool? value = wrapper?.Bool("value");
        wrapper?.Finish();
        return value;
    }
}

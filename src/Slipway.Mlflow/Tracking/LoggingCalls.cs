using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Calls that log something to a run.</summary>
internal sealed class LoggingCalls(ITrackingStore store) : IDisposable
{
    private static readonly Dictionary<string, string> None = [];

    // The history is read, extended and written back: one at a time.
    private readonly SemaphoreSlim _history = new(1);

    /// <summary><c>runs/log-metric</c></summary>
    public async Task<MlflowAnswer> LogMetricAsync(MlflowCall call)
    {
        string id = call.Fields.RunId();
        MetricPoint point = ReadMetric(call.Fields);
        await LogAsync(call, id, new RunBatch([point], None, None));
        return MlflowJson.Empty;
    }

    /// <summary><c>runs/log-parameter</c></summary>
    public async Task<MlflowAnswer> LogParameterAsync(MlflowCall call)
    {
        string id = call.Fields.RunId();
        string key = MlflowLimits.CheckKey("Param key", "key", call.Fields.Required("key"));
        Dictionary<string, string> parameters = new() { [key] = MlflowLimits.CutParameter(call.Fields.Text("value")) };
        await LogAsync(call, id, new RunBatch([], parameters, None));
        return MlflowJson.Empty;
    }

    /// <summary><c>runs/set-tag</c></summary>
    public async Task<MlflowAnswer> SetTagAsync(MlflowCall call)
    {
        string id = call.Fields.RunId();
        string key = MlflowLimits.CheckKey("Tag key", "key", call.Fields.Required("key"));
        Dictionary<string, string> tags = new() { [key] = MlflowLimits.CutRunTag(call.Fields.Text("value")) };
        await LogAsync(call, id, new RunBatch([], None, tags));
        return MlflowJson.Empty;
    }

    /// <summary><c>runs/delete-tag</c></summary>
    public async Task<MlflowAnswer> DeleteTagAsync(MlflowCall call)
    {
        TrackedRun run = await RunLookup.FindActiveAsync(store, call);
        string key = call.Fields.Required("key");
        if (!run.Tags.ContainsKey(key))
        {
            throw MlflowException.NotFound($"No tag with name: {key} in run with id {run.Id}");
        }

        await store.DeleteRunTagAsync(run.Id, key, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>runs/log-batch</c></summary>
    public async Task<MlflowAnswer> LogBatchAsync(MlflowCall call)
    {
        if (call.Context.Request.ContentLength > MlflowLimits.BatchBytes)
        {
            throw MlflowException.Invalid(
                $"Batched logging API requests must be at most {MlflowLimits.BatchBytes} bytes, got a request of size {call.Context.Request.ContentLength}.");
        }

        string id = call.Fields.RunId();
        IReadOnlyList<MlflowFields> metrics = call.Fields.Objects("metrics");
        int parameterCount = call.Fields.Objects("params").Count;
        int tagCount = call.Fields.Objects("tags").Count;
        CheckCount("metrics", metrics.Count, MlflowLimits.BatchMetrics);
        CheckCount("params", parameterCount, MlflowLimits.BatchPairs);
        CheckCount("tags", tagCount, MlflowLimits.BatchPairs);
        CheckCount("metrics, params, and tags", metrics.Count + parameterCount + tagCount, MlflowLimits.BatchTotal);
        RunBatch batch = new(
            [.. metrics.Select(ReadMetric)],
            MlflowPairs.Parameters(call.Fields, "params"),
            MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CutRunTag));
        await LogAsync(call, id, batch);
        return MlflowJson.Empty;
    }

    /// <summary><c>runs/log-model</c></summary>
    public async Task<MlflowAnswer> LogModelAsync(MlflowCall call)
    {
        string id = call.Fields.RunId();
        string model = call.Fields.Required("model_json");
        await _history.WaitAsync(call.Cancellation);
        try
        {
            TrackedRun run = await RunLookup.FindActiveAsync(store, call);
            string history = LogModelHistory.Append(run.Tags.GetValueOrDefault(MlflowTags.LogModelHistory), model);
            await store.LogBatchAsync(
                id, new RunBatch([], None, new Dictionary<string, string> { [MlflowTags.LogModelHistory] = history }), call.Change, call.Cancellation);
            return MlflowJson.Empty;
        }
        finally
        {
            _history.Release();
        }
    }

    /// <summary><c>runs/log-inputs</c></summary>
    public async Task<MlflowAnswer> LogInputsAsync(MlflowCall call)
    {
        string id = call.Fields.RunId();
        IReadOnlyList<MlflowFields> datasets = call.Fields.Objects("datasets");
        CheckCount("datasets", datasets.Count, MlflowLimits.BatchDatasets);
        DatasetInput[] inputs = [.. datasets.Select(DatasetFields.Read)];
        string[] models = [.. call.Fields.Objects("models").Select(static model => model.Required("model_id"))];
        TrackedRun run = await RunLookup.FindActiveAsync(store, call);
        await store.LogInputsAsync(run.Id, inputs, models, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>runs/outputs</c></summary>
    public async Task<MlflowAnswer> LogOutputsAsync(MlflowCall call)
    {
        TrackedRun run = await RunLookup.FindActiveAsync(store, call);
        LoggedModelOutput[] outputs =
            [.. call.Fields.Objects("models").Select(static model => new LoggedModelOutput(model.Required("model_id"), model.Integer("step") ?? 0))];
        if (outputs.Length == 0)
        {
            throw MlflowException.Missing("models");
        }

        await store.LogOutputsAsync(run.Id, outputs, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <inheritdoc/>
    public void Dispose() => _history.Dispose();

    // A run's name and the tag that repeats it are one thing.
    private async Task LogAsync(MlflowCall call, string id, RunBatch batch)
    {
        TrackedRun run = await RunLookup.FindActiveAsync(store, call);
        await store.LogBatchAsync(run.Id, batch, call.Change, call.Cancellation);
        if (batch.Tags.TryGetValue(MlflowTags.RunName, out string? name) && name.Length > 0 && name != run.Name)
        {
            await store.UpdateRunAsync(id, null, null, name, call.Change, call.Cancellation);
        }
    }

    private static MetricPoint ReadMetric(MlflowFields fields)
    {
        string key = MlflowLimits.CheckKey("Metric name", "key", fields.Required("key"));
        double value = fields.Number("value") ?? throw MlflowException.Missing("value");
        long timestamp = fields.Integer("timestamp") ?? throw MlflowException.Missing("timestamp");
        if (timestamp < 0)
        {
            throw MlflowException.Invalid($"Got invalid timestamp {timestamp} for metric '{key}'. Timestamp must be a nonnegative long (64-bit integer)");
        }

        return new MetricPoint(key, value, timestamp, fields.Integer("step") ?? 0)
        {
            ModelId = fields.Text("model_id") is { Length: > 0 } model ? model : null,
            DatasetName = fields.Text("dataset_name") is { Length: > 0 } name ? name : null,
            DatasetDigest = fields.Text("dataset_digest") is { Length: > 0 } digest ? digest : null,
        };
    }

    private static void CheckCount(string what, int count, int most)
    {
        if (count > most)
        {
            throw MlflowException.Invalid($"A batch logging request can contain at most {most} {what}. Got {count} {what}. Please split up {what} across multiple requests and try again.");
        }
    }
}

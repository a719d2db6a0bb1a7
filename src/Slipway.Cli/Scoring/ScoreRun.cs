using Slipway.Cli.Models;
using Slipway.Cli.Rows;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>One scoring from the model's file to the answers' file.</summary>
internal static class ScoreRun
{
    /// <summary>Scores.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="terminal">Takes notices and progress.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <exception cref="SlipwayException">The model or the input is bad.</exception>
    public static async Task<ScoreSummary> RunAsync(ScoreOptions options, CliTerminal terminal, CancellationToken cancellationToken)
    {
        // As many callers as cores, each with one thread, give more rows per second than one caller with all cores.
        using OfflineModel model = await OfflineModel.LoadAsync(
            new OfflineModelOptions(options.Model) { Signature = options.Signature, SessionOptions = options.SessionOptions, Data = options.Data }, cancellationToken);
        using Stream stream = RowFiles.OpenRead(options.Input, out FileStream? raw);
        long start = terminal.Time.GetTimestamp();
        int batch = options.Batch ?? (model.Signature.IsBatchable ? ScoreOptions.DefaultBatch : 1);
        RowBlockReader reader = new(stream, RowFiles.InputName(options.Input), options.InputFormat, options.Reading, batch);
        RowBinding binding = await reader.BindAsync(model.Signature, cancellationToken);
        foreach (string notice in reader.Hint is { } hint ? [.. binding.Notices, hint] : binding.Notices)
        {
            await terminal.Error.WriteLineAsync($"slipway score: note: {notice}");
        }

        if (options.Batch is null && model.Signature is { IsBatchable: false, HasRows: true })
        {
            await terminal.Error.WriteLineAsync("slipway score: note: rows are run one by one, since the answer for one depends on those beside it; --batch N runs N together");
        }

        RowDecoder decoder = RowDecoder.Create(binding, options.Reading);
        RowOutputs outputs = RowOutputs.Create(model.Signature, options.Outputs);
        List<ScoreWorker> workers = [];
        try
        {
            for (int i = 0; i < options.Threads; i++)
            {
                workers.Add(new ScoreWorker(model.Loaded, decoder, RowEncoder.Create(options.OutputFormat, outputs)));
            }

            await using OutputFile output = OutputFile.Create(options.Output);
            await using RejectSink rejects = new(options.Rejects);
            ScoringPipeline pipeline = new(reader, workers, RowEncoder.Create(options.OutputFormat, outputs), output, rejects, options.IsStrict);
            await ScoreProgress.ShowAsync(terminal, raw, () => pipeline.Rows, pipeline.RunAsync(cancellationToken));
            await rejects.CompleteAsync(cancellationToken);
            await output.CompleteAsync(cancellationToken);

            double seconds = terminal.Time.GetElapsedTime(start).TotalSeconds;
            return new ScoreSummary(
                pipeline.Rows, rejects.Count, rejects.Count > 0 ? rejects.Name : null, seconds, pipeline.Rows / Math.Max(seconds, 1e-9), reader.BytesRead);
        }
        finally
        {
            foreach (ScoreWorker worker in workers)
            {
                worker.Dispose();
            }
        }
    }
}

using System.Text;
using Slipway.Cli.Rows;
using Slipway.Cli.Scoring;
using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Tests.Scoring;

/// <summary>A folder of its own and a pipeline between files in it; removed afterwards.</summary>
internal sealed class ScoringFixture : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-score-").FullName;

    public string Output => Path.Combine(Folder, "out.csv");

    public string Rejects => Path.Combine(Folder, "out.rejected.csv");

    public string[] Files => [.. Directory.EnumerateFileSystemEntries(Folder).Select(name => Path.GetFileName(name)!).Order(StringComparer.Ordinal)];

    public Task<(long Rows, long Rejected)> ScoreAsync(
        string text, ILoadedModel model, int batch = 4, int threads = 2, RowFormat format = RowFormat.Csv, bool strict = false, CancellationToken cancellationToken = default) =>
        ScoreAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), model, batch, threads, format, strict, cancellationToken);

    public async Task<(long Rows, long Rejected)> ScoreAsync(
        Stream input, ILoadedModel model, int batch, int threads, RowFormat format = RowFormat.Csv, bool strict = false, CancellationToken cancellationToken = default)
    {
        RowBlockReader reader = new(input, "'in'", format, RowReadOptions.Default, batch);
        RowBinding binding = await reader.BindAsync(model.Signature, cancellationToken);
        RowDecoder decoder = RowDecoder.Create(binding, RowReadOptions.Default);
        RowOutputs outputs = RowOutputs.Create(model.Signature, []);
        ScoreWorker[] workers = [.. Enumerable.Range(0, threads).Select(_ => new ScoreWorker(model, decoder, RowEncoder.Create(RowFormat.Csv, outputs)))];
        await using OutputFile output = OutputFile.Create(Output);
        await using RejectSink rejects = new(Rejects);
        ScoringPipeline pipeline = new(reader, workers, RowEncoder.Create(RowFormat.Csv, outputs), output, rejects, strict);
        await pipeline.RunAsync(cancellationToken);
        await rejects.CompleteAsync(cancellationToken);
        await output.CompleteAsync(cancellationToken);
        return (pipeline.Rows, rejects.Count);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

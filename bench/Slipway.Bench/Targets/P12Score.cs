using System.Diagnostics;
using System.Globalization;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Scoring a table of a million rows, beside the engine running batches of the same size.</summary>
internal sealed class P12Score : ITarget
{
    private const int Rows = 1_000_000;
    private const int Batch = 1024;

    public string Name => "P12";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        List<TargetResult> results = [];
        foreach (BenchModel model in new[] { context.Models.Forest, context.Models.Mlp })
        {
            string table = Path.Combine(context.Folder, "rows.csv");
            WriteTable(table, model);
            string answers = Path.Combine(context.Folder, "answers.csv");
            long began = Stopwatch.GetTimestamp();
            await Tool.RunAsync(
                context.Slipway,
                ["score", model.File, "--input", table, "--output", answers, "--batch", Batch.ToString(CultureInfo.InvariantCulture)]);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            EngineFigures engine = await context.BestEngineAsync(model, Batch);
            long lines = File.ReadLines(answers).LongCount() - 1;
            File.Delete(answers);
            File.Delete(table);
            if (lines != Rows)
            {
                throw new InvalidOperationException($"score wrote {lines} rows of {Rows}");
            }

            results.Add(TargetResult.AtLeast(
                Name, $"{model.Name}, score {Rows:N0} rows of CSV ÷ engine", Rows / seconds / (engine.Rate * Batch), 0.6, 0.85,
                $"{Rows / seconds:N0} rows/s, {seconds:N1} s in all", $"engine: {engine.Rate * Batch:N0} rows/s"));
        }

        return results;
    }

    private static void WriteTable(string file, BenchModel model)
    {
        using StreamWriter table = new(file);
        table.WriteLine(string.Join(',', Enumerable.Range(0, model.RowLength).Select(static i => $"f{i}")));
        const int Distinct = 1000;
        float[] values = model.Values(Distinct);
        string[] lines = [.. Enumerable.Range(0, Distinct).Select(row => string.Join(
            ',', values.Skip(row * model.RowLength).Take(model.RowLength).Select(static value => value.ToString("R", CultureInfo.InvariantCulture))))];
        for (int row = 0; row < Rows; row++)
        {
            table.WriteLine(lines[row % Distinct]);
        }
    }
}

using System.Globalization;
using Slipway.Bench.Processes;

namespace Slipway.Bench.Baselines;

/// <summary>What many loaded models take in the engine alone: resident memory that each adds, once it has run.</summary>
internal static class EngineMany
{
    // The first ones make the engine's environment and fill the runtime's own caches.
    private const int Before = 5;

    /// <summary>Loads each file, runs it once and prints the bytes per model; the input is <c>name:30</c>, a name and the length of a row.</summary>
    public static async Task RunAsync(string input, string[] files)
    {
        string[] parts = input.Split(':');
        long[] shape = [1, long.Parse(parts[1], CultureInfo.InvariantCulture)];
        List<EngineModel> models = [];
        long start = 0;
        foreach (string file in files)
        {
            if (models.Count == Before)
            {
                start = ProcessFigures.ResidentBytes(Environment.ProcessId);
            }

            EngineModel model = await EngineModel.LoadAsync(file, parts[0], shape);
            model.Run();
            models.Add(model);
        }

        long end = ProcessFigures.ResidentBytes(Environment.ProcessId);
        Console.WriteLine(((end - start) / (models.Count - Before)).ToString(CultureInfo.InvariantCulture));
        models.ForEach(static model => model.Dispose());
    }
}

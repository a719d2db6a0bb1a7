using Slipway.Bench.Load;

namespace Slipway.Bench.Measuring;

/// <summary>Interleaved rounds: every subject in turn, again and again, so that drift and noise of the machine meet all alike.</summary>
/// <param name="Count">Rounds, after a warm-up that is not counted.</param>
/// <param name="Seconds">Seconds per subject and round.</param>
internal sealed record Rounds(int Count, double Seconds)
{
    // Long enough for tiered compilation to have replaced the hot methods: it takes a quarter of the server's processor time for the first nine seconds of load, and next to nothing from then on.
    private const double WarmUpSeconds = 10;

    // Where every core is busy with a network, the compiler's thread takes a fifth of the server's CPU time for the first ten seconds.
    private const double BusyWarmUpSeconds = 20;

    /// <summary>Loads a server that leaves its compiler little time, until that is done.</summary>
    public static Task WarmUpBusyAsync(LoadPlan plan) => LoadGenerators.For(plan).RunAsync(plan, BusyWarmUpSeconds);

    /// <summary>Measures the subjects.</summary>
    /// <exception cref="InvalidOperationException">More than one request in a thousand failed.</exception>
    public async Task<IReadOnlyList<SubjectSamples>> RunAsync(params IReadOnlyList<Subject> subjects)
    {
        List<Sample>[] samples = [.. subjects.Select(_ => new List<Sample>())];
        foreach (Subject subject in subjects)
        {
            await LoadGenerators.For(subject.Plan).RunAsync(subject.Plan, WarmUpSeconds);
        }

        for (int round = 0; round < Count; round++)
        {
            for (int i = 0; i < subjects.Count; i++)
            {
                // Back and forth, so that none always comes after the same other.
                int turn = round % 2 == 0 ? i : subjects.Count - 1 - i;
                samples[turn].Add(await MeasureAsync(subjects[turn]));
            }
        }

        return [.. subjects.Select((subject, i) => new SubjectSamples(subject.Name, samples[i]))];
    }

    private async Task<Sample> MeasureAsync(Subject subject)
    {
        TimeSpan before = subject.Server.CpuTime;
        LoadResult load = await LoadGenerators.For(subject.Plan).RunAsync(subject.Plan, Seconds);
        TimeSpan spent = subject.Server.CpuTime - before;
        return load.Failed * 1000 > load.Requests
            ? throw new InvalidOperationException($"{subject.Name}: {load.Failed} of {load.Requests + load.Failed} requests failed")
            : new Sample(load, spent.TotalMicroseconds / Math.Max(1, load.Requests));
    }
}

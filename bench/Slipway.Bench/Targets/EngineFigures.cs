using Slipway.Bench.Baselines;
using Slipway.Bench.Measuring;

namespace Slipway.Bench.Targets;

/// <summary>What the engine does in process.</summary>
/// <param name="Callers">Callers of the better way.</param>
/// <param name="Rate">Runs per second.</param>
/// <param name="CpuMicroseconds">CPU time per run with one caller, the least it takes.</param>
/// <param name="ResidentBytes">Resident memory of the loop.</param>
internal sealed record EngineFigures(int Callers, double Rate, double CpuMicroseconds, double ResidentBytes)
{
    public static EngineFigures Best(IReadOnlyList<EngineLoopResult> single, IReadOnlyList<EngineLoopResult> many)
    {
        double one = Statistics.Median(single.Select(static result => result.Rate));
        double all = Statistics.Median(many.Select(static result => result.Rate));
        double cpu = Math.Min(
            Statistics.Median(single.Select(static result => result.CpuMicroseconds)),
            Statistics.Median(many.Select(static result => result.CpuMicroseconds)));
        return new EngineFigures(
            all > one ? Environment.ProcessorCount : 1,
            Math.Max(one, all),
            cpu,
            Statistics.Median(single.Select(static result => (double)result.ResidentBytes)));
    }

    public override string ToString() => $"engine in process, {Callers} callers: {Rate:N0}/s, {CpuMicroseconds:N1} µs CPU";
}

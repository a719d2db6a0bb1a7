using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Measures one of the targets.</summary>
internal interface ITarget
{
    /// <summary>P1 … P12.</summary>
    string Name { get; }

    /// <summary>Measures it.</summary>
    Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context);
}

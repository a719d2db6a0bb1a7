using Slipway.Bench.Processes;

namespace Slipway.Bench.Load;

/// <summary>Chooses a load generator: wrk and h2load where they are installed, else ours, which spends more CPU than they do.</summary>
internal static class LoadGenerators
{
    public static ILoadGenerator Http1 { get; } = Tool.Find("wrk") is { } wrk ? new WrkLoad(wrk) : new OwnLoad();

    public static ILoadGenerator Http2 { get; } = Tool.Find("h2load") is { } h2load ? new H2Load(h2load) : new OwnLoad();

    public static ILoadGenerator For(LoadPlan plan) => plan.Http2 ? Http2 : Http1;
}

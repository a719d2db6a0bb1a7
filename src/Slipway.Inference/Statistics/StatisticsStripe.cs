using System.Runtime.InteropServices;

namespace Slipway.Inference.Statistics;

/// <summary>One share of the counters of a version, so that cores seldom write the same cache line. Padded to two lines on each side.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatisticsStripe
{
    [FieldOffset(64)] public long SuccessCount;
    [FieldOffset(72)] public long SuccessTicks;
    [FieldOffset(80)] public long QueueTicks;
    [FieldOffset(88)] public long InputTicks;
    [FieldOffset(96)] public long ComputeTicks;
    [FieldOffset(104)] public long OutputTicks;
    [FieldOffset(112)] public long Rows;
    [FieldOffset(128)] public long FailCount;
    [FieldOffset(136)] public long FailTicks;
    [FieldOffset(144)] public long CacheHitCount;
    [FieldOffset(152)] public long CacheHitTicks;
    [FieldOffset(160)] public long CacheMissCount;
    [FieldOffset(168)] public long CacheMissTicks;
}

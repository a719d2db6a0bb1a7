using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Inference.Scheduling;

/// <summary>What the executors of all models share.</summary>
internal sealed class SchedulingServices(
    RunThreads threads, RunPermits permits, IOptions<SchedulingOptions> options, TimeProvider time, ILogger<ModelExecutor> logger)
{
    public RunThreads Threads => threads;

    public RunPermits Permits => permits;

    public SchedulingOptions Options => options.Value;

    public TimeProvider Time => time;

    public ILogger Logger => logger;
}

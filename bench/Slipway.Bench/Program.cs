using Slipway.Bench;
using Slipway.Bench.Baselines;

// Baselines are sub-commands of the same program; everything else asks for measurements.
switch (args)
{
    case ["http-echo"]:
        await HttpEcho.RunAsync(CancellationToken.None);
        return 0;
    case ["grpc-echo"]:
        await GrpcEcho.RunAsync(CancellationToken.None);
        return 0;
    case ["engine-loop", .. string[] plan]:
        await EngineLoop.RunAsync(EngineLoopPlan.Parse(plan));
        return 0;
    case ["engine-many", .. string[] plan]:
        await EngineMany.RunAsync(plan[0], plan[1..]);
        return 0;
    default:
        return await BenchCommand.RunAsync(args);
}

using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Convolutional networks in binary forms, beside the engine in process with as many callers; JSON is P4's.</summary>
internal sealed class P03Networks : ITarget
{
    private const int Callers = 8;

    public string Name => "P3";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        List<TargetResult> results = [];
        foreach (BenchModel model in new[] { context.Models.Mobilenet, context.Models.Resnet })
        {
            await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p3" + model.Name, (model, null)));
            LoadPlan binary = context.Bodies.Binary(model, 1, Callers);
            LoadPlan grpc = context.Bodies.Grpc(model, 1, Callers, 1);
            await BenchContext.CheckAsync(binary.At(server.Http));
            await BenchContext.CheckAsync(grpc.At(server.Grpc));
            await Rounds.WarmUpBusyAsync(binary.At(server.Http));
            await Rounds.WarmUpBusyAsync(grpc.At(server.Grpc));
            List<double> engine = [];
            List<SubjectSamples> rest = [];
            List<SubjectSamples> rpc = [];
            for (int round = 0; round < context.Rounds.Count; round++)
            {
                Rounds once = new(1, context.Rounds.Seconds);
                engine.Add((await context.RunEngineAsync(model, 1, Callers)).Rate);
                rest.AddRange(await once.RunAsync(new Subject("REST binary", server, binary.At(server.Http))));
                rpc.AddRange(await once.RunAsync(new Subject("gRPC raw", server, grpc.At(server.Grpc))));
            }

            string baseline = $"engine with {Callers} callers: {Statistics.Median(engine):N1}/s";
            results.Add(Result(model, "REST binary", rest, engine, baseline));
            results.Add(Result(model, "gRPC raw", rpc, engine, baseline));
        }

        return results;
    }

    private TargetResult Result(BenchModel model, string form, List<SubjectSamples> samples, List<double> engine, string baseline) => TargetResult.AtLeast(
        Name,
        $"{model.Name}, {form}, c{Callers}, requests/s ÷ engine",
        Statistics.Median(samples.Zip(engine, static (mine, theirs) => mine.Rate / theirs)),
        0.95,
        0.98,
        baseline,
        $"{form}: {Statistics.Median(samples.Select(static sample => sample.Rate)):N1}/s, {Statistics.Median(samples.Select(static sample => sample.Cpu)):N0} µs CPU");
}
